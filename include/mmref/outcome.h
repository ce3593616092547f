/* SPDX-License-Identifier: MIT */
/* The outcome of an operation: what a system call returned, or why it did not return. */
#ifndef MMREF_OUTCOME_H
#define MMREF_OUTCOME_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mmref_site;

enum mmref_outcome_kind {
	MMREF_OUTCOME_DONE,	/* value: what it returned */
	MMREF_OUTCOME_READ,	/* value: the byte read */
	MMREF_OUTCOME_WROTE,
	MMREF_OUTCOME_ERROR,	/* value: -errno */
	MMREF_OUTCOME_SIGBUS,
	MMREF_OUTCOME_BLOCKED,	/* the task sleeps, and no task is left to wake it */
	MMREF_OUTCOME_DIED,	/* in an oops */
	MMREF_OUTCOME_WARNING,	/* kernel log */
	MMREF_OUTCOME_OOPS,	/* kernel log */
};

#define MMREF_STACK_DEPTH	64

/* A call chain of the process that runs the model: an address in each call, innermost first. */
struct mmref_stack {
	unsigned int depth;
	uintptr_t pc[MMREF_STACK_DEPTH];
};

struct mmref_outcome {
	enum mmref_outcome_kind kind;
	int value;
	char state;			/* BLOCKED: 'S', 'D', or 'R' for a task that spins */
	const struct mmref_site *site;	/* where it sleeps, warned or died */
	const struct mmref_stack *stack;	/* and its call chain; mmref_take_steps() only */
};

#ifdef __cplusplus
}
#endif

#endif
