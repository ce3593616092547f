/* SPDX-License-Identifier: MIT */
/*
 * Foreign code may go wrong: functions of a rule set of one's own, thread bodies in C.
 *
 *	crashes		a signal: SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT
 *	never returns	one step takes 2 s of CPU, or 10 s asleep outside of the model
 *	is cut		the deadline or the interrupt comes while one step goes on
 *
 * Each ends the step: the signal handler, on a stack of its own, goes back to where the code was
 * entered. On a fiber that is fiber_run(), as if the fiber had yielded; elsewhere guard_call().
 * What the step did to the world is undone as that of any other step.
 */
#ifndef SCHED_GUARD_H
#define SCHED_GUARD_H

#include <mmref/outcome.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum guard_reason {
	GUARD_NOTHING,
	GUARD_CRASHED,
	GUARD_STUCK,
	GUARD_CUT,
	GUARD_DIFFERS,			/* set by the search: the step, taken again, leads elsewhere */
};

struct guard_end {
	enum guard_reason reason;
	int signal;			/* GUARD_CRASHED */
	bool overflow;			/* it ran out of its stack */
	struct mmref_stack stack;	/* calls under way, innermost first; may be empty */
};

/*
 * A simulation begins and ends: signal handlers are in place while there is one. False without
 * memory for the handlers' stack.
 */
bool guard_hold(void);
void guard_release(void);
/* Take the signals again, if somebody else has taken them since. */
void guard_listen(void);

/*
 * Watch the steps of this thread until guard_unwatch(): end one that never returns, or that goes on
 * when @deadline (nanoseconds of CLOCK_MONOTONIC; 0: none) has passed or *@interrupted is set. A
 * process that is forked watches anew.
 */
void guard_watch(uint64_t deadline, const volatile int *interrupted);
void guard_unwatch(void);

/* Around code that runs on a fiber whose stack is the @size bytes below @top. */
void guard_enter(const char *top, size_t size);
void guard_leave(void);
/* Call @function(@arg). False if that went wrong: see guard_last(). */
bool guard_call(void (*function)(void *arg), void *arg);
/* Did the code that was left last go wrong? Asked once: the answer is forgotten. */
bool guard_caught(void);
/* What went wrong last in this thread, since guard_forget(). */
const struct guard_end *guard_last(void);
void guard_forget(void);
/* In a few words: "crashed (SIGSEGV)". */
const char *guard_words(const struct guard_end *end);

#endif
