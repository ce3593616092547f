/* SPDX-License-Identifier: MIT */
/*
 * Two small programs whose state graphs other tools have counted: GUP-fast
 * readers against a zap, and try-get/put against kill-and-wait. Spin and Rumur
 * walk the same graphs step for step, so their counts are what is expected here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <mmref/explore.h>

#include "kernel/atomic.h"

#define MAX_WORKERS	5

struct counted {
	atomic_t pte, ref, freed, done;
	int rounds;
};

static bool tryget(atomic_t *ref)
{
	int old = atomic_read(ref);

	for (;;) {
		int seen;

		if (!old)
			return false;
		seen = atomic_cmpxchg(ref, old, old + 1);
		if (seen == old)
			return true;
		old = seen;
	}
}

static void put(struct counted *c, atomic_t *last)
{
	if (atomic_dec_and_test(&c->ref))
		atomic_set(last, 1);
	wake_sleepers(last);
}

static void gup_reader(void *arg)
{
	struct counted *c = arg;

	for (int k = 0; k < c->rounds; k++) {
		int pte = atomic_read(&c->pte);

		if (!pte || !tryget(&c->ref))
			return;
		if (atomic_read(&c->pte) != pte) {
			put(c, &c->freed);
			return;
		}
		mmref_assert(!atomic_read(&c->freed));
		put(c, &c->freed);
	}
}

static void gup_zap(void *arg)
{
	struct counted *c = arg;

	atomic_set(&c->pte, 0);
	put(c, &c->freed);
}

static void ref_worker(void *arg)
{
	struct counted *c = arg;

	for (int k = 0; k < c->rounds; k++) {
		if (!tryget(&c->ref))
			return;
		mmref_assert(!atomic_read(&c->freed));
		put(c, &c->done);
	}
}

static bool is_done(const void *arg)
{
	return PEEK(((const struct counted *)arg)->done.counter);
}

static void ref_unplug(void *arg)
{
	struct counted *c = arg;

	put(c, &c->done);
	sleep_until(SITE("wait"), &c->done, sizeof(c->done), MMREF_READ, TASK_UNINTERRUPTIBLE,
		    is_done, c);
	atomic_set(&c->freed, 1);
}

static uint64_t states(void (*worker)(void *arg), void (*last)(void *arg), int threads, int rounds)
{
	struct mmref_sim *sim = mmref_sim_new(&mmref_v7_2);
	struct counted *c = mmref_alloc(sim, sizeof(*c));
	struct mmref_result result;
	uint64_t states;

	c->pte.counter = 1;
	c->ref.counter = 1;
	c->rounds = rounds;
	for (int i = 0; i < threads - 1; i++)
		mmref_thread(sim, "worker", worker, c);
	mmref_thread(sim, "last", last, c);
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_int_equal(result.verdict, MMREF_HOLDS);
	states = result.states;
	mmref_result_free(&result);
	mmref_sim_free(sim);
	return states;
}

static void gup_has_rumurs_states(void **state)
{
	(void)state;
	print_message("gup 2,1 %d 3,1 %d 4,1 %d 4,2 %d\n", (int)states(gup_reader, gup_zap, 2, 1),
		      (int)states(gup_reader, gup_zap, 3, 1), (int)states(gup_reader, gup_zap, 4, 1),
		      (int)states(gup_reader, gup_zap, 4, 2));
	print_message("ref 3,1 %d 4,1 %d 3,2 %d\n", (int)states(ref_worker, ref_unplug, 3, 1),
		      (int)states(ref_worker, ref_unplug, 4, 1), (int)states(ref_worker, ref_unplug, 3, 2));
}
int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gup_has_rumurs_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
