/* SPDX-License-Identifier: MIT */
#include "sched/stack.h"

#include <string.h>
#include <ucontext.h>
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

/* The instruction at which the signal came. */
static uintptr_t interrupted_pc(const void *context)
{
	const ucontext_t *ucontext = context;

#if defined(__x86_64__)
	return ucontext->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return ucontext->uc_mcontext.pc;
#else
	(void)ucontext;
	return 0;
#endif
}

uintptr_t stack_interrupted(const void *context)
{
	const ucontext_t *ucontext = context;

#if defined(__x86_64__)
	return ucontext->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
	return ucontext->uc_mcontext.sp;
#else
	(void)ucontext;
	return 0;
#endif
}

/* Where the function that was called last returns to, if it has pushed nothing yet. */
static uintptr_t return_address(const void *context)
{
#if defined(__aarch64__)
	return ((const ucontext_t *)context)->uc_mcontext.regs[30];
#else
	return *(const uintptr_t *)stack_interrupted(context);
#endif
}

/* The frames of the handler come first; what it interrupted begins at the pc of the signal. */
void stack_unwind_signal(struct mmref_stack *stack, const void *context)
{
	uintptr_t pc = interrupted_pc(context);
	unsigned int first = 0;

	stack_unwind(stack);
	while (first < stack->depth && stack->pc[first] != pc)
		first++;
	if (pc && first < stack->depth) {
		stack->depth -= first;
		memmove(stack->pc, stack->pc + first, stack->depth * sizeof(stack->pc[0]));
		return;
	}
	stack->depth = 1;
	stack->pc[0] = return_address(context) - 1;
}
