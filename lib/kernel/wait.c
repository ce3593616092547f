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

	while (!POKE_TRY_CMPXCHG(lock->owner, &free, 1))
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
static bool prepare_to_wait_var(const struct mmref_site *site, const volatile void *var,
				const struct sleep *until)
{
	bool interrupted;

	announce(site, var_queue(var), 1, MMREF_RMW, false);
	interrupted = is_interrupted(until->state);
	current->wait.until = *until;
	current->wait.queue = var_queue(var);
	current->wait.queue_size = 1;
	queue_lock(var_queue(var));
	POKE(current->wait.woken, false);
	POKE(current->wait.address, interrupted ? NULL : var);
	queue_unlock(var_queue(var));
	return interrupted;
}

/* finish_wait(), kernel/sched/wait.c, in the step that found the condition true. */
static void finish_wait_var(const volatile void *var)
{
	step_touches(var_queue(var), 1, MMREF_RMW);
	queue_lock(var_queue(var));
	POKE(current->wait.address, NULL);
	POKE(current->wait.woken, false);
	queue_unlock(var_queue(var));
	current->wait.queue = NULL;
	current->wait.queue_size = 0;
	current->wait.until = (struct sleep){ 0 };
}

/* The condition is looked at before the signal: what has come is not refused. */
int ___wait_var_event_at(const struct mmref_site *site, const volatile void *var,
			 bool (*condition)(const void *arg), const void *arg,
			 enum sleep_state state, void (*cmd)(struct inode *inode),
			 struct inode *inode)
{
	struct sleep until = { .ready = condition, .arg = arg, .state = state };
	int err = 0;

	for (;;) {
		bool interrupted = prepare_to_wait_var(site, var, &until);

		if (condition(arg))
			break;
		if (interrupted) {
			err = -ERESTARTSYS;
			break;
		}
		if (cmd)
			cmd(inode);
		else
			schedule_at(site);
	}
	finish_wait_var(var);
	return err;
}
EXPORT_SYMBOL(___wait_var_event_at);

void schedule_at(const struct mmref_site *site)
{
	enum sleep_state state = current->wait.until.state;

	sleep_until(site, current->wait.queue, current->wait.queue_size, MMREF_RMW, state,
		    state == TASK_INTERRUPTIBLE ? was_woken_or_signalled : was_woken, current);
}
EXPORT_SYMBOL(schedule_at);

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
EXPORT_SYMBOL(signal_wake_up_at);

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
EXPORT_SYMBOL(wake_up_var_at);

static bool completed(const void *arg)
{
	return PEEK(((const struct completion *)arg)->done);
}

void wait_for_completion_at(const struct mmref_site *site, struct completion *done)
{
	sleep_until(site, done, sizeof(*done), MMREF_READ, TASK_UNINTERRUPTIBLE, completed, done);
}
EXPORT_SYMBOL(wait_for_completion_at);

void complete_at(const struct mmref_site *site, struct completion *done)
{
	announce(site, done, sizeof(*done), MMREF_WRITE, false);
	POKE(done->done, true);
	wake_sleepers(done);
}
EXPORT_SYMBOL(complete_at);

static void queue_up(wait_queue_head_t *queue, const void *key, bool exclusive)
{
	current->wait.queue = queue;
	current->wait.queue_size = sizeof(*queue);
	current->wait.exclusive = exclusive;
	POKE(current->wait.woken, false);
	for (int i = 0; i < MAX_TASKS; i++) {
		if (queue->waiter[i].task)
			continue;
		queue->waiter[i].key = key;
		queue->waiter[i].task = current;
		break;
	}
}

static void prepare_to_wait_on(const struct mmref_site *site, wait_queue_head_t *queue,
			       const void *key, bool exclusive)
{
	announce(site, queue, sizeof(*queue), MMREF_WRITE, false);
	queue_lock(&queue->lock);
	queue_up(queue, key, exclusive);
	queue_unlock(&queue->lock);
}

void prepare_to_wait_exclusive_at(const struct mmref_site *site, wait_queue_head_t *queue,
				  const void *key)
{
	prepare_to_wait_on(site, queue, key, true);
}
EXPORT_SYMBOL(prepare_to_wait_exclusive_at);

void prepare_to_wait_at(const struct mmref_site *site, wait_queue_head_t *queue, const void *key)
{
	prepare_to_wait_on(site, queue, key, false);
}
EXPORT_SYMBOL(prepare_to_wait_at);

/* Who was woken is in the queue no more. */
void finish_wait(wait_queue_head_t *queue)
{
	(void)queue;
	POKE(current->wait.woken, false);
	current->wait.queue = NULL;
	current->wait.queue_size = 0;
	current->wait.exclusive = false;
}
EXPORT_SYMBOL(finish_wait);

void wait_while_set_at(const struct mmref_site *site, wait_queue_head_t *queue,
		       unsigned long *flags, unsigned long bit, unsigned long waiters,
		       spinlock_t *lock)
{
	bool set;

	announce(site, flags, sizeof(*flags), MMREF_RMW, true);
	queue_lock(&queue->lock);
	set = POKE_OR(*flags, waiters) & bit;
	if (set)
		queue_up(queue, flags, false);
	queue_unlock(&queue->lock);

	spin_unlock_at(site, lock);
	if (!set)
		return;
	schedule_at(site);
	finish_wait(queue);
}
EXPORT_SYMBOL(wait_while_set_at);

void __wake_up_at(const struct mmref_site *site, wait_queue_head_t *queue, int nr_exclusive,
		  const void *key)
{
	int woken = 0, exclusive = 0, to = 0;

	announce(site, queue, sizeof(*queue), MMREF_WRITE, false);
	queue_lock(&queue->lock);
	for (int from = 0; from < MAX_TASKS; from++) {
		struct task *task = queue->waiter[from].task;

		if (!task)
			break;
		if (queue->waiter[from].key != key ||
		    (task->wait.exclusive && nr_exclusive && exclusive == nr_exclusive)) {
			queue->waiter[to++] = queue->waiter[from];
			continue;
		}
		exclusive += task->wait.exclusive;
		POKE(task->wait.woken, true);
		woken++;
	}
	for (int i = to; i < to + woken; i++)
		__builtin_memset(&queue->waiter[i], 0, sizeof(queue->waiter[i]));
	queue_unlock(&queue->lock);
	if (woken)
		wake_sleepers(queue);
}
EXPORT_SYMBOL(__wake_up_at);
