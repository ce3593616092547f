/* SPDX-License-Identifier: MIT */
/* Both programs of bench/programs.c for GenMC: -DPROGRAM=gup|ref -DTHREADS=N -DTURNS=N. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

void __VERIFIER_assume(int condition);

static atomic_int pte = 1, count = 1, freed, done;

static bool tryget(void)
{
	int old = atomic_load(&count);

	while (old)
		if (atomic_compare_exchange_strong(&count, &old, old + 1))
			return true;
	return false;
}

static void put(atomic_int *last)
{
	if (atomic_fetch_sub(&count, 1) == 1)
		atomic_store(last, 1);
}

static bool gup_once(void)
{
	int seen = atomic_load(&pte);

	if (!seen || !tryget())
		return false;
	if (atomic_load(&pte) != seen) {
		put(&freed);
		return false;
	}
	assert(!atomic_load(&freed));
	put(&freed);
	return true;
}

static void gup_last(void)
{
	atomic_store(&pte, 0);
	put(&freed);
}

static bool ref_once(void)
{
	if (!tryget())
		return false;
	assert(!atomic_load(&freed));
	put(&done);
	return true;
}

static void ref_last(void)
{
	put(&done);
	__VERIFIER_assume(atomic_load(&done));
	atomic_store(&freed, 1);
}

#define PASTE(a, b)	a##b
#define OF(program, part)	PASTE(program, part)

static void *worker(void *arg)
{
	for (int k = 0; k < TURNS && OF(PROGRAM, _once)(); k++)
		;
	return arg;
}

static void *last(void *arg)
{
	OF(PROGRAM, _last)();
	return arg;
}

int main(void)
{
	pthread_t thread[THREADS];

	for (int i = 0; i < THREADS - 1; i++)
		pthread_create(&thread[i], NULL, worker, NULL);
	pthread_create(&thread[THREADS - 1], NULL, last, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
