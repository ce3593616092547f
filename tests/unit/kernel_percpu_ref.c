/* SPDX-License-Identifier: MIT */
/* percpu_ref: what a kill does at once, and what only after a grace period. */
#include "threads.h"

#include <mmref/linux/atomic.h>
#include <mmref/linux/percpu-refcount.h>
#include <mmref/linux/wait.h>
#include "sched/sim.h"

struct counted {
	struct percpu_ref ref; /* first: the release finds the rest by it */
	struct completion released;
	atomic_t releases, killed, finished;
};

static struct counted *c;

static void release(struct percpu_ref *ref)
{
	struct counted *counted = (struct counted *)ref;

	mmref_assert(atomic_inc_return(&counted->releases) == 1);
	complete(&counted->released);
}

static int set_up(void **state)
{
	(void)state;
	c = threads_set_up(sizeof(*c));
	if (!c)
		return -1;
	percpu_ref_init(&c->ref, release);
	return 0;
}

static void kill_and_say_so(void *arg)
{
	struct counted *counted = arg;

	percpu_ref_kill(&counted->ref);
	atomic_set(&counted->killed, 1);
}

static void kill_and_wait(void *arg)
{
	struct counted *counted = arg;

	percpu_ref_kill(&counted->ref);
	wait_for_completion(&counted->released);
}

/* --- tryget, tryget_live -------------------------------------------------- */

static void get_kill_tryget(void *arg)
{
	struct counted *counted = arg;

	percpu_ref_get(&counted->ref);
	percpu_ref_kill(&counted->ref);
	mmref_assert(percpu_ref_is_dying(&counted->ref));
	mmref_assert(percpu_ref_tryget(&counted->ref));
	percpu_ref_put(&counted->ref);
	mmref_assert(!atomic_read(&counted->releases));
	percpu_ref_put(&counted->ref);
	wait_for_completion(&counted->released);
}

/* "Succeeds as long as the count is not 0": a dying ref is no exception. */
static void percpu_ref_tryget_succeeds_on_a_dying_ref(void **state)
{
	(void)state;
	threads(1, get_kill_tryget);
	assert_mmref_holds(sim);
}

static void kill_wait_tryget(void *arg)
{
	struct counted *counted = arg;

	kill_and_wait(counted);
	mmref_assert(!percpu_ref_tryget(&counted->ref));
}

static void percpu_ref_tryget_fails_on_a_released_ref(void **state)
{
	(void)state;
	threads(1, kill_wait_tryget);
	assert_mmref_holds(sim);
}

static void get_kill_tryget_live(void *arg)
{
	struct counted *counted = arg;

	percpu_ref_get(&counted->ref);
	percpu_ref_kill(&counted->ref);
	rcu_read_lock();
	mmref_assert(!percpu_ref_tryget_live_rcu(&counted->ref));
	rcu_read_unlock();
	percpu_ref_put(&counted->ref);
}

static void percpu_ref_tryget_live_fails_once_dead_is_seen(void **state)
{
	(void)state;
	threads(1, get_kill_tryget_live);
	assert_mmref_holds(sim);
}

/* What one gets alive keeps the release away until it is put. */
static void tryget_live_and_use(void *arg)
{
	struct counted *counted = arg;
	bool got;

	rcu_read_lock();
	got = percpu_ref_tryget_live_rcu(&counted->ref);
	rcu_read_unlock();
	if (!got)
		return;
	mmref_assert(!atomic_read(&counted->releases));
	percpu_ref_put(&counted->ref);
}

static void what_tryget_live_got_keeps_the_release_away(void **state)
{
	(void)state;
	threads(2, tryget_live_and_use);
	threads(1, kill_and_wait);
	assert_mmref_holds(sim);
}

/* The same without the read section that makes the kill wait. */
static void tryget_live_outside_rcu(void *arg)
{
	struct counted *counted = arg;

	if (!percpu_ref_tryget_live_rcu(&counted->ref))
		return;
	mmref_assert(!atomic_read(&counted->releases));
	percpu_ref_put(&counted->ref);
}

/*
 * tryget_live without rcu_read_lock().
 *
 *	1. the getter sees percpu mode
 *	2. the killer kills; nobody is inside, the switch adds up 0, and releases
 *	3. the getter counts itself on a CPU that nobody will look at again
 *
 * When the kill does not depend on the grace period: holds.
 */
static void tryget_live_outside_a_section_can_come_after_the_release(void **state)
{
	(void)state;
	threads(1, tryget_live_outside_rcu);
	threads(1, kill_and_wait);
	assert_some_run_fails(sim, "!atomic_read(&counted->releases)");
}

/*
 * "Completion of percpu_ref_kill() in itself doesn't guarantee that this function
 * will fail": include/linux/percpu-refcount.h on tryget_live.
 *
 *	1. the getter (0) is in its read section and sees percpu mode
 *	2. the killer (1) kills, and percpu_ref_kill() has returned
 *	3. the getter counts itself, and has its reference
 *
 * When the kill takes effect at once: step 3 finds the ref dead.
 */
static void percpu_ref_tryget_live_may_succeed_within_the_grace_period(void **state)
{
	struct story story = { .sim = sim };

	(void)state;
	threads(1, tryget_live_and_use);
	threads(1, kill_and_say_so);
	story_until(&story, 0, "percpu_ref_tryget_live_rcu");
	story_until(&story, 1, "atomic_set");
	assert_int_equal(c->killed.counter, 1);
	assert_int_equal(c->ref.percpu_count, 0);
	story_until(&story, 0, "percpu_ref_tryget_live_rcu");
	assert_int_equal(c->ref.percpu_count, 1);
	assert_int_equal(c->releases.counter, 0);

	/* and once it is out of its section, it has a reference to put */
	story_until(&story, 0, "percpu_ref_put");
	assert_int_equal(c->releases.counter, 0);
}

/* --- release -------------------------------------------------------------- */

/* Whoever is in a read section and sees the ref alive will not see it released. */
static void look_under_rcu(void *arg)
{
	struct counted *counted = arg;

	rcu_read_lock();
	if (!percpu_ref_is_dying(&counted->ref))
		mmref_assert(!atomic_read(&counted->releases));
	rcu_read_unlock();
}

static void look_without_rcu(void *arg)
{
	struct counted *counted = arg;

	if (!percpu_ref_is_dying(&counted->ref))
		mmref_assert(!atomic_read(&counted->releases));
}

static void release_comes_not_before_a_grace_period(void **state)
{
	(void)state;
	threads(2, look_under_rcu);
	threads(1, kill_and_wait);
	assert_mmref_holds(sim);
}

static void release_waits_only_for_readers(void **state)
{
	(void)state;
	threads(1, look_without_rcu);
	threads(1, kill_and_wait);
	assert_some_run_fails(sim, "!atomic_read(&counted->releases)");
}

static void get_and_put(void *arg)
{
	struct counted *counted = arg;

	if (!percpu_ref_tryget(&counted->ref))
		return;
	mmref_assert(!atomic_read(&counted->releases));
	percpu_ref_put(&counted->ref);
}

/* Got in one mode and put in the other: the sum is right whenever it is taken. */
static void references_are_counted_across_the_switch(void **state)
{
	(void)state;
	threads(2, get_and_put);
	threads(1, kill_and_wait);
	assert_mmref_holds(sim);
}

static void pass_through_zero(void *arg)
{
	struct counted *counted = arg;

	percpu_ref_put(&counted->ref);
	percpu_ref_get(&counted->ref);
	mmref_assert(!atomic_read(&counted->releases));
	kill_and_wait(counted);
}

/* In percpu mode a put tests for nothing. */
static void percpu_mode_never_releases_at_zero(void **state)
{
	(void)state;
	threads(1, pass_through_zero);
	assert_mmref_holds(sim);
}

static void keep_and_kill(void *arg)
{
	struct counted *counted = arg;

	percpu_ref_get(&counted->ref);
	kill_and_wait(counted);
}

static void a_reference_that_is_kept_keeps_the_release_away_for_ever(void **state)
{
	(void)state;
	threads(1, keep_and_kill);
	assert_mmref_violates(sim, MMREF_DEADLOCK);
}

static void put_twice_and_kill(void *arg)
{
	struct counted *counted = arg;

	percpu_ref_get(&counted->ref);
	percpu_ref_put(&counted->ref);
	percpu_ref_put(&counted->ref);
	percpu_ref_kill(&counted->ref);
}

/* "percpu ref <= 0 after switching to atomic": the sum shows what no put has. */
static void a_put_of_more_than_is_held_warns_at_the_switch(void **state)
{
	struct mmref_result result;

	(void)state;
	threads(1, put_twice_and_kill);
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_int_equal(result.violation, MMREF_KERNEL_WARNING);
	assert_string_equal(result.found[0].site->func, "percpu_ref_switch_to_atomic_rcu");
	mmref_result_free(&result);
}

static void put_once_and_kill(void *arg)
{
	struct counted *counted = arg;

	percpu_ref_get(&counted->ref);
	percpu_ref_put(&counted->ref);
	percpu_ref_kill(&counted->ref);
}

static void a_put_of_what_is_held_warns_of_nothing(void **state)
{
	(void)state;
	threads(1, put_once_and_kill);
	assert_mmref_holds(sim);
}

static void kill_twice(void *arg)
{
	struct counted *counted = arg;

	percpu_ref_get(&counted->ref);
	percpu_ref_kill(&counted->ref);
	percpu_ref_kill(&counted->ref);
}

static void a_second_kill_warns(void **state)
{
	struct mmref_result result;

	(void)state;
	threads(1, kill_twice);
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_true(result.nr_found);
	assert_int_equal(result.found[result.nr_found - 1].violation, MMREF_KERNEL_WARNING);
	mmref_result_free(&result);
}

/* --- the sum, for reports ------------------------------------------------- */

static void hold_two_and_kill(void *arg)
{
	struct counted *counted = arg;

	percpu_ref_get(&counted->ref);
	percpu_ref_get(&counted->ref);
	percpu_ref_kill(&counted->ref);
}

/* The kill takes the initial reference away, and the switch the one it stood on. */
static void the_sum_is_what_is_held_in_either_mode(void **state)
{
	(void)state;
	assert_int_equal(percpu_ref_sum(&c->ref), 1);
	percpu_ref_get(&c->ref);
	assert_int_equal(percpu_ref_sum(&c->ref), 2);
	percpu_ref_put(&c->ref);

	threads(1, hold_two_and_kill);
	assert_runs_in_order(sim);
	assert_int_equal(c->ref.count.counter, 2);
	assert_int_equal(percpu_ref_sum(&c->ref), 2);
}

/* --- exit ------------------------------------------------------------------- */

static void kill_wait_exit(void *arg)
{
	struct counted *counted = arg;

	kill_and_wait(counted);
	percpu_ref_exit(&counted->ref);
}

static void tryget_live_and_put(void *arg)
{
	struct counted *counted = arg;
	bool live;

	rcu_read_lock();
	live = percpu_ref_tryget_live_rcu(&counted->ref);
	rcu_read_unlock();
	if (live)
		percpu_ref_put(&counted->ref);
}

static void tryget_and_put(void *arg)
{
	struct counted *counted = arg;

	if (percpu_ref_tryget(&counted->ref))
		percpu_ref_put(&counted->ref);
}

/* DEAD is looked at before the counters, which are there as long as it is not seen. */
static void percpu_ref_tryget_live_reaches_no_counter_after_exit(void **state)
{
	(void)state;
	threads(1, tryget_live_and_put);
	threads(1, kill_wait_exit);
	assert_mmref_holds(sim);
}

static void percpu_ref_tryget_reaches_counters_that_are_freed(void **state)
{
	(void)state;
	threads(1, tryget_and_put);
	threads(1, kill_wait_exit);
	assert_mmref_violates(sim, MMREF_KERNEL_BUG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		kernel_test(percpu_ref_tryget_succeeds_on_a_dying_ref),
		kernel_test(percpu_ref_tryget_fails_on_a_released_ref),
		kernel_test(percpu_ref_tryget_live_fails_once_dead_is_seen),
		kernel_test(what_tryget_live_got_keeps_the_release_away),
		kernel_test(tryget_live_outside_a_section_can_come_after_the_release),
		kernel_test(percpu_ref_tryget_live_may_succeed_within_the_grace_period),
		kernel_test(release_comes_not_before_a_grace_period),
		kernel_test(release_waits_only_for_readers),
		kernel_test(references_are_counted_across_the_switch),
		kernel_test(percpu_mode_never_releases_at_zero),
		kernel_test(a_reference_that_is_kept_keeps_the_release_away_for_ever),
		kernel_test(a_put_of_more_than_is_held_warns_at_the_switch),
		kernel_test(a_put_of_what_is_held_warns_of_nothing),
		kernel_test(a_second_kill_warns),
		kernel_test(percpu_ref_tryget_live_reaches_no_counter_after_exit),
		kernel_test(percpu_ref_tryget_reaches_counters_that_are_freed),
		kernel_test(the_sum_is_what_is_held_in_either_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
