/* SPDX-License-Identifier: MIT */
/*
 * Two small programs whose states and executions other tools have counted: GUP-fast
 * readers against a zap, and try-get/put against kill-and-wait. Rumur walks the
 * same graphs and Nidhugg the same traces, step for step, and their counts are what
 * these are held to.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "programs.h"

static struct mmref_result explore(const struct mmref_options *options, const char *program,
				   int threads, int rounds)
{
	struct mmref_sim *sim = counted_program(program, threads, rounds, 0);
	struct mmref_result result;

	assert_non_null(sim);
	assert_int_equal(mmref_explore(sim, options, &result), 0);
	assert_int_equal(result.verdict, MMREF_HOLDS);
	mmref_result_free(&result);
	mmref_sim_free(sim);
	return result;
}

static uint64_t states(const char *program, int threads, int rounds)
{
	return explore(&(struct mmref_options){ .no_symmetry = true }, program, threads, rounds)
		.states;
}

static uint64_t states_but_for_symmetry(const char *program, int threads, int rounds)
{
	return explore(NULL, program, threads, rounds).states;
}

static uint64_t executions(const char *program, int threads, int rounds)
{
	return explore(&(struct mmref_options){ .strategy = MMREF_DPOR }, program, threads, rounds)
		.executions;
}

static void gup_has_the_states_that_rumur_counts(void **state)
{
	(void)state;
	assert_int_equal(states("gup", 2, 1), 29);
	assert_int_equal(states("gup", 3, 1), 243);
	assert_int_equal(states("gup", 4, 1), 2310);
	assert_int_equal(states("gup", 4, 2), 17546);
	assert_int_equal(states("gup", 5, 2), 400236);
}

static void equal_readers_are_not_told_apart(void **state)
{
	(void)state;
	assert_int_equal(states_but_for_symmetry("gup", 2, 1), 29);
	assert_int_equal(states_but_for_symmetry("gup", 3, 1), 135);
	assert_int_equal(states_but_for_symmetry("gup", 4, 1), 518);
	assert_int_equal(states_but_for_symmetry("gup", 4, 2), 3407);
	assert_int_equal(states_but_for_symmetry("gup", 5, 2), 22149);
	assert_int_equal(states_but_for_symmetry("gup", 6, 2), 134173);
}

/*
 * @rumur is Rumur's count, which leaves out the final state. Fewer would be states lost. There
 * are more where a value that is dead on a C stack tells equal states apart.
 */
static void is_close(uint64_t states, uint64_t rumur)
{
	assert_in_range(states, rumur, rumur + rumur * 12 / 100);
}

static void ref_has_hardly_more_states_than_rumur_counts(void **state)
{
	(void)state;
	is_close(states("ref", 3, 1), 103);
	is_close(states("ref", 4, 1), 646);
	is_close(states("ref", 3, 2), 357);
	is_close(states("ref", 5, 2), 80085);
}

/* As many as Nidhugg's source-DPOR counts. */
static void executions_are_as_many_as_there_are_traces(void **state)
{
	(void)state;
	assert_int_equal(executions("gup", 2, 1), 7);
	assert_int_equal(executions("gup", 3, 1), 249);
	assert_int_equal(executions("gup", 4, 1), 54459);
	assert_int_equal(executions("ref", 2, 1), 4);
	assert_int_equal(executions("ref", 3, 1), 88);
	assert_int_equal(executions("ref", 4, 1), 13382);
	assert_int_equal(executions("ref", 3, 2), 5918);
}

static uint64_t executions_by(unsigned int workers, const char *program, int threads)
{
	return explore(&(struct mmref_options){ .strategy = MMREF_DPOR, .workers = workers },
		       program, threads, 1).executions;
}

/* Each is one process's, be there more of those than executions. */
static void processes_share_the_executions(void **state)
{
	(void)state;
	for (unsigned int workers = 2; workers <= 7; workers++) {
		assert_int_equal(executions_by(workers, "ref", 2), 4);
		assert_int_equal(executions_by(workers, "gup", 3), 249);
		assert_int_equal(executions_by(workers, "ref", 4), 13382);
	}
	assert_int_equal(executions_by(2, "gup", 4), 54459);
}

/* Each of the threads takes the count no lower than it found it, and somebody holds it. */
static void pure_gets_and_puts_are_one_execution(void **state)
{
	const struct mmref_options plain = { .strategy = MMREF_DPOR };
	const struct mmref_options commuting = { .strategy = MMREF_DPOR, .commuting = true };

	(void)state;
	assert_int_equal(explore(&plain, "pure", 2, 2).executions, 70);
	assert_int_equal(explore(&commuting, "pure", 2, 2).executions, 1);
	assert_int_equal(explore(&commuting, "pure", 8, 8).executions, 1);
	assert_int_equal(explore(&commuting, "pure", 8, 8).steps, 8 * 8 * 2);
	/* the last put of all acts */
	assert_int_equal(explore(&commuting, "ref", 3, 1).executions, 88);
	assert_int_equal(explore(&commuting, "gup", 3, 1).executions, 249);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gup_has_the_states_that_rumur_counts),
		cmocka_unit_test(equal_readers_are_not_told_apart),
		cmocka_unit_test(executions_are_as_many_as_there_are_traces),
		cmocka_unit_test(processes_share_the_executions),
		cmocka_unit_test(pure_gets_and_puts_are_one_execution),
		cmocka_unit_test(ref_has_hardly_more_states_than_rumur_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
