/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a variable, for a completion, and for one's turn.
 *
 * wait_var_event() queues on a key, looks at its condition, and only then
 * sleeps; wake_up_var() wakes those queued on the same key. Between the look
 * and the sleep a wake-up is not lost, because the task is queued already. A
 * waiter and a waker that use different keys never meet.
 */
#ifndef KERNEL_WAIT_H
#define KERNEL_WAIT_H

#include <mmref/linux/atomic.h>
#include <mmref/linux/spinlock.h>

#define ERESTARTSYS	512	/* seen by the kernel only: the call is restarted, or is -EINTR */

/* struct completion: done stays true once complete_all() was called. */
struct completion {
	bool done;
};

/* A queue of exclusive waiters on keys: a wake takes off the one that came first. */
struct wait_queue {
	struct {
		const void *key;
		struct task *task;
	} waiter[MAX_TASKS];	/* in the order of their coming */
	spinlock_t lock;	/* between real threads; never a step */
};

/*
 * ___wait_var_event(), include/linux/wait_bit.h. @condition takes its steps
 * itself; @peek is the same condition for checks, taking none. @asleep(@arg), if
 * given, stands around the sleep: it is called with true before and with false
 * after (locks are dropped and taken again there). 0, or -ERESTARTSYS where @state
 * is TASK_INTERRUPTIBLE and a signal came first.
 */
int wait_var_event_at(const struct mmref_site *site, const volatile void *address,
		      bool (*condition)(const void *arg), bool (*peek)(const void *arg),
		      const void *arg, enum sleep_state state,
		      void (*asleep)(void *cookie, bool before), void *cookie);
void wake_up_var_at(const struct mmref_site *site, const volatile void *address);

#define wait_var_event(address, condition, peek, arg, state, asleep, cookie)                       \
	wait_var_event_at(SITE("wait_var_event"), address, condition, peek, arg, state, asleep,    \
			  cookie)
#define wake_up_var(address)	wake_up_var_at(SITE("wake_up_var"), address)

/*
 * signal_wake_up(), kernel/signal.c: @task has a signal to handle. It ends an
 * interruptible sleep, and no other. False where the task runs no more.
 */
bool signal_wake_up_at(const struct mmref_site *site, struct task *task);

#define signal_wake_up(task)	signal_wake_up_at(SITE("signal_wake_up"), task)

static inline void init_completion(struct completion *done)
{
	POKE(done->done, false);
}

void wait_for_completion_at(const struct mmref_site *site, struct completion *done);
void complete_at(const struct mmref_site *site, struct completion *done);

#define wait_for_completion(done)	wait_for_completion_at(SITE("wait_for_completion"), done)
#define complete(done)			complete_at(SITE("complete"), done)

/* prepare_to_wait_exclusive(): the calling task is in @queue, on @key. */
void prepare_to_wait_exclusive_at(const struct mmref_site *site, struct wait_queue *queue,
				  const void *key);
/* schedule(), uninterruptibly, until woken: it is in the queue no more. */
void schedule_till_woken_at(const struct mmref_site *site, struct wait_queue *queue);
/* Wake the first waiter on @key, or all of them. */
void wake_queue_at(const struct mmref_site *site, struct wait_queue *queue, const void *key,
		   bool all);

/*
 * The same for as long as @flags has @bit, which is looked at with the queue locked, and
 * not exclusively; @waiters is set there, for whoever clears @bit. @lock is dropped in
 * either case. Whoever sleeps does not look at @flags again.
 */
void wait_while_set_at(const struct mmref_site *site, struct wait_queue *queue,
		       unsigned long *flags, unsigned long bit, unsigned long waiters,
		       spinlock_t *lock);

/* Sleep on @key; @unlock lets go of what is held, once the task is in the queue. */
#define wait_exclusive(queue, key, unlock)                                                         \
	({                                                                                         \
		prepare_to_wait_exclusive_at(SITE("prepare_to_wait_exclusive"), queue, key);       \
		unlock;                                                                            \
		schedule_till_woken_at(SITE("wait_exclusive"), queue);                             \
	})
#define wake_queue(queue, key, all)	wake_queue_at(SITE("wake_queue"), queue, key, all)

#endif
