/* SPDX-License-Identifier: MIT */
/*
 * A fiber: a task with a stack of its own in the arena, which runs from one
 * announced step to the next. All it consists of lies in the arena.
 */
#ifndef SCHED_FIBER_H
#define SCHED_FIBER_H

#include "kernel/host.h"
#include <mmref/linux/sched.h>

/* It has its lines of the world to itself. */
struct fiber {
	_Alignas(64) struct task task;
	void (*body)(void *arg);
	void *arg;
	void *context;			/* where it goes on; its stack pointer */
	struct mmref_step pending;	/* what it will do when it runs next */
	struct sleep sleep;		/* ->ready is NULL unless it sleeps */
	bool notified;			/* woken since it last looked and found itself ready */
	char *top;			/* of its stack, which ends here */
	size_t size;
};

/* Make @fiber stand at the beginning of its body, on the stack that ends at @top. */
void fiber_prepare(struct fiber *fiber, char *top, size_t size);
/*
 * Run @fiber until it calls fiber_yield() or its body returns. False if it was abandoned: the state
 * that it left is to be undone.
 */
bool fiber_run(struct fiber *fiber);
/* Back to whoever called fiber_run(). */
void fiber_yield(void);
/* In a signal handler on a stack of its own: the same, and the fiber is not to go on. */
void fiber_abandon(void) __attribute__((noreturn));

/* The stack that counts is [fiber_sp(), top): nothing once the body has returned. */
static inline char *fiber_sp(const struct fiber *fiber)
{
	return fiber->task.done ? fiber->top : fiber->context;
}

#endif
