/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a variable, for a completion, and for one's turn.
 *
 * ___wait_var_event() queues on a variable, looks at its condition, and only then
 * sleeps; wake_up_var() wakes those queued on the same variable. Between the look
 * and the sleep a wake-up is not lost, because the task is queued already. A
 * waiter and a waker that use different variables never meet. So it is with the keys
 * of a wait queue: prepare_to_wait(), a look, schedule(), finish_wait().
 */
#ifndef KERNEL_WAIT_H
#define KERNEL_WAIT_H

#include <mmref/linux/export.h>
#include <mmref/linux/atomic.h>
#include <mmref/linux/spinlock.h>

#define ERESTARTSYS	512	/* seen by the kernel only: the call is restarted, or is -EINTR */

/* struct completion: done stays true once complete_all() was called. */
struct completion {
	bool done;
};

/* Waiters on keys. A wake-up takes off who waits on its key, of exclusive waiters the first alone. */
struct wait_queue {
	struct {
		const void *key;
		struct task *task;
	} waiter[MAX_TASKS];	/* in the order of their coming */
	spinlock_t lock;	/* between real threads; never a step */
};

/*
 * ___wait_var_event(), include/linux/wait_bit.h: until @condition(@arg), which takes its steps
 * itself. Checks evaluate it as well, see mmref_peek_begin(). @cmd(@inode) calls schedule(), and
 * may drop locks around that; NULL: schedule() alone. 0, or -ERESTARTSYS where @state is
 * TASK_INTERRUPTIBLE and a signal came first.
 */
int ___wait_var_event_at(const struct mmref_site *site, const volatile void *var,
			 bool (*condition)(const void *arg), const void *arg,
			 enum sleep_state state, void (*cmd)(struct inode *inode),
			 struct inode *inode) EXPORTED(___wait_var_event_at);
void wake_up_var_at(const struct mmref_site *site, const volatile void *var)
	EXPORTED(wake_up_var_at);

#define ___wait_var_event(var, condition, arg, state, cmd, inode)                                  \
	___wait_var_event_at(SITE("wait_var_event"), var, condition, arg, state, cmd, inode)
#define wake_up_var(var)	wake_up_var_at(SITE("wake_up_var"), var)

/*
 * signal_wake_up(), kernel/signal.c: @task has a signal to handle. It ends an
 * interruptible sleep, and no other. False where the task runs no more.
 */
bool signal_wake_up_at(const struct mmref_site *site, struct task *task)
	EXPORTED(signal_wake_up_at);

#define signal_wake_up(task)	signal_wake_up_at(SITE("signal_wake_up"), task)

static inline void init_completion(struct completion *done)
{
	POKE(done->done, false);
}

void wait_for_completion_at(const struct mmref_site *site, struct completion *done)
	EXPORTED(wait_for_completion_at);
void complete_at(const struct mmref_site *site, struct completion *done) EXPORTED(complete_at);

#define wait_for_completion(done)	wait_for_completion_at(SITE("wait_for_completion"), done)
#define complete(done)			complete_at(SITE("complete"), done)

/* The calling task is in @queue, on @key: behind the others, or as one whom each wake-up wakes. */
void prepare_to_wait_exclusive_at(const struct mmref_site *site, wait_queue_head_t *queue,
				  const void *key) EXPORTED(prepare_to_wait_exclusive_at);
void prepare_to_wait_at(const struct mmref_site *site, wait_queue_head_t *queue, const void *key)
	EXPORTED(prepare_to_wait_at);
/* Sleep, on what the task is queued on, until woken: it is queued no more. */
void schedule_at(const struct mmref_site *site) EXPORTED(schedule_at);
void finish_wait(wait_queue_head_t *queue) EXPORTED(finish_wait);
/* Wake those who wait on @key, of the exclusive ones @nr_exclusive at most; 0: all. */
void __wake_up_at(const struct mmref_site *site, wait_queue_head_t *queue, int nr_exclusive,
		  const void *key) EXPORTED(__wake_up_at);

#define prepare_to_wait_exclusive(queue, key)                                                      \
	prepare_to_wait_exclusive_at(SITE("prepare_to_wait_exclusive"), queue, key)
#define prepare_to_wait(queue, key)	prepare_to_wait_at(SITE("prepare_to_wait"), queue, key)
#define schedule()			schedule_at(SITE("schedule"))
#define __wake_up(queue, nr_exclusive, key)                                                        \
	__wake_up_at(SITE("wake_up"), queue, nr_exclusive, key)

/*
 * The same for as long as @flags has @bit, which is looked at with the queue locked, and
 * not exclusively; @waiters is set there, for whoever clears @bit. @lock is dropped in
 * either case. Whoever sleeps does not look at @flags again.
 */
void wait_while_set_at(const struct mmref_site *site, wait_queue_head_t *queue,
		       unsigned long *flags, unsigned long bit, unsigned long waiters,
		       spinlock_t *lock) EXPORTED(wait_while_set_at);

#endif
