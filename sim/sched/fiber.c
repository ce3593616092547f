/* SPDX-License-Identifier: MIT */
#include "sched/fiber.h"

#include <string.h>

#include <mmref/linux/step.h>
#include "sched/guard.h"

/* boost.context's C interface, which its headers declare for C++ alone. */
struct transfer {
	void *context;
	void *data;
};

extern struct transfer jump_fcontext(void *to, void *data);
extern void *make_fcontext(void *top, size_t size, void (*entry)(struct transfer from));

/* Who runs fibers: kept off their stacks, where it would be taken for a part of the state. */
static _Thread_local void *scheduler;
static _Thread_local struct fiber *running;

/*
 * AddressSanitizer is told of each switch. It must be built without redzones on
 * the stack (asan-stack=0): stacks are copied, and their shadow is not.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(MMREF_ASAN)
#include <sanitizer/common_interface_defs.h>

static _Thread_local const void *scheduler_stack;
static _Thread_local size_t scheduler_stack_size;

static void leaving_scheduler(void **fake, const char *top, size_t size)
{
	__sanitizer_start_switch_fiber(fake, top - size, size);
}

static void back_in_scheduler(void *fake)
{
	__sanitizer_finish_switch_fiber(fake, NULL, NULL);
}

static void leaving_fiber(void **fake)
{
	__sanitizer_start_switch_fiber(fake, scheduler_stack, scheduler_stack_size);
}

static void back_in_fiber(void *fake)
{
	__sanitizer_finish_switch_fiber(fake, &scheduler_stack, &scheduler_stack_size);
}
#else
static void leaving_scheduler(void **fake, const char *top, size_t size)
{
	(void)fake, (void)top, (void)size;
}

static void back_in_scheduler(void *fake)
{
	(void)fake;
}

static void leaving_fiber(void **fake)
{
	(void)fake;
}

static void back_in_fiber(void *fake)
{
	(void)fake;
}
#endif

/* Out of line, so that fiber_main() keeps no copy where it would count as state. */
static void __attribute__((noinline)) came_from(void *context)
{
	scheduler = context;
}

static void __attribute__((noreturn)) fiber_main(struct transfer from)
{
	struct fiber *fiber;

	came_from(from.context);
	from.context = NULL;
	__asm__ volatile("" : : "r"(&from) : "memory");	/* and it is NULL on the stack too */
	fiber = running;
	back_in_fiber(NULL);
	fiber->body(fiber->arg);
	step_touches(&fiber->task.signal_pending, 1, MMREF_WRITE);	/* no signal reaches it now */
	fiber->task.done = true;
	leaving_fiber(NULL);
	jump_fcontext(scheduler, NULL);
	__builtin_unreachable();
}

/*
 * What earlier runs left on the stack must not tell equal states apart. Bodies
 * rarely go deeper than this; where they do, there are more states, and no
 * fewer behaviours.
 */
#define ZEROED	((size_t)8 << 10)

void fiber_prepare(struct fiber *fiber, char *top, size_t size)
{
	memset(top - ZEROED, 0, ZEROED);
	fiber->top = top;
	fiber->size = size;
	fiber->context = make_fcontext(top, size, fiber_main);
}

bool fiber_run(struct fiber *fiber)
{
	struct task *before = current_task;
	struct transfer back;
	void *fake = NULL;

	running = fiber;
	current_task = &fiber->task;
	leaving_scheduler(&fake, fiber->top, fiber->size);
	guard_enter(fiber->top, fiber->size);
	back = jump_fcontext(fiber->context, NULL);
	guard_leave();
	back_in_scheduler(fake);
	current_task = before;
	running = NULL;
	if (guard_caught())
		return false;
	/* one way of having returned is as good as another */
	fiber->context = fiber->task.done ? NULL : back.context;
	if (fiber->task.done)
		fiber->pending = (struct mmref_step){ 0 };
	return true;
}

void fiber_abandon(void)
{
	leaving_fiber(NULL);
	jump_fcontext(scheduler, NULL);
	__builtin_unreachable();
}

void fiber_yield(void)
{
	void *fake = NULL;

	leaving_fiber(&fake);
	scheduler = jump_fcontext(scheduler, NULL).context;
	back_in_fiber(fake);
}
