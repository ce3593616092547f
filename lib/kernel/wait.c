/* SPDX-License-Identifier: MIT */
#include <mmref/linux/wait.h>

#include "world.h"

static bool was_woken(const void *arg)
{
	return PEEK(((const struct task *)arg)->wait.woken);
}

static bool was_woken_or_signalled(const void *arg)
{
	return was_woken(arg) || PEEK(((const struct task *)arg)->signal_pending);
}

/* signal_pending_state() */
static bool is_interrupted(enum sleep_state state)
{
	return state == TASK_INTERRUPTIBLE && PEEK_SHARED(current->signal_pending);
}

/* Real threads share a queue; under the exploring host its lock is never contended. */
static void queue_lock(spinlock_t *lock)
{
	uint8_t free = 0;

	while (!__atomic_compare_exchange_n(&lock->owner, &free, 1, false, __ATOMIC_ACQUIRE,
					    __ATOMIC_RELAXED))
		free = 0;
}

static void queue_unlock(spinlock_t *lock)
{
	POKE(lock->owner, 0);
}

/* The queue that @address hashes to: what a waiter and its waker both touch. */
static spinlock_t *var_queue(const volatile void *address)
{
	uintptr_t hash = (uintptr_t)address / sizeof(int);

	return &current->world->var_queues[hash % sizeof(current->world->var_queues)];
}

/* prepare_to_wait_event(), kernel/sched/wait.c: true, and not queued, where a signal is pending. */
static bool prepare_to_wait(const struct mmref_site *site, const volatile void *address,
			    const struct sleep *until)
{
	bool interrupted;

	announce(site, var_queue(address), 1, MMREF_RMW, false);
	interrupted = is_interrupted(until->state);
	current->wait.until = *until;
	queue_lock(var_queue(address));
	POKE(current->wait.woken, false);
	POKE(current->wait.address, interrupted ? NULL : address);
	queue_unlock(var_queue(address));
	return interrupted;
}

static void finish_wait(const volatile void *address)
{
	queue_lock(var_queue(address));
	POKE(current->wait.address, NULL);
	POKE(current->wait.woken, false);
	queue_unlock(var_queue(address));
	current->wait.until = (struct sleep){ 0 };
}

/* The condition is looked at before the signal: what has come is not refused. */
int wait_var_event_at(const struct mmref_site *site, const volatile void *address,
		      bool (*condition)(const void *arg), bool (*peek)(const void *arg),
		      const void *arg, enum sleep_state state,
		      void (*asleep)(void *cookie, bool before), void *cookie)
{
	struct sleep until = { .ready = peek, .arg = arg, .state = state };
	int err = 0;

	for (;;) {
		bool interrupted = prepare_to_wait(site, address, &until);

		if (condition(arg))
			break;
		if (interrupted) {
			err = -ERESTARTSYS;
			break;
		}
		if (asleep)
			asleep(cookie, true);
		sleep_until(site, var_queue(address), 1, MMREF_RMW, state,
			    state == TASK_INTERRUPTIBLE ? was_woken_or_signalled : was_woken,
			    current);
		if (asleep)
			asleep(cookie, false);
	}
	finish_wait(address);
	return err;
}

bool signal_wake_up_at(const struct mmref_site *site, struct task *task)
{
	const volatile void *address;

	announce(site, &task->signal_pending, 1, MMREF_RMW, true);
	if (PEEK(task->done) || PEEK(task->dead))
		return false;
	POKE(task->signal_pending, true);
	address = PEEK(task->wait.address);
	if (address)
		wake_sleepers(var_queue(address));
	return true;
}

/*
 * wake_up_var(), kernel/sched/wait_bit.c. Waking takes a task off the queue:
 * the next wake-up does not find it there.
 */
void wake_up_var_at(const struct mmref_site *site, const volatile void *address)
{
	struct world *world = current->world;
	bool any = false;

	announce(site, var_queue(address), 1, MMREF_RMW, false);
	queue_lock(var_queue(address));
	for (int i = 0; i < MAX_TASKS; i++) {
		struct task *task = PEEK(world->tasks[i]);

		if (!task || PEEK(task->wait.address) != address)
			continue;
		POKE(task->wait.address, NULL);
		POKE(task->wait.woken, true);
		any = true;
	}
	queue_unlock(var_queue(address));
	if (any)
		wake_sleepers(var_queue(address));
}

static bool completed(const void *arg)
{
	return PEEK(((const struct completion *)arg)->done);
}

void wait_for_completion_at(const struct mmref_site *site, struct completion *done)
{
	sleep_until(site, done, sizeof(*done), MMREF_READ, TASK_UNINTERRUPTIBLE, completed, done);
}

void complete_at(const struct mmref_site *site, struct completion *done)
{
	announce(site, done, sizeof(*done), MMREF_WRITE, false);
	POKE(done->done, true);
	wake_sleepers(done);
}

/* The queue is locked. */
static void add_waiter(struct wait_queue *queue, const void *key)
{
	POKE(current->wait.woken, false);
	for (int i = 0; i < MAX_TASKS; i++) {
		if (queue->waiter[i].task)
			continue;
		queue->waiter[i].key = key;
		queue->waiter[i].task = current;
		break;
	}
}

void schedule_till_woken_at(const struct mmref_site *site, struct wait_queue *queue)
{
	sleep_until(site, queue, sizeof(*queue), MMREF_WRITE, TASK_UNINTERRUPTIBLE, was_woken,
		    current);
	POKE(current->wait.woken, false);
}

void prepare_to_wait_exclusive_at(const struct mmref_site *site, struct wait_queue *queue,
				  const void *key)
{
	announce(site, queue, sizeof(*queue), MMREF_WRITE, false);
	queue_lock(&queue->lock);
	add_waiter(queue, key);
	queue_unlock(&queue->lock);
}

void wait_while_set_at(const struct mmref_site *site, struct wait_queue *queue,
		       unsigned long *flags, unsigned long bit, unsigned long waiters,
		       spinlock_t *lock)
{
	bool set;

	announce(site, flags, sizeof(*flags), MMREF_RMW, true);
	queue_lock(&queue->lock);
	set = __atomic_fetch_or(flags, waiters, __ATOMIC_SEQ_CST) & bit;
	if (set)
		add_waiter(queue, flags);
	queue_unlock(&queue->lock);

	spin_unlock_at(site, lock);
	if (set)
		schedule_till_woken_at(site, queue);
}

void wake_queue_at(const struct mmref_site *site, struct wait_queue *queue, const void *key,
		   bool all)
{
	int woken = 0, to = 0;

	announce(site, queue, sizeof(*queue), MMREF_WRITE, false);
	queue_lock(&queue->lock);
	for (int from = 0; from < MAX_TASKS; from++) {
		if (!queue->waiter[from].task)
			break;
		if (queue->waiter[from].key == key && (all || !woken)) {
			POKE(queue->waiter[from].task->wait.woken, true);
			woken++;
		} else {
			queue->waiter[to++] = queue->waiter[from];
		}
	}
	for (int i = to; i < to + woken; i++)
		__builtin_memset(&queue->waiter[i], 0, sizeof(queue->waiter[i]));
	queue_unlock(&queue->lock);
	if (woken)
		wake_sleepers(queue);
}
