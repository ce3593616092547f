/* SPDX-License-Identifier: MIT */
/* Call chains, as return addresses. */
#ifndef SCHED_STACK_H
#define SCHED_STACK_H

#include <mmref/outcome.h>

/* Fill @stack with the chain of the caller; its own frame comes first. */
void stack_unwind(struct mmref_stack *stack);
/*
 * In a signal handler: fill @stack with the chain that the signal interrupted. @context is the
 * handler's third argument. A call of a NULL pointer is told by its caller.
 */
void stack_unwind_signal(struct mmref_stack *stack, const void *context);
/* The stack pointer that the signal interrupted. */
uintptr_t stack_interrupted(const void *context);

#endif
