/* SPDX-License-Identifier: MIT */
#include "exec/stack.h"

#include <unwind.h>

static _Unwind_Reason_Code add_frame(struct _Unwind_Context *context, void *cookie)
{
	struct mmref_stack *stack = cookie;
	int before_instruction = 0;
	uintptr_t pc = _Unwind_GetIPInfo(context, &before_instruction);

	if (!pc || stack->depth == MMREF_STACK_DEPTH)
		return _URC_END_OF_STACK;
	/* A call may be the last instruction of its function: look up the call, not the return. */
	stack->pc[stack->depth++] = before_instruction ? pc : pc - 1;
	return _URC_NO_REASON;
}

/* The unwinder reads .eh_frame, needs no frame pointer, and stops where a fiber begins. */
void __attribute__((noinline)) stack_unwind(struct mmref_stack *stack)
{
	stack->depth = 0;
	_Unwind_Backtrace(add_frame, stack);
}
