/* SPDX-License-Identifier: MIT */
/* Spinlock, mutex and rw_semaphore under every interleaving of their users. */
#include "threads.h"

#include <mmref/linux/atomic.h>
#include <mmref/linux/bug.h>
#include <mmref/linux/spinlock.h>
#include <mmref/linux/wait.h>
#include "sched/sim.h"

struct shared {
	spinlock_t lock[2];
	struct mutex mutex;
	struct rw_semaphore sem;
	struct completion done;
	int word, twin;
	atomic_t finished;
};

static int set_up(void **state)
{
	(void)state;
	return threads_set_up(sizeof(struct shared)) ? 0 : -1;
}

/* A read and a write with room between them: two at once lose an increment. */
static void racy_increment(struct shared *shared)
{
	int seen = READ_ONCE(shared->word);

	WRITE_ONCE(shared->word, seen + 1);
}

/* Whoever comes last finds the increments of all @users. */
static void count_up(struct shared *shared, int users)
{
	if (atomic_inc_return(&shared->finished) == users)
		mmref_assert(shared->word == users);
}

static void increment_unlocked(void *arg)
{
	racy_increment(arg);
	count_up(arg, 2);
}

static void increment_under_spinlock(void *arg)
{
	struct shared *shared = arg;

	spin_lock(&shared->lock[0]);
	racy_increment(shared);
	spin_unlock(&shared->lock[0]);
	count_up(shared, 3);
}

static void increment_under_mutex(void *arg)
{
	struct shared *shared = arg;

	mutex_lock(&shared->mutex);
	racy_increment(shared);
	mutex_unlock(&shared->mutex);
	count_up(shared, 3);
}

static void increment_under_rwsem(void *arg)
{
	struct shared *shared = arg;

	down_write(&shared->sem);
	racy_increment(shared);
	up_write(&shared->sem);
	count_up(shared, 3);
}

/* Two locks are not one lock. */
static void increment_under_either_lock(void *arg)
{
	struct shared *shared = arg;
	spinlock_t *lock = &shared->lock[current->id];

	spin_lock(lock);
	racy_increment(shared);
	spin_unlock(lock);
	count_up(shared, 2);
}

static void two_unlocked_increments_can_lose_one(void **state)
{
	(void)state;
	threads(2, increment_unlocked);
	assert_some_run_fails(sim, "shared->word == users");
}

static void spinlock_lets_one_in_at_a_time(void **state)
{
	(void)state;
	threads(3, increment_under_spinlock);
	assert_mmref_holds(sim);
}

static void two_spinlocks_protect_nothing_together(void **state)
{
	(void)state;
	threads(2, increment_under_either_lock);
	assert_some_run_fails(sim, "shared->word == users");
}

static void mutex_lets_one_in_at_a_time(void **state)
{
	(void)state;
	threads(3, increment_under_mutex);
	assert_mmref_holds(sim);
}

static void writers_of_a_rwsem_exclude_each_other(void **state)
{
	(void)state;
	threads(3, increment_under_rwsem);
	assert_mmref_holds(sim);
}

/* --- readers and writers -------------------------------------------------- */

static void write_both(void *arg)
{
	struct shared *shared = arg;

	down_write(&shared->sem);
	WRITE_ONCE(shared->word, 1);
	WRITE_ONCE(shared->twin, 1);
	up_write(&shared->sem);
}

static void read_both(void *arg)
{
	struct shared *shared = arg;
	int word, twin;

	down_read(&shared->sem);
	word = READ_ONCE(shared->word);
	twin = READ_ONCE(shared->twin);
	up_read(&shared->sem);
	mmref_assert(word == twin);
}

static void read_both_unlocked(void *arg)
{
	struct shared *shared = arg;
	int word = READ_ONCE(shared->word);
	int twin = READ_ONCE(shared->twin);

	mmref_assert(word == twin);
}

static void readers_of_a_rwsem_never_see_half_a_write(void **state)
{
	(void)state;
	threads(1, write_both);
	threads(2, read_both);
	assert_mmref_holds(sim);
}

static void a_reader_without_the_rwsem_sees_half_a_write(void **state)
{
	(void)state;
	threads(1, write_both);
	threads(1, read_both_unlocked);
	assert_some_run_fails(sim, "word == twin");
}

static void read_until_the_other_has_read(void *arg)
{
	struct shared *shared = arg;

	down_read(&shared->sem);
	wait_for_completion(&shared->done);
	up_read(&shared->sem);
}

static void read_and_say_so(void *arg)
{
	struct shared *shared = arg;

	down_read(&shared->sem);
	complete(&shared->done);
	up_read(&shared->sem);
}

static void write_and_say_so(void *arg)
{
	struct shared *shared = arg;

	down_write(&shared->sem);
	complete(&shared->done);
	up_write(&shared->sem);
}

static void two_readers_are_inside_at_once(void **state)
{
	(void)state;
	threads(1, read_until_the_other_has_read);
	threads(1, read_and_say_so);
	assert_mmref_holds(sim);
}

/*
 * A reader sleeps for what only a writer gives.
 *
 *	1. the reader takes the semaphore and sleeps for the completion
 *	2. the writer that would complete it waits for the reader
 *
 * When a writer is let in beside a reader: holds.
 */
static void no_writer_is_inside_with_a_reader(void **state)
{
	(void)state;
	threads(1, read_until_the_other_has_read);
	threads(1, write_and_say_so);
	assert_mmref_violates(sim, MMREF_DEADLOCK);
}

/* --- deadlocks ------------------------------------------------------------ */

static void take_a_then_b(void *arg)
{
	struct shared *shared = arg;

	spin_lock(&shared->lock[0]);
	spin_lock(&shared->lock[1]);
	spin_unlock(&shared->lock[1]);
	spin_unlock(&shared->lock[0]);
}

static void take_b_then_a(void *arg)
{
	struct shared *shared = arg;

	spin_lock(&shared->lock[1]);
	spin_lock(&shared->lock[0]);
	spin_unlock(&shared->lock[0]);
	spin_unlock(&shared->lock[1]);
}

/*
 * Two locks in two orders.
 *
 *	1. one takes A
 *	2. the other takes B
 *	3. each waits for what the other has
 *
 * No run to it is shorter than two steps. When lost: holds.
 */
static void locks_taken_in_two_orders_deadlock(void **state)
{
	struct mmref_result result;
	const struct mmref_schedule *shortest;

	(void)state;
	threads(1, take_a_then_b);
	threads(1, take_b_then_a);
	explore_to_one_deadlock(&result, "take_a_then_b", "lock &shared->lock[1]");
	shortest = &result.found[0].schedule;
	assert_int_equal(shortest->length, 2);
	assert_int_not_equal(shortest->tasks[0], shortest->tasks[1]);
	mmref_result_free(&result);
}

static void locks_taken_in_one_order_do_not_deadlock(void **state)
{
	(void)state;
	threads(3, take_a_then_b);
	assert_mmref_holds(sim);
}

static void take_twice(void *arg)
{
	struct shared *shared = arg;

	spin_lock(&shared->lock[0]);
	spin_lock(&shared->lock[0]);
}

static void a_lock_taken_twice_by_one_task_deadlocks(void **state)
{
	(void)state;
	threads(1, take_twice);
	assert_mmref_violates(sim, MMREF_DEADLOCK);
}

static void take_read_then_write(void *arg)
{
	struct shared *shared = arg;

	down_read(&shared->sem);
	down_write(&shared->sem);
	up_write(&shared->sem);
	up_read(&shared->sem);
}

static void a_reader_cannot_become_the_writer(void **state)
{
	(void)state;
	threads(1, take_read_then_write);
	assert_mmref_violates(sim, MMREF_DEADLOCK);
}

static void try_a_then_b(void *arg)
{
	struct shared *shared = arg;

	spin_lock(&shared->lock[0]);
	if (spin_trylock(&shared->lock[1]))
		spin_unlock(&shared->lock[1]);
	spin_unlock(&shared->lock[0]);
}

static void trylock_gives_up_where_lock_would_deadlock(void **state)
{
	(void)state;
	threads(1, try_a_then_b);
	threads(1, take_b_then_a);
	assert_mmref_holds(sim);
}

/* --- trylock and ownership ------------------------------------------------ */

static void try_and_keep(void *arg)
{
	struct shared *shared = arg;

	if (spin_trylock(&shared->lock[0])) {
		mmref_assert(spin_is_mine(&shared->lock[0]));
		WRITE_ONCE(shared->word, shared->word + 1);
	} else {
		mmref_assert(!spin_is_mine(&shared->lock[0]));
	}
	if (atomic_inc_return(&shared->finished) == 3)
		mmref_assert(shared->word == 1);
}

static void of_all_who_try_a_lock_one_gets_it(void **state)
{
	(void)state;
	threads(3, try_and_keep);
	assert_mmref_holds(sim);
}

static void keep_spinlock(void *arg)
{
	spin_lock(&((struct shared *)arg)->lock[0]);
}

static void keep_mutex(void *arg)
{
	mutex_lock(&((struct shared *)arg)->mutex);
}

static void keep_rwsem(void *arg)
{
	down_write(&((struct shared *)arg)->sem);
}

/* Which letter ps shows of a task that waits: R, D, D. */
static void a_spinlock_is_spun_for_and_other_locks_are_slept_for(void **state)
{
	static const struct {
		void (*body)(void *arg);
		enum sleep_state state;
	} locks[] = {
		{ keep_spinlock, TASK_SPINNING },
		{ keep_mutex, TASK_UNINTERRUPTIBLE },
		{ keep_rwsem, TASK_UNINTERRUPTIBLE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
		struct watch watch;

		threads_tear_down(state);
		set_up(state);
		threads(2, locks[i].body);
		run_in_order(sim, &watch);
		assert_int_equal(watch.sleepers, 1);
		assert_int_equal(watch.violation, MMREF_DEADLOCK);
		assert_non_null(sim->fiber[1]->task.asleep);
		assert_int_equal(sim->fiber[1]->task.state, locks[i].state);
	}
}

static void die_with_the_lock(void *arg)
{
	struct shared *shared = arg;

	spin_lock(&shared->lock[0]);
	kernel_bug(SITE("BUG"), NULL, "a test's own");
}

/* make_task_dead() drops no lock: whoever comes later waits for ever. */
static void a_lock_stays_with_the_task_that_died_under_it(void **state)
{
	unsigned int enabled;

	(void)state;
	threads(1, die_with_the_lock);
	threads(1, keep_spinlock);
	sim->ends_run = false;
	assert_true(sim_start(sim));
	sim_reset(sim);
	while ((enabled = sim_enabled(sim)))
		sim_step(sim, __builtin_ctz(enabled));
	assert_true(sim->fiber[0]->task.dead);
	assert_false(sim->fiber[1]->task.done);
	assert_string_equal(sim->fiber[1]->task.asleep->func, "keep_spinlock");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		kernel_test(two_unlocked_increments_can_lose_one),
		kernel_test(spinlock_lets_one_in_at_a_time),
		kernel_test(two_spinlocks_protect_nothing_together),
		kernel_test(mutex_lets_one_in_at_a_time),
		kernel_test(writers_of_a_rwsem_exclude_each_other),
		kernel_test(readers_of_a_rwsem_never_see_half_a_write),
		kernel_test(a_reader_without_the_rwsem_sees_half_a_write),
		kernel_test(two_readers_are_inside_at_once),
		kernel_test(no_writer_is_inside_with_a_reader),
		kernel_test(locks_taken_in_two_orders_deadlock),
		kernel_test(locks_taken_in_one_order_do_not_deadlock),
		kernel_test(a_lock_taken_twice_by_one_task_deadlocks),
		kernel_test(a_reader_cannot_become_the_writer),
		kernel_test(trylock_gives_up_where_lock_would_deadlock),
		kernel_test(of_all_who_try_a_lock_one_gets_it),
		kernel_test(a_spinlock_is_spun_for_and_other_locks_are_slept_for),
		kernel_test(a_lock_stays_with_the_task_that_died_under_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
