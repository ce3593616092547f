/* SPDX-License-Identifier: MIT */
/* The call chain of the running task, as return addresses. */
#ifndef PERFORM_STACK_H
#define PERFORM_STACK_H

#include <mmref/explore.h>

/* Fill @stack with the chain of the caller; its own frame comes first. */
void stack_unwind(struct mmref_stack *stack);

#endif
