/* SPDX-License-Identifier: MIT */
/*
 * Both programs of bench/programs.c for Relacy, searched in full, which is to say
 * interleaving by interleaving: -DPROGRAM=gup|ref -DTHREADS=N -DTURNS=N. The
 * argument is after how many of them to stop; prints "executions N seconds S".
 */
#include <relacy/relacy.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sstream>

using clock_type = std::chrono::steady_clock;

static unsigned long executions, limit;
static clock_type::time_point started;

static void finish()
{
	std::chrono::duration<double> seconds = clock_type::now() - started;

	std::printf("executions %lu seconds %.6f\n", executions, seconds.count());
	std::fflush(stdout);
	std::_Exit(0);
}

/* Sequentially consistent throughout: the programs are about counts, not about fences. */
struct shared {
	rl::atomic<int> pte, ref, freed, done;

	void begin()
	{
		pte($).store(1, rl::mo_seq_cst);
		ref($).store(1, rl::mo_seq_cst);
		freed($).store(0, rl::mo_seq_cst);
		done($).store(0, rl::mo_seq_cst);
	}

	bool tryget()
	{
		int old = ref($).load(rl::mo_seq_cst);

		while (old)
			if (ref($).compare_exchange_strong(old, old + 1, rl::mo_seq_cst))
				return true;
		return false;
	}

	void put(rl::atomic<int> &last)
	{
		if (ref($).fetch_sub(1, rl::mo_seq_cst) == 1)
			last($).store(1, rl::mo_seq_cst);
	}
};

template <typename program> struct suite : rl::test_suite<program, THREADS>, shared {
	void before()
	{
		begin();
	}

	void after()
	{
		if (++executions == limit)
			finish();
	}
};

struct gup : suite<gup> {
	bool once()
	{
		int seen = pte($).load(rl::mo_seq_cst);

		if (!seen || !tryget())
			return false;
		if (pte($).load(rl::mo_seq_cst) != seen) {
			put(freed);
			return false;
		}
		RL_ASSERT(!freed($).load(rl::mo_seq_cst));
		put(freed);
		return true;
	}

	void thread(unsigned int number)
	{
		if (number < THREADS - 1) {
			for (int k = 0; k < TURNS && once(); k++)
				;
			return;
		}
		pte($).store(0, rl::mo_seq_cst);
		put(freed);
	}
};

struct ref : suite<ref> {
	bool once()
	{
		if (!tryget())
			return false;
		RL_ASSERT(!freed($).load(rl::mo_seq_cst));
		put(done);
		return true;
	}

	void thread(unsigned int number)
	{
		if (number < THREADS - 1) {
			for (int k = 0; k < TURNS && once(); k++)
				;
			return;
		}
		put(done);
		while (!done($).load(rl::mo_seq_cst))
			rl::yield(1, $);
		freed($).store(1, rl::mo_seq_cst);
	}
};

int main(int argc, char **argv)
{
	std::ostringstream said;
	rl::test_params params;

	limit = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0;
	params.search_type = rl::sched_full;
	params.output_stream = &said;
	params.progress_stream = &said;
	started = clock_type::now();
	if (!rl::simulate<PROGRAM>(params))
		return 1;
	finish();
}
