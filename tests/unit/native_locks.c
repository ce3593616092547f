/* SPDX-License-Identifier: MIT */
/*
 * Locks and waiting on real threads. What a lock protects is counted without
 * atomics, with a step in the middle of it at which a thread may dawdle: were
 * two threads inside at once, counts would get lost (and ThreadSanitizer would
 * say so).
 */
#include "native_threads.h"

#include <mmref/linux/spinlock.h>
#include <mmref/linux/wait.h>

#define TURNS	5000

struct locked {
	spinlock_t spin;
	struct mutex mutex;
	struct rw_semaphore sem;
	long count;
	long twin;	/* equal to count whenever nobody writes */
	long torn;	/* times that a reader found them different */
	long tried;	/* times that a trylock got it */
	int step;
};

static void count(struct locked *locked)
{
	long before = locked->count;

	(void)READ_ONCE(locked->step);
	locked->count = before + 1;
}

static void count_under_spinlock(void *arg)
{
	struct locked *locked = arg;

	for (int i = 0; i < TURNS; i++) {
		spin_lock(&locked->spin);
		count(locked);
		spin_unlock(&locked->spin);
	}
}

static void try_spinlock(void *arg)
{
	struct locked *locked = arg;

	for (int i = 0; i < TURNS; i++) {
		if (!spin_trylock(&locked->spin))
			continue;
		count(locked);
		locked->tried++;
		spin_unlock(&locked->spin);
	}
}

static void spinlock_lets_one_in(void **state)
{
	struct locked locked = { 0 };

	(void)state;
	assert_int_equal(RUN(&locked, count_under_spinlock, count_under_spinlock, try_spinlock),
			 MMREF_NONE);
	assert_int_equal(locked.count, 2 * TURNS + locked.tried);
	assert_int_equal(locked.spin.owner, 0);
}

static void count_under_mutex(void *arg)
{
	struct locked *locked = arg;

	for (int i = 0; i < TURNS; i++) {
		mutex_lock(&locked->mutex);
		count(locked);
		mutex_unlock(&locked->mutex);
	}
}

static void mutex_lets_one_in(void **state)
{
	struct locked locked = { 0 };

	(void)state;
	assert_int_equal(RUN(&locked, count_under_mutex, count_under_mutex, count_under_mutex),
			 MMREF_NONE);
	assert_int_equal(locked.count, 3 * TURNS);
}

static void write_twins(void *arg)
{
	struct locked *locked = arg;

	for (int i = 0; i < TURNS; i++) {
		down_write(&locked->sem);
		count(locked);
		locked->twin++;
		up_write(&locked->sem);
	}
}

static void read_twins(void *arg)
{
	struct locked *locked = arg;

	for (int i = 0; i < TURNS; i++) {
		long count;

		down_read(&locked->sem);
		count = locked->count;
		(void)READ_ONCE(locked->step);
		if (count != locked->twin)
			__atomic_add_fetch(&locked->torn, 1, __ATOMIC_RELAXED);
		up_read(&locked->sem);
	}
}

static void rwsem_keeps_writers_alone(void **state)
{
	struct locked locked = { 0 };

	(void)state;
	assert_int_equal(RUN(&locked, write_twins, write_twins, read_twins, read_twins),
			 MMREF_NONE);
	assert_int_equal(locked.count, 2 * TURNS);
	assert_int_equal(locked.torn, 0);
	assert_int_equal(locked.sem.writer, 0);
	assert_int_equal(locked.sem.readers, 0);
}

/* Two threads that wait for each other's turn: one lost wake-up, and both sleep for ever. */
struct game {
	int turn;
	long turns;
};

static bool is_even(const void *turn)
{
	return READ_ONCE(*(const int *)turn) % 2 == 0;
}

static bool is_odd(const void *turn)
{
	return !is_even(turn);
}

static void play_even(void *arg)
{
	struct game *game = arg;

	for (int i = 0; i < TURNS; i++) {
		___wait_var_event(&game->turn, is_even, &game->turn, TASK_UNINTERRUPTIBLE, NULL,
				  NULL);
		game->turns++;
		WRITE_ONCE(game->turn, game->turn + 1);
		wake_up_var(&game->turn);
	}
}

static void play_odd(void *arg)
{
	struct game *game = arg;

	for (int i = 0; i < TURNS; i++) {
		___wait_var_event(&game->turn, is_odd, &game->turn, TASK_UNINTERRUPTIBLE, NULL,
				  NULL);
		game->turns++;
		WRITE_ONCE(game->turn, game->turn + 1);
		wake_up_var(&game->turn);
	}
}

static void no_wake_up_is_lost(void **state)
{
	struct game game = { 0 };

	(void)state;
	assert_int_equal(RUN(&game, play_even, play_odd), MMREF_NONE);
	assert_int_equal(game.turns, 2 * TURNS);
	assert_int_equal(game.turn, 2 * TURNS);
}

/* Waiters on several addresses of one hashed queue, and one waker for all of them. */
#define SLOTS	64

struct post {
	int slot[SLOTS];
	long received;
};

static bool has_come(const void *slot)
{
	return READ_ONCE(*(const int *)slot);
}

static void receive(struct post *post, int first)
{
	for (int i = first; i < SLOTS; i += 2) {
		___wait_var_event(&post->slot[i], has_come, &post->slot[i], TASK_INTERRUPTIBLE,
				  NULL, NULL);
		__atomic_add_fetch(&post->received, 1, __ATOMIC_RELAXED);
	}
}

static void receive_even(void *arg)
{
	receive(arg, 0);
}

static void receive_odd(void *arg)
{
	receive(arg, 1);
}

static void send(void *arg)
{
	struct post *post = arg;

	for (int i = 0; i < SLOTS; i++) {
		WRITE_ONCE(post->slot[i], 1);
		wake_up_var(&post->slot[i]);
	}
}

static void each_address_wakes_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < 50; i++) {
		struct post post = { 0 };

		assert_int_equal(RUN(&post, receive_even, receive_odd, send), MMREF_NONE);
		assert_int_equal(post.received, SLOTS);
	}
}

struct relay {
	struct completion done[TURNS];
	long plain[TURNS];
	long seen;
};

static void complete_all_of_them(void *arg)
{
	struct relay *relay = arg;

	for (int i = 0; i < TURNS; i++) {
		relay->plain[i] = i;
		complete(&relay->done[i]);
	}
}

static void wait_for_all_of_them(void *arg)
{
	struct relay *relay = arg;

	for (int i = 0; i < TURNS; i++) {
		wait_for_completion(&relay->done[i]);
		if (relay->plain[i] == i)
			__atomic_add_fetch(&relay->seen, 1, __ATOMIC_RELAXED);
	}
}

static void completion_passes_on_what_was_done(void **state)
{
	static struct relay relay;

	(void)state;
	assert_int_equal(RUN(&relay, complete_all_of_them, wait_for_all_of_them,
			     wait_for_all_of_them),
			 MMREF_NONE);
	assert_int_equal(relay.seen, 2 * TURNS);
}

/* Entries with a lock bit, as DAX has them, and one queue for the waiters on both. */
struct entries {
	spinlock_t xa_lock;
	bool locked[2];
	long count[2];
	struct wait_queue queue;
};

static void lock_entry(struct entries *entries, int i)
{
	spin_lock(&entries->xa_lock);
	while (entries->locked[i]) {
		prepare_to_wait_exclusive(&entries->queue, &entries->locked[i]);
		spin_unlock(&entries->xa_lock);
		schedule();
		finish_wait(&entries->queue);
		spin_lock(&entries->xa_lock);
	}
	entries->locked[i] = true;
	spin_unlock(&entries->xa_lock);
}

static void unlock_entry(struct entries *entries, int i)
{
	spin_lock(&entries->xa_lock);
	entries->locked[i] = false;
	spin_unlock(&entries->xa_lock);
	__wake_up(&entries->queue, 1, &entries->locked[i]);
}

static void count_under_entries(void *arg)
{
	struct entries *entries = arg;

	for (int i = 0; i < TURNS; i++) {
		lock_entry(entries, i % 2);
		entries->count[i % 2]++;
		unlock_entry(entries, i % 2);
	}
}

static void exclusive_waiters_take_turns(void **state)
{
	static struct entries entries;

	(void)state;
	assert_int_equal(RUN(&entries, count_under_entries, count_under_entries,
			     count_under_entries),
			 MMREF_NONE);
	assert_int_equal(entries.count[0] + entries.count[1], 3 * TURNS);
	assert_null(entries.queue.waiter[0].task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spinlock_lets_one_in),
		cmocka_unit_test(mutex_lets_one_in),
		cmocka_unit_test(rwsem_keeps_writers_alone),
		cmocka_unit_test(no_wake_up_is_lost),
		cmocka_unit_test(each_address_wakes_its_own),
		cmocka_unit_test(completion_passes_on_what_was_done),
		cmocka_unit_test(exclusive_waiters_take_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
