/* SPDX-License-Identifier: MIT */
/* The search itself: how much it explores, where it stops, and what it leaves behind. */
#include "scene.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "enumerate.h"
#include <mmref/linux/atomic.h>
#include <mmref/linux/spinlock.h>
#include <mmref/linux/wait.h>

struct shared {
	atomic_t word[MMREF_MAX_THREADS];
	atomic_t count, order;
	spinlock_t lock, other;
	struct completion done;
	int first[3], last[3]; /* when a thread began and ended, by ->order */
	bool refused;
};

struct part {
	struct shared *shared;
	int number, steps;
};

static struct mmref_sim *sim;
static struct shared *s;

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

static void thread(void (*body)(void *arg))
{
	assert_true(mmref_thread(sim, "task", body, s));
}

/* A thread of @steps steps, on a word of its own. */
static void increment_own(void *arg)
{
	struct part *part = arg;

	for (int i = 0; i < part->steps; i++)
		atomic_inc(&part->shared->word[part->number]);
}

static void thread_of_steps(int number, int steps)
{
	struct part *part = mmref_alloc(sim, sizeof(*part));

	assert_non_null(part);
	part->shared = s;
	part->number = number;
	part->steps = steps;
	assert_true(mmref_thread(sim, "task", increment_own, part));
}

/* Explored to the end, with nothing wrong, in so many states, steps and executions. */
static void assert_explored_by(const struct mmref_options *options, uint64_t states, uint64_t steps,
			       uint64_t executions)
{
	struct mmref_result result;

	assert_int_equal(mmref_explore(sim, options, &result), 0);
	assert_int_equal(result.verdict, MMREF_HOLDS);
	assert_true(result.complete);
	assert_null(result.bounded_by);
	assert_int_equal(result.states, states);
	assert_int_equal(result.steps, steps);
	assert_int_equal(result.executions, executions);
	mmref_result_free(&result);
}

static void assert_explored(uint64_t states, uint64_t steps, uint64_t executions)
{
	assert_explored_by(NULL, states, steps, executions);
}

/* --- how much is explored ------------------------------------------------- */

/*
 * A step ends in a new state, in a known one, or at the end of the program. A run is told
 * apart when it ends in one of the latter two: executions = steps - (states - 1) + (1 for
 * the end). Steps that touch nothing of each other's come to each state once.
 */
static void a_thread_alone_has_one_run(void **state)
{
	(void)state;
	thread_of_steps(0, 5);
	assert_explored(6, 5, 1);
}

/* start, a, b, both: a square, of four steps. */
static void two_threads_of_one_step_have_four_states(void **state)
{
	(void)state;
	thread_of_steps(0, 1);
	thread_of_steps(1, 1);
	assert_explored(4, 3, 1);
}

/* A grid of (m + 1)(n + 1) states. */
static void two_threads_of_m_and_n_steps_make_a_grid(void **state)
{
	static const int sizes[][2] = { { 1, 4 }, { 2, 3 }, { 5, 5 }, { 7, 1 } };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int m = sizes[i][0], n = sizes[i][1];
		int states = (m + 1) * (n + 1);

		tear_down(state);
		set_up(state);
		thread_of_steps(0, m);
		thread_of_steps(1, n);
		assert_explored(states, states - 1, 1);
	}
}

/* A cube of side 2. */
static void three_threads_of_two_steps_make_a_cube(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		thread_of_steps(i, 2);
	assert_explored(27, 26, 1);
}

static void lock_and_unlock(void *arg)
{
	struct shared *shared = arg;

	spin_lock(&shared->lock);
	spin_unlock(&shared->lock);
}

static const struct mmref_options no_symmetry = { .no_symmetry = true };

/*
 * Before, inside, after: nine pairs less the one with both inside. From (before,
 * before) two steps lead on, from the end none, and from the six others one each.
 * Of equal threads one goes first, and the rest is one row.
 */
static void two_threads_with_one_lock_have_eight_states(void **state)
{
	(void)state;
	thread(lock_and_unlock);
	thread(lock_and_unlock);
	assert_explored_by(&no_symmetry, 8, 8, 8 - 8 + 2);
	assert_explored(5, 4, 1);
}

static void read_and_forget(void *arg)
{
	(void)atomic_read(&((struct shared *)arg)->count);
}

/* What is read and kept nowhere tells no states apart. */
static void a_read_that_is_forgotten_tells_no_states_apart(void **state)
{
	(void)state;
	thread(read_and_forget);
	thread(read_and_forget);
	assert_explored_by(&no_symmetry, 4, 3, 1);
	assert_explored(3, 2, 1);
}

static void nothing_at_all(void *arg)
{
	(void)arg;
}

static void threads_without_steps_have_one_state(void **state)
{
	(void)state;
	thread(nothing_at_all);
	thread(nothing_at_all);
	assert_explored(1, 0, 1);
}

/* "holds" would be an answer about nothing. */
static void a_simulation_without_threads_is_an_error(void **state)
{
	struct mmref_result result;

	(void)state;
	assert_int_equal(mmref_explore(sim, NULL, &result), -1);
	assert_int_equal(result.verdict, MMREF_ERROR);
	assert_string_equal(result.error, "mmref_explore: the simulation has no threads");
	mmref_result_free(&result);
}

/* The enumerator goes through every run by itself: C(m + n, m) of them. */
static void the_enumerator_takes_every_run(void **state)
{
	static struct endings endings;

	(void)state;
	thread_of_steps(0, 3);
	thread_of_steps(1, 4);
	assert_true(enumerate(sim, 100, &endings));
	assert_int_equal(endings.executions, 35);
	assert_int_equal(endings.nr, 1);
	assert_false(enumerate(sim, 34, &endings));
}

static void the_search_visits_the_endings_of_the_enumerator(void **state)
{
	static struct endings plain, searched;

	(void)state;
	thread(lock_and_unlock);
	thread_of_steps(1, 3);
	thread(read_and_forget);
	assert_true(enumerate(sim, 1000, &plain));
	assert_true(search_endings(sim, &(struct mmref_options){ 0 }, &searched));
	assert_true(same_endings(&plain, &searched));
	assert_true(searched.executions < plain.executions);
}

/* --- before the first step ------------------------------------------------ */

static void fail_at_once(void *arg)
{
	mmref_assert(!arg);
	atomic_inc(&((struct shared *)arg)->count);
}

/* A body runs up to its first step before any other takes one; what it finds there counts. */
static void a_thread_can_fail_before_its_first_step(void **state)
{
	(void)state;
	thread(fail_at_once);
	thread_of_steps(1, 1);
	assert_mmref_violates(sim, MMREF_KERNEL_BUG);
}

static void fail_at_last(void *arg)
{
	atomic_inc(&((struct shared *)arg)->count);
	mmref_assert(!arg);
}

static void a_thread_can_fail_after_its_last_step(void **state)
{
	(void)state;
	thread(fail_at_last);
	assert_mmref_violates(sim, MMREF_KERNEL_BUG);
}

/* --- bounds --------------------------------------------------------------- */

/* 9^6 states: more than any of the bounds below lets be seen. */
static void large_program(void)
{
	for (int i = 0; i < 6; i++)
		thread_of_steps(i, 8);
}

static void assert_bounded(const struct mmref_options *options, const char *by)
{
	struct mmref_result result;

	assert_int_equal(mmref_explore(sim, options, &result), 0);
	assert_int_equal(result.verdict, MMREF_BOUNDED);
	assert_false(result.complete);
	assert_string_equal(result.bounded_by, by);
	assert_true(result.states < 531441);
	if (options->max_states)
		assert_int_equal(result.states, options->max_states);
	mmref_result_free(&result);
}

static void what_is_cut_short_is_bounded_and_says_by_what(void **state)
{
	(void)state;
	large_program();
	assert_bounded(&(struct mmref_options){ .max_states = 1000 }, "max-states");
	assert_bounded(&(struct mmref_options){ .max_seconds = 0.005 }, "max-seconds");
	assert_bounded(&(struct mmref_options){ .max_memory = 256 << 10 }, "max-memory");
}

static void a_bound_that_is_not_reached_changes_nothing(void **state)
{
	struct mmref_options generous = {
		.max_states = 1000,
		.max_seconds = 60,
		.max_memory = 64 << 20,
	};
	struct mmref_result result;

	(void)state;
	thread_of_steps(0, 3);
	thread_of_steps(1, 3);
	assert_int_equal(mmref_explore(sim, &generous, &result), 0);
	assert_int_equal(result.verdict, MMREF_HOLDS);
	assert_true(result.complete);
	assert_int_equal(result.states, 16);
	mmref_result_free(&result);
}

static void wait_for_done(void *arg)
{
	wait_for_completion(&((struct shared *)arg)->done);
}

/* The first run that is taken to its end already deadlocks; the rest is not looked at. */
static void what_was_found_before_a_bound_is_told(void **state)
{
	struct mmref_options few = { .max_states = 60 };
	struct mmref_result result;
	struct watch watch;

	(void)state;
	large_program();
	thread(wait_for_done);
	assert_int_equal(mmref_explore(sim, &few, &result), 0);
	assert_int_equal(result.verdict, MMREF_VIOLATES);
	assert_int_equal(result.violation, MMREF_DEADLOCK);
	assert_false(result.complete);
	assert_string_equal(result.bounded_by, "max-states");
	watch_init(&watch, sim);
	assert_int_equal(mmref_replay(sim, &result.found[0].schedule, &watch.observer), 48);
	assert_int_equal(watch.violation, MMREF_DEADLOCK);
	mmref_result_free(&result);
}

static void on_alarm(int number)
{
	(void)number;
	mmref_interrupt(sim);
}

static void a_search_can_be_interrupted_by_a_signal(void **state)
{
	struct itimerval soon = { .it_value = { .tv_usec = 5000 } };
	struct mmref_options none = { .max_states = 0 };

	(void)state;
	large_program();
	signal(SIGALRM, on_alarm);
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_bounded(&none, "interrupted");
	signal(SIGALRM, SIG_DFL);
}

static void a_search_begun_after_an_interrupt_ends_at_once(void **state)
{
	struct mmref_result result;

	(void)state;
	thread_of_steps(0, 1);
	mmref_interrupt(sim);
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_int_equal(result.verdict, MMREF_BOUNDED);
	assert_string_equal(result.bounded_by, "interrupted");
	assert_int_equal(result.states, 1);
	mmref_result_free(&result);
}

/* --- switches -------------------------------------------------------------- */

static void set_count_late(void *arg)
{
	struct shared *shared = arg;

	atomic_inc(&shared->word[0]);
	atomic_set(&shared->count, 1);
	mmref_assert(!atomic_read(&shared->word[1]));
}

static void note_that_it_is_not_set(void *arg)
{
	struct shared *shared = arg;

	if (!atomic_read(&shared->count))
		atomic_set(&shared->word[1], 1);
}

/* The other must look before the count is set, and may do so before anything else. */
static void a_run_changes_threads_no_oftener_than_it_must(void **state)
{
	static const uint8_t wanted[] = { 1, 1, 0, 0, 0 };
	struct mmref_result result;

	(void)state;
	thread(set_count_late);
	thread(note_that_it_is_not_set);
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_int_equal(result.nr_found, 1);
	assert_int_equal(result.found[0].schedule.length, sizeof(wanted));
	assert_memory_equal(result.found[0].schedule.tasks, wanted, sizeof(wanted));
	mmref_result_free(&result);
}

/* --- determinism ----------------------------------------------------------- */

/* What lies outside of the world is not taken back: the second time it is another. */
static void keep_a_static_counter(void *arg)
{
	static int times;
	struct shared *shared = arg;

	atomic_inc(&shared->word[0]);
	atomic_set(&shared->count, ++times);
	atomic_inc(&shared->word[1]);
}

static void begin_from_a_static_counter(void *arg)
{
	static int times;

	atomic_add(++times, &((struct shared *)arg)->count);
}

static void fail_every_other_time(void *arg)
{
	static bool again;

	atomic_inc(&((struct shared *)arg)->count);
	again = !again;
	mmref_assert(again);
}

/* The step whose announcement stands in @function is told of; NULL: what comes before any. */
static void assert_told_of(const char *what, const char *function)
{
	const struct mmref_options check = { .check_determinism = true };
	struct mmref_result result;

	assert_int_equal(mmref_explore(sim, &check, &result), -1);
	assert_int_equal(result.verdict, MMREF_ERROR);
	assert_non_null(strstr(result.error, what));
	assert_false(result.complete);
	if (function)
		assert_string_equal(mmref_site_function(result.error_site), function);
	else
		assert_null(result.error_site);
	mmref_result_free(&result);
}

static void assert_not_deterministic(const char *function)
{
	assert_told_of("again", function);
}

static void a_static_counter_is_told_of(void **state)
{
	(void)state;
	thread_of_steps(2, 2);
	thread(keep_a_static_counter);
	assert_not_deterministic("keep_a_static_counter");
}

static void a_static_counter_before_the_first_step_is_told_of(void **state)
{
	(void)state;
	thread(begin_from_a_static_counter);
	assert_not_deterministic(NULL);
}

static void a_violation_that_comes_and_goes_is_told_of(void **state)
{
	(void)state;
	thread(fail_every_other_time);
	assert_not_deterministic("fail_every_other_time");
}

/* What it keeps for its next step depends on a word that it does not announce. */
static void look_unannounced(void *arg)
{
	struct shared *shared = arg;
	int seen;

	atomic_inc(&shared->word[0]);
	seen = PEEK(shared->count.counter);
	atomic_add(seen, &shared->word[0]);
}

static void look_within_the_step(void *arg)
{
	struct shared *shared = arg;
	int seen;

	atomic_inc(&shared->word[0]);
	seen = PEEK_SHARED(shared->count.counter);
	atomic_add(seen, &shared->word[0]);
}

static void count_up(void *arg)
{
	atomic_inc(&((struct shared *)arg)->count);
}

static void what_is_not_announced_is_told_of(void **state)
{
	(void)state;
	thread(look_unannounced);
	thread(count_up);
	assert_told_of("not announced", "look_unannounced");
}

static void what_a_step_touches_besides_is_announced(void **state)
{
	const struct mmref_options check = { .check_determinism = true };

	(void)state;
	thread(look_within_the_step);
	thread(count_up);
	assert_explored_by(&check, 8, 7, 2);
}

static void what_is_deterministic_comes_to_the_same_figures(void **state)
{
	const struct mmref_options check = { .check_determinism = true };
	struct mmref_result result;

	(void)state;
	thread_of_steps(0, 3);
	thread_of_steps(1, 3);
	assert_int_equal(mmref_explore(sim, &check, &result), 0);
	assert_int_equal(result.verdict, MMREF_HOLDS);
	assert_int_equal(result.states, 16);
	assert_int_equal(result.steps, 15);
	mmref_result_free(&result);
}

/* --- names of states -------------------------------------------------------- */

static void __attribute__((noinline)) leave_a_trace(int value)
{
	volatile int trace[100];

	trace[16] = value;	/* far below what the steps themselves need */
	(void)trace[16];
}

/* The frame lies over the trace, and is written to at its other end alone. */
static void __attribute__((noinline)) step_over_it(struct shared *shared)
{
	volatile int frame[100];

	frame[99] = 0;
	atomic_inc(&shared->word[0]);
	(void)frame[99];
}

static void leave_a_trace_of_the_order(void *arg)
{
	struct shared *shared = arg;

	leave_a_trace(atomic_read(&shared->word[1]));
	atomic_inc(&shared->count);
	step_over_it(shared);
}

/*
 * What was seen and forgotten is no part of a state, though it lies on the stack:
 * a grid of four states by two, as if nothing had been seen.
 */
static void what_is_dead_tells_no_states_apart(void **state)
{
	(void)state;
	thread_of_steps(1, 1);
	thread(leave_a_trace_of_the_order);
	assert_explored(8, 8, 8 - 8 + 2);
}

/* n^2 / 2^129, and nothing where no states are kept. */
static void a_collision_is_as_likely_as_there_are_states(void **state)
{
	const struct mmref_options executions = { .strategy = MMREF_DPOR };
	struct mmref_result result;

	(void)state;
	thread_of_steps(0, 3);
	thread_of_steps(1, 3);
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_true(result.collision == 0x1p-121);
	mmref_result_free(&result);
	assert_int_equal(mmref_explore(sim, &executions, &result), 0);
	assert_true(result.collision == 0);
	mmref_result_free(&result);
}

/* --- the shortest run ----------------------------------------------------- */

static void set_late(void *arg)
{
	struct shared *shared = arg;

	spin_lock(&shared->lock);
	atomic_inc(&shared->count);
	spin_unlock(&shared->lock);
	atomic_inc(&shared->word[0]);
	atomic_inc(&shared->word[0]);
}

static void look_through_a_window(void *arg)
{
	struct shared *shared = arg;

	atomic_inc(&shared->word[1]);
	if (atomic_read(&shared->word[0]) == 1)
		mmref_assert(!atomic_read(&shared->count));
}

static void hold_and_wait(void *arg)
{
	struct shared *shared = arg;

	atomic_inc(&shared->word[2]);
	spin_lock(&shared->lock);
	wait_for_completion(&shared->done);
	spin_unlock(&shared->lock);
}

/* Does some schedule of @length steps end in @kind? Every one is tried, each from the start. */
static bool some_run_of_length(size_t length, enum mmref_violation kind, uint8_t *tasks)
{
	size_t at = 0;

	memset(tasks, 0, length);
	for (;;) {
		struct mmref_schedule schedule = { .tasks = tasks, .length = length };
		struct watch watch;
		size_t taken;

		watch_init(&watch, sim);
		taken = mmref_replay(sim, &schedule, &watch.observer);
		if (taken == length && watch.violation == kind)
			return true;

		/* the next in the order of the numbers, from the step that did not fit on */
		at = taken < length ? taken + 1 : length;
		memset(tasks + at, 0, length - at);
		while (at && ++tasks[at - 1] == 4)
			tasks[--at] = 0;
		if (!at)
			return false;
	}
}

static void the_run_told_has_no_shorter(void **state)
{
	struct mmref_result result;
	uint8_t tasks[32];

	(void)state;
	thread(set_late);
	thread(look_through_a_window);
	thread(hold_and_wait);
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_int_equal(result.nr_found, 2);
	for (unsigned int i = 0; i < result.nr_found; i++) {
		const struct mmref_found *found = &result.found[i];

		assert_true(found->schedule.length < sizeof(tasks));
		for (size_t length = 0; length < found->schedule.length; length++)
			assert_false(some_run_of_length(length, found->violation, tasks));
		assert_true(some_run_of_length(found->schedule.length, found->violation, tasks));
	}
	mmref_result_free(&result);
}

/*
 * The assertion: lock, inc, unlock, inc of the one, then inc, read, read of the
 * other: 7 steps. The deadlock: inc and lock of the holder, inc and read of the
 * looker, who finds word[0] at 0 and is done: 4 steps, and the third never starts.
 */
static void the_shortest_run_is_as_long_as_counted_by_hand(void **state)
{
	struct mmref_result result;

	(void)state;
	thread(set_late);
	thread(look_through_a_window);
	thread(hold_and_wait);
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_int_equal(result.found[0].violation, MMREF_KERNEL_BUG);
	assert_int_equal(result.found[0].schedule.length, 7);
	assert_int_equal(result.found[1].violation, MMREF_DEADLOCK);
	assert_int_equal(result.found[1].schedule.length, 4);
	mmref_result_free(&result);
}

static void __attribute__((noinline)) make_a_detour(struct shared *shared)
{
	for (int i = 0; i < 5; i++)
		atomic_inc(&shared->word[1 + i % 2]);
	for (int i = 0; i < 2; i++)
		atomic_set(&shared->word[1 + i], 0);
}

/* What the two ways leave below would tell them apart where a later frame does not fill it. */
static void __attribute__((noinline)) wipe_stack(void)
{
	volatile char below[1024];

	for (size_t i = 0; i < sizeof(below); i++)
		below[i] = 0;
}

static void take_lock(void *arg)
{
	spin_lock(&((struct shared *)arg)->lock);
}

static void try_and_look(void *arg)
{
	struct shared *shared = arg;

	if (spin_trylock(&shared->lock))
		spin_unlock(&shared->lock);
	else
		make_a_detour(shared);
	wipe_stack();
	mmref_assert(!READ_ONCE(shared->lock.owner));
}

/*
 * One state, two ways to it.
 *
 *	the long one: task 0 locks, task 1 tries, makes a detour of 7 steps, looks
 *	the short one: task 1 tries, unlocks, task 0 locks, task 1 looks
 *
 * Both come to the state before the look. A search that goes deep comes to it by
 * the long way first and does not go on from it a second time.
 */
static void a_shorter_way_to_a_known_state_is_found(void **state)
{
	struct mmref_result result;

	(void)state;
	thread(take_lock);
	thread(try_and_look);
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_int_equal(result.nr_found, 1);
	assert_int_equal(result.found[0].violation, MMREF_KERNEL_BUG);
	assert_int_equal(result.found[0].schedule.length, 4);
	mmref_result_free(&result);
}

/* --- replay --------------------------------------------------------------- */

static void a_schedule_that_does_not_fit_is_taken_as_far_as_it_goes(void **state)
{
	struct watch watch;

	(void)state;
	thread(lock_and_unlock);
	thread(lock_and_unlock);
	assert_int_equal(replay(sim, "0011", &watch), 4);
	assert_int_equal(replay(sim, "01", &watch), 1);	   /* 1 waits for the lock */
	assert_int_equal(replay(sim, "00011", &watch), 2); /* 0 has ended */
	assert_int_equal(replay(sim, "002", &watch), 2);   /* the callbacks' thread sleeps */
	assert_int_equal(replay(sim, "0079", &watch), 2);  /* no such task */
	assert_int_equal(replay(sim, "00110", &watch), 4);
	assert_int_equal(replay(sim, "", &watch), 0);
	assert_int_equal(watch.violation, MMREF_NONE);
}

static void a_schedule_that_stops_in_the_middle_leaves_the_world_there(void **state)
{
	struct watch watch;

	(void)state;
	thread_of_steps(0, 3);
	thread_of_steps(1, 3);
	assert_int_equal(replay(sim, "0010", &watch), 4);
	assert_int_equal(s->word[0].counter, 3);
	assert_int_equal(s->word[1].counter, 1);
	assert_int_equal(watch.sleepers, 0);
}

static void a_violation_ends_a_replay(void **state)
{
	struct watch watch;

	(void)state;
	thread(fail_at_last);
	thread_of_steps(1, 1);
	assert_int_equal(replay(sim, "01", &watch), 1);
	assert_int_equal(watch.violation, MMREF_KERNEL_BUG);
}

/* --- in order ------------------------------------------------------------- */

static int tick(struct shared *shared)
{
	return atomic_inc_return(&shared->order);
}

static void note_order(void *arg)
{
	struct shared *shared = arg;
	int me = current->id;

	shared->first[me] = tick(shared);
	shared->last[me] = tick(shared);
}

static void note_order_around_a_sleep(void *arg)
{
	struct shared *shared = arg;
	int me = current->id;

	shared->first[me] = tick(shared);
	wait_for_completion(&shared->done);
	shared->last[me] = tick(shared);
}

static void note_order_and_complete(void *arg)
{
	struct shared *shared = arg;

	note_order(shared);
	complete(&shared->done);
}

static void threads_run_one_after_another(void **state)
{
	struct watch watch;

	(void)state;
	for (int i = 0; i < 3; i++)
		thread(note_order);
	assert_int_equal(run_in_order(sim, &watch), 6);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(s->first[i], 2 * i + 1);
		assert_int_equal(s->last[i], 2 * i + 2);
	}
}

static void a_sleeper_goes_on_before_any_later_thread_begins(void **state)
{
	(void)state;
	thread(note_order_around_a_sleep);
	thread(note_order_and_complete);
	thread(note_order);
	assert_runs_in_order(sim);
	assert_int_equal(s->first[0], 1);
	assert_int_equal(s->first[1], 2);
	assert_int_equal(s->last[1], 3);
	assert_int_equal(s->last[0], 4);
	assert_int_equal(s->first[2], 5);
}

static void who_sleeps_for_ever_is_told(void **state)
{
	struct watch watch;

	(void)state;
	thread(note_order_around_a_sleep);
	thread(note_order);
	run_in_order(sim, &watch);
	assert_int_equal(watch.sleepers, 1);
	assert_int_equal(watch.violation, MMREF_DEADLOCK);
	assert_int_equal(s->last[1], 3);
}

/* --- a simulation used again, and many of them ---------------------------- */

static void exploring_leaves_the_simulation_as_it_was(void **state)
{
	struct watch watch;

	(void)state;
	thread_of_steps(0, 2);
	thread_of_steps(1, 3);
	for (int i = 0; i < 3; i++) {
		assert_explored(12, 11, 1);
		assert_int_equal(s->word[0].counter, 0);
		assert_int_equal(s->word[1].counter, 0);
		assert_int_equal(replay(sim, "01101", &watch), 5);
		assert_int_equal(s->word[1].counter, 3);
		assert_int_equal(run_in_order(sim, &watch), 5);
	}
}

static void no_thread_can_be_added_once_it_has_run(void **state)
{
	struct mmref_result result;

	(void)state;
	thread_of_steps(0, 1);
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	mmref_result_free(&result);
	assert_false(mmref_thread(sim, "late", nothing_at_all, s));
	assert_explored(2, 1, 1);
}

static void a_thread_too_many_is_refused(void **state)
{
	(void)state;
	for (int i = 0; i < MMREF_MAX_THREADS; i++)
		thread_of_steps(i, 1);
	assert_false(mmref_thread(sim, "ninth", nothing_at_all, s));
	assert_explored(256, 255, 1); /* a cube of eight dimensions */
}

/* The lines of /proc/self/maps, and the kilobytes they span. */
static void count_maps(unsigned int *lines, size_t *kilobytes)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long from, to;
	char line[512];

	assert_non_null(maps);
	*lines = 0;
	*kilobytes = 0;
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx", &from, &to) != 2 || strstr(line, "[v"))
			continue;
		(*lines)++;
		*kilobytes += (to - from) >> 10;
	}
	fclose(maps);
}

static void explore_and_free_one(int seed)
{
	struct scene scene = scene_new(old_and_new[seed % 2], 1 + seed % 3);
	struct mmref_result result;

	mmref_thread(scene.sim, "nothing", nothing_at_all, NULL);
	assert_int_equal(mmref_explore(scene.sim, NULL, &result), 0);
	assert_int_equal(result.verdict, MMREF_HOLDS);
	mmref_result_free(&result);
	mmref_sim_free(scene.sim);
}

static void a_simulation_that_was_freed_is_not_mapped(void **state)
{
	void *base = sim->arena.base;

	(void)state;
	assert_int_equal(msync(base, 4096, MS_ASYNC), 0);
	tear_down(state);
	assert_int_equal(msync(base, 4096, MS_ASYNC), -1);
	assert_int_equal(errno, ENOMEM);
	sim = NULL;
}

/* One arena in 400 that stays mapped is 10 MB, and so are the heaps of a few searches. */
static void many_simulations_leave_nothing_mapped(void **state)
{
	unsigned int lines_before, lines_after;
	size_t before, after;

	(void)state;
	for (int i = 0; i < 50; i++)
		explore_and_free_one(i);
	count_maps(&lines_before, &before);
	for (int i = 0; i < 400; i++)
		explore_and_free_one(i);
	count_maps(&lines_after, &after);
	assert_true(lines_after < lines_before + 50);
	assert_true(after < before + (8 << 10));
}

/* --- a world that is full ------------------------------------------------- */

/* To the last block of 16 bytes. */
static void fill_world(void)
{
	for (size_t size = 1 << 20; size >= 16; size /= 2)
		while (mmref_alloc(sim, size))
			continue;
}

static void what_does_not_fit_in_a_world_is_null(void **state)
{
	char *small;

	(void)state;
	assert_null(mmref_alloc(sim, (size_t)1 << 30));
	assert_null(mmref_alloc(sim, SIZE_MAX));
	assert_null(mmref_alloc(sim, SIZE_MAX - 7));
	assert_null(mmref_fsdax(sim, 1 << 30));
	small = mmref_alloc(sim, 100);
	assert_non_null(small);
	for (int i = 0; i < 100; i++)
		assert_int_equal(small[i], 0);
}

static void a_full_world_has_no_more_objects(void **state)
{
	struct scene scene;

	tear_down(state);
	scene = scene_new(&mmref_v7_2, 2);
	sim = scene.sim;
	fill_world();
	assert_null(mmref_fsdax(sim, 1));
	assert_null(mmref_create(scene.device, 0, 0));
	assert_null(mmref_process(sim));
	assert_null(mmref_fork(scene.process));
	assert_null(mmref_mmap(scene.process, scene.file, 0, 1));
	assert_null(mmref_in_child(scene.map, scene.process));
	assert_null(mmref_pipe(sim));
	assert_false(mmref_thread(sim, "task", nothing_at_all, NULL));
}

static void a_full_world_has_no_memory_for_the_model_itself(void **state)
{
	struct scene scene;
	int error = 0;

	tear_down(state);
	scene = scene_new(&mmref_v7_2, 2);
	sim = scene.sim;
	fill_world();
	assert_int_equal(mmref_read(scene.map, 0), -ENOMEM); /* no page table */
	assert_null(mmref_get(scene.map, 0, 1, 0, &error));
	assert_int_equal(error, -ENOMEM);
	mmref_close(scene.file);
	assert_int_equal(mmref_open(scene.file), -ENOMEM);
}

/* The scene of one simulation is not set through another. */
static void only_the_simulation_of_the_caller_takes_objects(void **state)
{
	struct mmref_sim *other = mmref_sim_new(&mmref_v7_2);

	(void)state;
	assert_non_null(other);
	assert_null(mmref_fsdax(sim, 1));
	assert_null(mmref_devdax(sim, 1));
	assert_null(mmref_private(sim, 1, false));
	assert_null(mmref_coherent(sim, 1, false));
	assert_null(mmref_p2pdma(sim, 1));
	assert_null(mmref_process(sim));
	assert_null(mmref_pipe(sim));
	assert_non_null(mmref_fsdax(other, 1));
	mmref_sim_free(other);
	assert_null(mmref_process(NULL));
	assert_non_null(mmref_process(sim));
}

static void allocate_for_ever(void *arg)
{
	struct shared *shared = arg;

	while (mmref_process(sim))
		atomic_inc(&shared->count);
	shared->refused = true;
}

static void a_thread_that_fills_the_world_is_refused(void **state)
{
	(void)state;
	thread(allocate_for_ever);
	assert_runs_in_order(sim);
	assert_true(s->refused);
}

/* No room even for the thread that runs RCU callbacks: an error, and not a verdict. */
static void a_world_too_full_to_start_is_an_error(void **state)
{
	struct mmref_result result;
	struct watch watch;

	(void)state;
	thread_of_steps(0, 1);
	fill_world();
	assert_int_equal(mmref_explore(sim, NULL, &result), -1);
	assert_int_equal(result.verdict, MMREF_ERROR);
	assert_string_equal(result.error, "not enough memory");
	assert_int_equal(result.nr_found, 0);
	mmref_result_free(&result);
	assert_int_equal(run_in_order(sim, &watch), 0);
}

#define explore_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		explore_test(a_thread_alone_has_one_run),
		explore_test(two_threads_of_one_step_have_four_states),
		explore_test(two_threads_of_m_and_n_steps_make_a_grid),
		explore_test(three_threads_of_two_steps_make_a_cube),
		explore_test(two_threads_with_one_lock_have_eight_states),
		explore_test(a_read_that_is_forgotten_tells_no_states_apart),
		explore_test(threads_without_steps_have_one_state),
		explore_test(a_simulation_without_threads_is_an_error),
		explore_test(the_enumerator_takes_every_run),
		explore_test(the_search_visits_the_endings_of_the_enumerator),
		explore_test(a_thread_can_fail_before_its_first_step),
		explore_test(a_thread_can_fail_after_its_last_step),
		explore_test(what_is_cut_short_is_bounded_and_says_by_what),
		explore_test(a_bound_that_is_not_reached_changes_nothing),
		explore_test(what_was_found_before_a_bound_is_told),
		explore_test(a_search_can_be_interrupted_by_a_signal),
		explore_test(a_search_begun_after_an_interrupt_ends_at_once),
		explore_test(a_static_counter_is_told_of),
		explore_test(a_static_counter_before_the_first_step_is_told_of),
		explore_test(a_violation_that_comes_and_goes_is_told_of),
		explore_test(a_run_changes_threads_no_oftener_than_it_must),
		explore_test(what_is_not_announced_is_told_of),
		explore_test(what_a_step_touches_besides_is_announced),
		explore_test(what_is_deterministic_comes_to_the_same_figures),
		explore_test(what_is_dead_tells_no_states_apart),
		explore_test(a_collision_is_as_likely_as_there_are_states),
		explore_test(the_run_told_has_no_shorter),
		explore_test(the_shortest_run_is_as_long_as_counted_by_hand),
		explore_test(a_shorter_way_to_a_known_state_is_found),
		explore_test(a_schedule_that_does_not_fit_is_taken_as_far_as_it_goes),
		explore_test(a_schedule_that_stops_in_the_middle_leaves_the_world_there),
		explore_test(a_violation_ends_a_replay),
		explore_test(threads_run_one_after_another),
		explore_test(a_sleeper_goes_on_before_any_later_thread_begins),
		explore_test(who_sleeps_for_ever_is_told),
		explore_test(exploring_leaves_the_simulation_as_it_was),
		explore_test(no_thread_can_be_added_once_it_has_run),
		explore_test(a_thread_too_many_is_refused),
		explore_test(a_simulation_that_was_freed_is_not_mapped),
		explore_test(many_simulations_leave_nothing_mapped),
		explore_test(what_does_not_fit_in_a_world_is_null),
		explore_test(a_full_world_has_no_more_objects),
		explore_test(a_full_world_has_no_memory_for_the_model_itself),
		explore_test(only_the_simulation_of_the_caller_takes_objects),
		explore_test(a_thread_that_fills_the_world_is_refused),
		explore_test(a_world_too_full_to_start_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
