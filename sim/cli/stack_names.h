/* SPDX-License-Identifier: MIT */
/* The functions on a stack of this process, by the debug information of its executable. */
#ifndef CLI_STACK_NAMES_H
#define CLI_STACK_NAMES_H

#include "report/call_chain.h"

#include <mmref/explore.h>

/* NULL where the objects that this process consists of cannot be read. */
struct stack_names *stack_names_open(void);
/* Has the executable debug information, which names the inlined functions? */
bool stack_names_has_inlined(struct stack_names *names);
/*
 * Append the functions on @stack to @chain, inlined ones too. Without debug information an
 * object still has its symbol table, which names functions but no inlined ones.
 */
void stack_names_add(void *names, const struct mmref_stack *stack, struct call_chain *chain);
void stack_names_close(struct stack_names *names);

#endif
