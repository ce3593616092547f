/* SPDX-License-Identifier: MIT */
/*
 * Foreign code: thread bodies and functions of a rule set that crash, never return, or lead elsewhere
 * when a step is taken again. And the limits while shortest runs are sought.
 */
#include "scene.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "explore/explore.h"
#include "explore/strategies.h"
#include <mmref/kernel.h>

struct shared {
	atomic_t word[4];
};

static struct mmref_sim *sim;
static struct shared *s;
static char *volatile nowhere = (char *)16;	/* not NULL, which UBSan would tell first */
static volatile int zero;

static int set_up(void **state)
{
	(void)state;
	sim = mmref_sim_new(&mmref_v7_2);
	s = mmref_alloc(sim, sizeof(*s));
	return s ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	mmref_sim_free(sim);
	return 0;
}

static void two_steps(void)
{
	atomic_inc(&s->word[0]);
	atomic_inc(&s->word[1]);
}

static void step_twice(void *arg)
{
	(void)arg;
	two_steps();
}

static void write_nowhere(void *arg)
{
	(void)arg;
	two_steps();
	*nowhere = 1;
}

static void write_nowhere_at_once(void *arg)
{
	(void)arg;
	*nowhere = 1;
}

static void raise_sigfpe(void *arg)
{
	(void)arg;
	two_steps();
	raise(SIGFPE);	/* as a division by zero, which UBSan would tell first */
}

static void abort_it(void *arg)
{
	(void)arg;
	two_steps();
	abort();
}

static int recurse(volatile int depth)
{
	volatile char frame[256];

	frame[depth % 256] = 1;
	if (depth < 0)
		return 0;
	return recurse(depth + 1) + frame[depth % 256];
}

static void recurse_for_ever(void *arg)
{
	(void)arg;
	two_steps();
	recurse(0);
}

static void spin(void *arg)
{
	(void)arg;
	two_steps();
	while (!zero)
		continue;
}

static void count_runs(void *arg)
{
	static int runs;

	(void)arg;
	two_steps();
	atomic_set(&s->word[2], ++runs);
}

/* The body of the second of two threads goes wrong, in one of its steps or before the first. */
static void goes_wrong(void (*body)(void *arg), const struct mmref_options *options,
		       const char *what, bool in_step)
{
	struct mmref_result result;

	assert_true(mmref_thread(sim, "good", step_twice, s));
	assert_true(mmref_thread(sim, "bad", body, s));
	assert_int_equal(mmref_explore(sim, options, &result), -1);
	assert_int_equal(result.verdict, MMREF_ERROR);
	assert_non_null(strstr(result.error, what));
	assert_int_equal(result.fault.task, 1);
	if (in_step) {
		assert_int_not_equal(result.fault.step, 0);
		assert_string_equal(mmref_site_function(result.error_site), "two_steps");
	} else {
		assert_int_equal(result.fault.step, 0);
		assert_null(result.error_site);
	}
	assert_int_equal(result.nr_found, 0);
	mmref_result_free(&result);
}

static void crashes_under(enum mmref_strategy strategy, unsigned int workers)
{
	const struct mmref_options options = { .strategy = strategy, .workers = workers };

	goes_wrong(write_nowhere, &options, "SIGSEGV", true);
}

static void a_crash_ends_the_search_of_states(void **state)
{
	(void)state;
	crashes_under(MMREF_STATES, 0);
}

static void a_crash_ends_the_search_of_executions(void **state)
{
	(void)state;
	crashes_under(MMREF_DPOR, 0);
}

static void a_crash_ends_random_runs(void **state)
{
	(void)state;
	crashes_under(MMREF_PORTFOLIO, 0);
}

static void a_crash_ends_the_search_of_several_workers(void **state)
{
	(void)state;
	crashes_under(MMREF_STATES, 2);
}

static void a_crash_before_the_first_step_is_told(void **state)
{
	(void)state;
	goes_wrong(write_nowhere_at_once, NULL, "SIGSEGV", false);
}

static void sigfpe_is_told(void **state)
{
	(void)state;
	goes_wrong(raise_sigfpe, NULL, "SIGFPE", true);
}

static void abort_is_told(void **state)
{
	(void)state;
	goes_wrong(abort_it, NULL, "SIGABRT", true);
}

static void a_stack_that_is_full_is_told(void **state)
{
	(void)state;
	goes_wrong(recurse_for_ever, NULL, "ran out of its stack", true);
}

static void a_step_without_end_is_told(void **state)
{
	(void)state;
	goes_wrong(spin, NULL, "does not return", true);
}

static void a_static_counter_is_found_by_sample(void **state)
{
	(void)state;
	goes_wrong(count_runs, NULL, "again", true);
}

static void a_static_counter_is_found_by_sample_without_states(void **state)
{
	const struct mmref_options options = { .strategy = MMREF_DPOR };

	(void)state;
	goes_wrong(count_runs, &options, "again", true);
}

/* A step that goes on beyond the limit: the search is bounded by it, and is no error. */
static void a_limit_holds_within_a_step(void **state)
{
	const struct mmref_options options = { .max_seconds = 0.3 };
	struct mmref_result result;

	(void)state;
	assert_true(mmref_thread(sim, "spins", spin, s));
	assert_int_equal(mmref_explore(sim, &options, &result), 0);
	assert_int_equal(result.verdict, MMREF_BOUNDED);
	assert_string_equal(result.bounded_by, "max-seconds");
	mmref_result_free(&result);
}

static void interrupt_sim(int signal)
{
	(void)signal;
	mmref_interrupt(sim);
}

static void an_interrupt_holds_within_a_step(void **state)
{
	const struct sigaction action = { .sa_handler = interrupt_sim, .sa_flags = SA_ONSTACK };
	struct sigaction before;
	struct mmref_result result;

	(void)state;
	sigaction(SIGALRM, &action, &before);
	assert_true(mmref_thread(sim, "spins", spin, s));
	alarm(1);
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	sigaction(SIGALRM, &before, NULL);
	assert_string_equal(result.bounded_by, "interrupted");
	mmref_result_free(&result);
}

/* What went wrong is undone: the same simulation can be explored again. */
static void a_simulation_goes_on_after_a_crash(void **state)
{
	static char somewhere;
	struct mmref_result result;

	(void)state;
	assert_true(mmref_thread(sim, "crashes", write_nowhere, s));
	assert_int_equal(mmref_explore(sim, NULL, &result), -1);
	mmref_result_free(&result);
	nowhere = &somewhere;
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_int_equal(result.verdict, MMREF_HOLDS);
	assert_int_equal(result.states, 3);
	mmref_result_free(&result);
	nowhere = (char *)16;
}

/* --- a rule set of one's own ----------------------------------------------------- */

static void crash_where_a_page_is_freed(struct folio *folio)
{
	(void)folio;
	*nowhere = 1;
}

static bool crash_where_a_sleeper_is_asked(const void *arg)
{
	(void)arg;
	return *nowhere;
}

static void sleep_on_what_crashes(void *arg)
{
	struct shared *shared = arg;

	atomic_inc(&shared->word[0]);
	sleep_until(SITE("sleep"), &shared->word[1], sizeof(shared->word[1]), MMREF_READ,
		    TASK_UNINTERRUPTIBLE, crash_where_a_sleeper_is_asked, NULL);
}

static void wake_up(void *arg)
{
	struct shared *shared = arg;

	atomic_inc(&shared->word[1]);
	wake_sleepers(&shared->word[1]);
}

static void a_condition_that_crashes_is_told(void **state)
{
	struct mmref_result result;

	(void)state;
	assert_true(mmref_thread(sim, "sleeps", sleep_on_what_crashes, s));
	assert_true(mmref_thread(sim, "wakes", wake_up, s));
	assert_int_equal(mmref_explore(sim, NULL, &result), -1);
	assert_non_null(strstr(result.error, "SIGSEGV"));
	mmref_result_free(&result);
}

static void map_and_unmap(void *arg)
{
	struct mmref_map *map = arg;

	mmref_read(map, 0);
	mmref_munmap(map);
}

static void the_function_that_crashed_is_named(void **state)
{
	struct mmref_rules mine = { .name = "mine", .ancestor = &mmref_v7_2 };
	struct mmref_result result;
	struct scene scene;

	(void)state;
	mine.free_zone_device_folio = crash_where_a_page_is_freed;
	scene = scene_new(&mine, 1);
	assert_true(mmref_thread(scene.sim, "app", map_and_unmap, scene.map));
	mmref_thread(scene.sim, "admin", map_and_unmap, scene.map);
	assert_int_equal(mmref_explore(scene.sim, NULL, &result), -1);
	assert_non_null(strstr(result.error, "SIGSEGV"));
	assert_string_equal(result.fault.functions, "free_zone_device_folio");
	mmref_result_free(&result);
	mmref_sim_free(scene.sim);
}

/* --- limits after the search ----------------------------------------------------- */

/* Two threads of many steps; the last of one finds the other to be through. */
static void many_steps(void *arg)
{
	struct shared *shared = arg;

	for (int i = 0; i < 100; i++)
		atomic_inc(&shared->word[0]);
	mmref_assert(atomic_read(&shared->word[0]) < 200);
}

/* The search for a shortest run, with the limit of @options or a flag set. */
static const char *bound_of_shortest(const struct mmref_options *options, bool late, bool interrupt)
{
	struct mmref_result result = { 0 };
	struct search search = { .sim = sim, .options = options, .result = &result };

	assert_true(mmref_thread(sim, "one", many_steps, s));
	assert_true(mmref_thread(sim, "two", many_steps, s));
	assert_true(sim_start(sim));
	assert_true(visited_init(&search.visited, options->max_memory));
	search.deadline = late;		/* a nanosecond after the clock began */
	sim->interrupted = interrupt;
	assert_true(search_bfs(&search, 1u << MMREF_KERNEL_BUG, SIZE_MAX));
	sim->interrupted = 0;
	assert_int_equal(result.nr_found, !result.bounded_by);
	visited_free(&search.visited);
	mmref_result_free(&result);
	return result.bounded_by;
}

static void a_shortest_run_is_sought_to_the_end(void **state)
{
	const struct mmref_options options = { 0 };

	(void)state;
	assert_null(bound_of_shortest(&options, false, false));
}

static void the_deadline_holds_for_shortest_runs(void **state)
{
	const struct mmref_options options = { 0 };

	(void)state;
	assert_string_equal(bound_of_shortest(&options, true, false), "max-seconds");
}

static void the_interrupt_holds_for_shortest_runs(void **state)
{
	const struct mmref_options options = { 0 };

	(void)state;
	assert_string_equal(bound_of_shortest(&options, false, true), "interrupted");
}

static void the_limit_of_memory_holds_for_shortest_runs(void **state)
{
	const struct mmref_options options = { .max_memory = 100000 };

	(void)state;
	assert_string_equal(bound_of_shortest(&options, false, false), "max-memory");
}

#define test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_crash_ends_the_search_of_states),
		test(a_crash_ends_the_search_of_executions),
		test(a_crash_ends_random_runs),
		test(a_crash_ends_the_search_of_several_workers),
		test(a_crash_before_the_first_step_is_told),
		test(sigfpe_is_told),
		test(abort_is_told),
		test(a_stack_that_is_full_is_told),
		test(a_step_without_end_is_told),
		test(a_static_counter_is_found_by_sample),
		test(a_static_counter_is_found_by_sample_without_states),
		test(a_limit_holds_within_a_step),
		test(an_interrupt_holds_within_a_step),
		test(a_simulation_goes_on_after_a_crash),
		test(a_condition_that_crashes_is_told),
		test(the_function_that_crashed_is_named),
		test(a_shortest_run_is_sought_to_the_end),
		test(the_deadline_holds_for_shortest_runs),
		test(the_interrupt_holds_for_shortest_runs),
		test(the_limit_of_memory_holds_for_shortest_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
