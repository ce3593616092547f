/* SPDX-License-Identifier: MIT */
/* Runs without end: which are a livelock, and how they are told. */
#include "scene.h"

#include <mmref/linux/atomic.h>
#include <mmref/linux/spinlock.h>

struct shared {
	atomic_t flag[2];
	atomic_t word, stop;
	spinlock_t lock;
};

struct part {
	struct shared *shared;
	int me;
};

static struct mmref_sim *sim;
static struct shared *s;
static struct mmref_result result;

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
	mmref_result_free(&result);
	mmref_sim_free(sim);
	return 0;
}

static void thread(void (*body)(void *arg), int me)
{
	struct part *part = mmref_alloc(sim, sizeof(*part));

	assert_non_null(part);
	*part = (struct part){ .shared = s, .me = me };
	assert_true(mmref_thread(sim, me ? "b" : "a", body, part));
}

static void explore(const struct mmref_options *options)
{
	assert_int_equal(mmref_explore(sim, options, &result), 0);
}

static void assert_holds(void)
{
	explore(NULL);
	assert_int_equal(result.verdict, MMREF_HOLDS);
	assert_true(result.complete);
}

static void on_violation(void *cookie, int task, const struct mmref_found *found)
{
	struct mmref_found *told = cookie;

	assert_int_equal(task, -1);
	*told = *found;
}

/* The run of @found, with the loop gone round @rounds times, is told as a livelock again. */
static void assert_goes_round(const struct mmref_found *found, size_t rounds)
{
	size_t lap = found->schedule.length - found->loop;
	struct mmref_schedule run = { .length = found->loop + rounds * lap };
	struct mmref_found told = { .violation = MMREF_NONE };
	struct mmref_observer observer = { .cookie = &told, .violation = on_violation };

	run.tasks = malloc(run.length);
	assert_non_null(run.tasks);
	memcpy(run.tasks, found->schedule.tasks, found->loop);
	for (size_t i = 0; i < rounds; i++)
		memcpy(run.tasks + found->loop + i * lap, found->schedule.tasks + found->loop, lap);
	assert_int_equal(mmref_replay(sim, &run, &observer), run.length);
	free(run.tasks);
	assert_int_equal(told.violation, MMREF_LIVELOCK);
	assert_int_equal(told.loop, found->loop + (rounds - 1) * lap);
	assert_ptr_equal(told.site, found->site);
}

static void assert_livelock(void)
{
	const struct mmref_found *found;

	explore(NULL);
	assert_int_equal(result.verdict, MMREF_VIOLATES);
	assert_int_equal(result.violation, MMREF_LIVELOCK);
	assert_true(result.complete);
	found = &result.found[0];
	assert_true(found->loop < found->schedule.length);
	for (size_t rounds = 1; rounds < 4; rounds++)
		assert_goes_round(found, rounds);
}

/* Who sees the other's flag takes its own down, and tries again. */
static void back_off(void *arg)
{
	struct part *part = arg;
	atomic_t *mine = &part->shared->flag[part->me], *others = &part->shared->flag[!part->me];

	atomic_set(mine, 1);
	while (atomic_read(others)) {
		atomic_set(mine, 0);
		atomic_set(mine, 1);
	}
	atomic_set(mine, 0);
}

/* One of the two leaves its flag where it is. */
static void back_off_if_second(void *arg)
{
	struct part *part = arg;
	atomic_t *mine = &part->shared->flag[part->me], *others = &part->shared->flag[!part->me];

	atomic_set(mine, 1);
	while (atomic_read(others)) {
		if (!part->me)
			continue;
		atomic_set(mine, 0);
		atomic_set(mine, 1);
	}
	atomic_set(mine, 0);
}

static void two_who_back_off_from_each_other_livelock(void **state)
{
	(void)state;
	thread(back_off, 0);
	thread(back_off, 1);
	assert_livelock();
	/* both flags go up, both are seen, both go down */
	assert_int_equal(result.found[0].loop, 2);
	assert_int_equal(result.found[0].schedule.length - result.found[0].loop, 6);
}

static void one_who_does_not_back_off_livelocks_with_one_who_waits(void **state)
{
	(void)state;
	thread(back_off_if_second, 0);
	thread(back_off_if_second, 1);
	assert_livelock();
}

static void wait_for_flag(void *arg)
{
	struct part *part = arg;

	while (!atomic_read(&part->shared->flag[!part->me]))
		continue;
}

static void raise_flag(void *arg)
{
	struct part *part = arg;

	atomic_set(&part->shared->flag[part->me], 1);
}

/* It spins for as long as the other has not run, which is not for ever. */
static void one_who_spins_for_another_holds(void **state)
{
	(void)state;
	thread(wait_for_flag, 0);
	thread(raise_flag, 1);
	assert_holds();
}

static void two_who_spin_for_each_other_livelock(void **state)
{
	(void)state;
	thread(wait_for_flag, 0);
	thread(wait_for_flag, 1);
	assert_livelock();
	/* each looks once, and once more where a dead value tells the first look apart */
	assert_in_range(result.found[0].schedule.length, 2, 4);
	assert_in_range(result.found[0].loop, 0, 2);
}

/* --- a set that is to be taken apart --------------------------------------- */

/* The lock is let go of only where the word is seen set. */
static void hold_lock(void *arg)
{
	struct shared *shared = ((struct part *)arg)->shared;

	spin_lock(&shared->lock);
	while (!atomic_read(&shared->stop)) {
		if (!atomic_read(&shared->word))
			continue;
		spin_unlock(&shared->lock);
		spin_lock(&shared->lock);
	}
	spin_unlock(&shared->lock);
}

static void flip_word(void *arg)
{
	struct shared *shared = ((struct part *)arg)->shared;

	while (!atomic_read(&shared->stop)) {
		atomic_set(&shared->word, 1);
		atomic_set(&shared->word, 0);
	}
}

static void set_word(void *arg)
{
	atomic_set(&((struct part *)arg)->shared->word, 1);
}

static void stop_under_lock(void *arg)
{
	struct shared *shared = ((struct part *)arg)->shared;

	spin_lock(&shared->lock);
	atomic_set(&shared->stop, 1);
	spin_unlock(&shared->lock);
}

/*
 * Three tasks, and the states from which the third could go on are of the same component
 * as those from which it cannot: a run that stays among these never meets it.
 */
static void a_livelock_that_keeps_a_third_asleep_is_found(void **state)
{
	(void)state;
	thread(hold_lock, 0);
	thread(flip_word, 0);
	thread(stop_under_lock, 0);
	assert_livelock();
}

/* Here the lock is let go of in each round, and the third comes in. */
static void a_third_who_could_always_come_in_does(void **state)
{
	(void)state;
	thread(set_word, 0);
	thread(hold_lock, 0);
	thread(stop_under_lock, 0);
	assert_holds();
}

/* --- what else ends a search -------------------------------------------------- */

static const struct mmref_options executions = { .strategy = MMREF_DPOR };

static void executions_tell_who_spins_alone(void **state)
{
	(void)state;
	thread(wait_for_flag, 0);
	explore(&executions);
	assert_int_equal(result.violation, MMREF_LIVELOCK);
	assert_goes_round(&result.found[0], 1);
}

static void assert_bounded_by(const struct mmref_options *options, const char *bound)
{
	explore(options);
	assert_int_equal(result.verdict, MMREF_BOUNDED);
	assert_false(result.complete);
	assert_string_equal(result.bounded_by, bound);
}

/* Without the states it cannot be known that there is no other way round. */
static void executions_that_come_round_are_bounded(void **state)
{
	(void)state;
	thread(wait_for_flag, 0);
	thread(raise_flag, 1);
	assert_bounded_by(&executions, "cycles");
}

/* Ever later one of the two takes another turn. */
static void executions_that_come_round_without_end_are_bounded(void **state)
{
	(void)state;
	thread(back_off, 0);
	thread(back_off, 1);
	assert_bounded_by(&executions, "depth");
}

static void count_for_ever(void *arg)
{
	for (;;)
		atomic_inc(&((struct part *)arg)->shared->word);
}

static void executions_that_never_come_round_are_bounded(void **state)
{
	(void)state;
	thread(count_for_ever, 0);
	assert_bounded_by(&executions, "depth");
}

static void the_graph_of_states_counts_as_memory(void **state)
{
	(void)state;
	thread(back_off, 0);
	thread(back_off, 1);
	assert_bounded_by(&(struct mmref_options){ .max_memory = 10000 }, "max-memory");
}

#define liveness_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		liveness_test(two_who_back_off_from_each_other_livelock),
		liveness_test(one_who_does_not_back_off_livelocks_with_one_who_waits),
		liveness_test(one_who_spins_for_another_holds),
		liveness_test(two_who_spin_for_each_other_livelock),
		liveness_test(a_livelock_that_keeps_a_third_asleep_is_found),
		liveness_test(a_third_who_could_always_come_in_does),
		liveness_test(executions_tell_who_spins_alone),
		liveness_test(executions_that_come_round_are_bounded),
		liveness_test(executions_that_come_round_without_end_are_bounded),
		liveness_test(executions_that_never_come_round_are_bounded),
		liveness_test(the_graph_of_states_counts_as_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
