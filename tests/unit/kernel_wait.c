/* SPDX-License-Identifier: MIT */
/* Waiting for a variable, for a completion, and for one's turn. */
#include "threads.h"

#include <mmref/linux/atomic.h>
#include <mmref/linux/wait.h>
#include "sched/sim.h"

#define QUEUES (sizeof(((struct world *)0)->var_queues) / sizeof(spinlock_t))

struct shared {
	atomic_t word[QUEUES + 1]; /* the first and the last hash to the same queue */
	struct mutex mutex;
	spinlock_t lock;
	struct wait_queue queue;
	struct completion done, arrived[2], gone[2];
	int arrival[2];
	int arrivals;
	atomic_t out;
	bool held;
};

static int set_up(void **state)
{
	(void)state;
	return threads_set_up(sizeof(struct shared)) ? 0 : -1;
}

/* --- ___wait_var_event() and wake_up_var() -------------------------------- */

static bool word_is_set(const void *arg)
{
	return atomic_read((const atomic_t *)arg);
}

static void wait_for_word(void *arg)
{
	atomic_t *word = ((struct shared *)arg)->word;

	___wait_var_event(word, word_is_set, word, TASK_UNINTERRUPTIBLE, NULL, NULL);
	mmref_assert(PEEK(word->counter));
}

static void set_and_wake(void *arg)
{
	atomic_t *word = ((struct shared *)arg)->word;

	atomic_set(word, 1);
	wake_up_var(word);
}

static void wake_and_set(void *arg)
{
	atomic_t *word = ((struct shared *)arg)->word;

	wake_up_var(word);
	atomic_set(word, 1);
}

static void set_and_forget(void *arg)
{
	atomic_set(((struct shared *)arg)->word, 1);
}

static void set_and_wake_the_neighbour(void *arg)
{
	struct shared *shared = arg;

	atomic_set(&shared->word[0], 1);
	wake_up_var(&shared->word[1]);
}

static void set_and_wake_a_queue_mate(void *arg)
{
	struct shared *shared = arg;

	atomic_set(&shared->word[0], 1);
	wake_up_var(&shared->word[QUEUES]);
}

static void wake_for_nothing(void *arg)
{
	wake_up_var(((struct shared *)arg)->word);
}

static void wake_for_nothing_then_set_and_wake(void *arg)
{
	wake_for_nothing(arg);
	set_and_wake(arg);
}

static void wake_for_nothing_then_set_and_forget(void *arg)
{
	wake_for_nothing(arg);
	set_and_forget(arg);
}

static void no_wake_is_lost_when_the_value_changes_before_it(void **state)
{
	(void)state;
	threads(1, wait_for_word);
	threads(1, set_and_wake);
	assert_mmref_holds(sim);
}

static void one_wake_wakes_all_who_wait_on_the_address(void **state)
{
	(void)state;
	threads(2, wait_for_word);
	threads(1, set_and_wake);
	assert_mmref_holds(sim);
}

/*
 * The waker wakes too early.
 *
 *	1. the waiter queues and finds the value 0
 *	2. the waker wakes it
 *	3. the waiter looks again, finds 0 still, and sleeps
 *	4. the waker changes the value, and has nothing left to say
 *
 * When a wake-up is remembered that it should not be: holds.
 */
static void a_wake_before_the_change_is_lost(void **state)
{
	(void)state;
	threads(1, wait_for_word);
	threads(1, wake_and_set);
	assert_mmref_violates(sim, MMREF_LOST_WAKEUP);
}

static void a_waker_that_forgets_leaves_the_waiter_asleep(void **state)
{
	(void)state;
	threads(1, wait_for_word);
	threads(1, set_and_forget);
	assert_mmref_violates(sim, MMREF_LOST_WAKEUP);
}

static void a_wake_on_another_address_is_lost(void **state)
{
	(void)state;
	threads(1, wait_for_word);
	threads(1, set_and_wake_the_neighbour);
	assert_mmref_violates(sim, MMREF_LOST_WAKEUP);
}

/* The hash brings both to one queue, where the key still tells them apart. */
static void a_wake_on_another_address_of_the_same_queue_is_lost(void **state)
{
	(void)state;
	threads(1, wait_for_word);
	threads(1, set_and_wake_a_queue_mate);
	assert_mmref_violates(sim, MMREF_LOST_WAKEUP);
}

/* Nobody ever makes it true: the sleeper is stuck, and no wake-up was lost. */
static void a_condition_that_never_comes_true_is_a_deadlock(void **state)
{
	(void)state;
	threads(1, wait_for_word);
	threads(1, wake_for_nothing);
	assert_mmref_violates(sim, MMREF_DEADLOCK);
}

static void a_waiter_woken_for_nothing_sleeps_again_and_can_be_woken(void **state)
{
	(void)state;
	threads(1, wait_for_word);
	threads(1, wake_for_nothing_then_set_and_wake);
	assert_mmref_holds(sim);
}

static void a_waiter_woken_for_nothing_needs_the_second_wake(void **state)
{
	(void)state;
	threads(1, wait_for_word);
	threads(1, wake_for_nothing_then_set_and_forget);
	assert_mmref_violates(sim, MMREF_LOST_WAKEUP);
}

/*
 * A wake that comes between the look and the sleep.
 *
 *	1. the waiter (0) queues
 *	2. it reads the value: 0
 *	3. the waker (1) sets the value
 *	4. it wakes the queue
 *	5. the waiter goes to sleep, and is through it at once
 *	6. it queues again
 *	7. it reads the value: 1
 *
 * When the wake is lost, step 5 cannot be taken.
 */
static void a_wake_between_the_look_and_the_sleep_is_not_lost(void **state)
{
	struct watch watch;

	(void)state;
	threads(1, wait_for_word);
	threads(1, set_and_wake);
	assert_int_equal(replay(sim, "0011000", &watch), 7);
	assert_int_equal(watch.violation, MMREF_NONE);
	assert_true(sim->fiber[0]->task.done);
}

/* The other end of the same: with no wake before it, step 5 is a sleep. */
static void without_a_wake_the_sleep_is_one(void **state)
{
	struct watch watch;

	(void)state;
	threads(1, wait_for_word);
	threads(1, set_and_forget);
	assert_int_equal(replay(sim, "0010", &watch), 3);
	assert_false(sim->fiber[0]->task.done);
	assert_int_equal(replay(sim, "001", &watch), 3);
	assert_int_equal(watch.violation, MMREF_LOST_WAKEUP);
	assert_string_equal(watch.site->func, "wait_for_word");
}

/* As a file system drops a lock of the inode's. */
static void schedule_without_the_mutex(struct inode *inode)
{
	struct shared *shared = (struct shared *)inode;

	mutex_unlock(&shared->mutex);
	schedule();
	mutex_lock(&shared->mutex);
}

static void wait_dropping_the_mutex(void *arg)
{
	struct shared *shared = arg;

	mutex_lock(&shared->mutex);
	___wait_var_event(shared->word, word_is_set, shared->word, TASK_UNINTERRUPTIBLE,
			  schedule_without_the_mutex, (struct inode *)shared);
	mmref_assert(spin_is_mine(&shared->mutex.lock));
	mutex_unlock(&shared->mutex);
}

static void wait_keeping_the_mutex(void *arg)
{
	struct shared *shared = arg;

	mutex_lock(&shared->mutex);
	wait_for_word(shared);
	mutex_unlock(&shared->mutex);
}

static void set_and_wake_under_the_mutex(void *arg)
{
	struct shared *shared = arg;

	mutex_lock(&shared->mutex);
	set_and_wake(shared);
	mutex_unlock(&shared->mutex);
}

static void a_lock_dropped_around_the_sleep_lets_the_waker_in(void **state)
{
	(void)state;
	threads(1, wait_dropping_the_mutex);
	threads(1, set_and_wake_under_the_mutex);
	assert_mmref_holds(sim);
}

static void a_lock_kept_over_the_sleep_keeps_the_waker_out(void **state)
{
	(void)state;
	threads(1, wait_keeping_the_mutex);
	threads(1, set_and_wake_under_the_mutex);
	assert_mmref_violates(sim, MMREF_DEADLOCK);
}

/* --- completions ---------------------------------------------------------- */

static void wait_completion(void *arg)
{
	struct shared *shared = arg;

	wait_for_completion(&shared->done);
	mmref_assert(atomic_read(shared->word));
}

static void set_and_complete(void *arg)
{
	struct shared *shared = arg;

	atomic_set(shared->word, 1);
	complete(&shared->done);
}

static void a_completion_lets_all_through_and_never_early(void **state)
{
	(void)state;
	threads(2, wait_completion);
	threads(1, set_and_complete);
	assert_mmref_holds(sim);
}

static void complete_and_set(void *arg)
{
	struct shared *shared = arg;

	complete(&shared->done);
	atomic_set(shared->word, 1);
}

static void what_is_done_after_complete_may_come_late(void **state)
{
	(void)state;
	threads(1, wait_completion);
	threads(1, complete_and_set);
	assert_some_run_fails(sim, "atomic_read(shared->word)");
}

static void a_completion_that_never_comes_is_a_deadlock(void **state)
{
	(void)state;
	threads(1, wait_completion);
	threads(1, set_and_forget);
	assert_mmref_violates(sim, MMREF_DEADLOCK);
}

/* --- exclusive waits ------------------------------------------------------ */

/* A bit that is a lock of its own, as DAX_LOCKED: looked at and changed under ->lock. */
static void take_bit(struct shared *shared)
{
	spin_lock(&shared->lock);
	while (shared->held) {
		prepare_to_wait_exclusive(&shared->queue, &shared->held);
		spin_unlock(&shared->lock);
		schedule();
		finish_wait(&shared->queue);
		spin_lock(&shared->lock);
	}
	shared->held = true;
	spin_unlock(&shared->lock);
}

static void drop_bit(struct shared *shared)
{
	spin_lock(&shared->lock);
	shared->held = false;
	spin_unlock(&shared->lock);
}

static void use_bit_and_wake_next(void *arg)
{
	struct shared *shared = arg;

	take_bit(shared);
	WRITE_ONCE(shared->arrivals, READ_ONCE(shared->arrivals) + 1);
	drop_bit(shared);
	__wake_up(&shared->queue, 1, &shared->held);
	if (atomic_inc_return(&shared->out) == 3)
		mmref_assert(shared->arrivals == 3);
}

static void use_bit_and_wake_nobody(void *arg)
{
	take_bit(arg);
	drop_bit(arg);
}

static void use_bit_and_wake_another_key(void *arg)
{
	struct shared *shared = arg;

	take_bit(shared);
	drop_bit(shared);
	__wake_up(&shared->queue, 0, &shared->lock);
}

static void a_bit_whose_holder_wakes_the_next_is_a_lock(void **state)
{
	(void)state;
	threads(3, use_bit_and_wake_next);
	assert_mmref_holds(sim);
}

static void a_bit_dropped_without_a_wake_leaves_the_next_asleep(void **state)
{
	(void)state;
	threads(2, use_bit_and_wake_nobody);
	assert_mmref_violates(sim, MMREF_DEADLOCK);
}

static void a_wake_on_another_key_wakes_nobody(void **state)
{
	(void)state;
	threads(2, use_bit_and_wake_another_key);
	assert_mmref_violates(sim, MMREF_DEADLOCK);
}

/* Under ->lock until it is queued, so that ->arrival[] has the order of the queue. */
static void queue_up(struct shared *shared)
{
	int at;

	spin_lock(&shared->lock);
	at = shared->arrivals++;
	shared->arrival[at] = current->id;
	complete(&shared->arrived[at]);
	prepare_to_wait_exclusive(&shared->queue, shared);
	spin_unlock(&shared->lock);
	schedule();
	finish_wait(&shared->queue);
}

/* Wakes when both are queued: ->lock is free only then. */
static void wait_for_both(struct shared *shared)
{
	wait_for_completion(&shared->arrived[1]);
	spin_lock(&shared->lock);
	spin_unlock(&shared->lock);
}

static void queue_up_and_leave(void *arg)
{
	queue_up(arg);
}

static void queue_up_and_pass_on(void *arg)
{
	struct shared *shared = arg;

	queue_up(shared);
	__wake_up(&shared->queue, 1, shared);
}

static void queue_up_and_be_in_order(void *arg)
{
	struct shared *shared = arg;
	int place;

	queue_up(shared);
	place = atomic_inc_return(&shared->out) - 1;
	mmref_assert(shared->arrival[place] == current->id);
	complete(&shared->gone[place]);
}

static void wake_one(void *arg)
{
	struct shared *shared = arg;

	wait_for_both(shared);
	__wake_up(&shared->queue, 1, shared);
}

static void wake_all(void *arg)
{
	struct shared *shared = arg;

	wait_for_both(shared);
	__wake_up(&shared->queue, 0, shared);
}

static void wake_one_by_one(void *arg)
{
	struct shared *shared = arg;

	wait_for_both(shared);
	__wake_up(&shared->queue, 1, shared);
	wait_for_completion(&shared->gone[0]);
	__wake_up(&shared->queue, 1, shared);
}

static void one_exclusive_wake_wakes_one(void **state)
{
	struct mmref_result result;

	(void)state;
	threads(2, queue_up_and_leave);
	threads(1, wake_one);
	explore_to_one_deadlock(&result, "queue_up", "schedule");
	mmref_result_free(&result);
}

/* Of the two exactly one sleeps on: fewer would mean that the wake did nothing. */
static void one_exclusive_wake_wakes_no_fewer_than_one(void **state)
{
	struct watch watch;

	(void)state;
	threads(2, queue_up_and_leave);
	threads(1, wake_one);
	run_in_order(sim, &watch);
	assert_int_equal(watch.violation, MMREF_DEADLOCK);
	assert_int_equal(watch.sleepers, 1);
}

static void a_wake_of_all_wakes_every_exclusive_waiter(void **state)
{
	(void)state;
	threads(2, queue_up_and_leave);
	threads(1, wake_all);
	assert_mmref_holds(sim);
}

static void a_waiter_that_passes_the_wake_on_leaves_nobody_asleep(void **state)
{
	(void)state;
	threads(2, queue_up_and_pass_on);
	threads(1, wake_one);
	assert_mmref_holds(sim);
}

static void exclusive_waiters_are_woken_first_come_first_served(void **state)
{
	(void)state;
	threads(2, queue_up_and_be_in_order);
	threads(1, wake_one_by_one);
	assert_mmref_holds(sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		kernel_test(no_wake_is_lost_when_the_value_changes_before_it),
		kernel_test(one_wake_wakes_all_who_wait_on_the_address),
		kernel_test(a_wake_before_the_change_is_lost),
		kernel_test(a_waker_that_forgets_leaves_the_waiter_asleep),
		kernel_test(a_wake_on_another_address_is_lost),
		kernel_test(a_wake_on_another_address_of_the_same_queue_is_lost),
		kernel_test(a_condition_that_never_comes_true_is_a_deadlock),
		kernel_test(a_waiter_woken_for_nothing_sleeps_again_and_can_be_woken),
		kernel_test(a_waiter_woken_for_nothing_needs_the_second_wake),
		kernel_test(a_wake_between_the_look_and_the_sleep_is_not_lost),
		kernel_test(without_a_wake_the_sleep_is_one),
		kernel_test(a_lock_dropped_around_the_sleep_lets_the_waker_in),
		kernel_test(a_lock_kept_over_the_sleep_keeps_the_waker_out),
		kernel_test(a_completion_lets_all_through_and_never_early),
		kernel_test(what_is_done_after_complete_may_come_late),
		kernel_test(a_completion_that_never_comes_is_a_deadlock),
		kernel_test(a_bit_whose_holder_wakes_the_next_is_a_lock),
		kernel_test(a_bit_dropped_without_a_wake_leaves_the_next_asleep),
		kernel_test(a_wake_on_another_key_wakes_nobody),
		kernel_test(one_exclusive_wake_wakes_one),
		kernel_test(one_exclusive_wake_wakes_no_fewer_than_one),
		kernel_test(a_wake_of_all_wakes_every_exclusive_waiter),
		kernel_test(a_waiter_that_passes_the_wake_on_leaves_nobody_asleep),
		kernel_test(exclusive_waiters_are_woken_first_come_first_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
