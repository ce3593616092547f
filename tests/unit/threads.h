/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the kernel's primitives share: a simulation with nothing in it but
 * threads, and one piece of memory that all of them are given. What that is, each test
 * file says in its set_up(), which kernel_test() runs before every test.
 */
#ifndef TESTS_THREADS_H
#define TESTS_THREADS_H

#include "scene.h"

static struct mmref_sim *sim;
static void *given; /* to every thread */

/* A new simulation, and @size bytes of 0 for its threads; NULL where there are none. */
static inline void *threads_set_up(size_t size)
{
	sim = mmref_sim_new(&mmref_v7_2);
	given = mmref_alloc(sim, size);
	return given;
}

static inline int threads_tear_down(void **state)
{
	(void)state;
	mmref_sim_free(sim);
	return 0;
}

static inline void threads(int nr, void (*body)(void *arg))
{
	for (int i = 0; i < nr; i++)
		assert_true(mmref_thread(sim, "task", body, given));
}

/*
 * Explore: one thing is found, a deadlock, of who stands in @func at @verb.
 * @result is for mmref_result_free().
 */
static inline void explore_to_one_deadlock(struct mmref_result *result, const char *func,
					   const char *verb)
{
	assert_int_equal(mmref_explore(sim, NULL, result), 0);
	assert_int_equal(result->nr_found, 1);
	assert_int_equal(result->found[0].violation, MMREF_DEADLOCK);
	assert_string_equal(result->found[0].site->func, func);
	assert_string_equal(result->found[0].site->verb, verb);
}

#define kernel_test(test) cmocka_unit_test_setup_teardown(test, set_up, threads_tear_down)

#endif
