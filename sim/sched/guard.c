/* SPDX-License-Identifier: MIT */
#include "sched/guard.h"

#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "sched/arena.h"
#include "sched/fiber.h"
#include "sched/memory.h"
#include "sched/stack.h"

#define TICK_SIGNAL	SIGVTALRM	/* debuggers do not stop at it */
#define TICK		100000000	/* nanoseconds between two */
#define MAX_CPU		UINT64_C(2000000000)	/* nanoseconds of one step */
#define MAX_TICKS	100		/* of one step, however little CPU it takes */

static const int signals[] = {
	SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, TICK_SIGNAL,
};

#define NR_SIGNALS	(sizeof(signals) / sizeof(signals[0]))

static struct sigaction before[NR_SIGNALS];
static atomic_uint holders;

/* Of this thread of the using program. */
struct guard {
	volatile sig_atomic_t inside;	/* guarded code runs */
	volatile sig_atomic_t unwinding;
	const char *top;		/* of the fiber's stack; NULL: not on a fiber */
	size_t size;
	sigjmp_buf *landing;		/* of guard_call() */
	volatile uint64_t entered;	/* how often guarded code was entered */
	bool caught;
	struct guard_end last;

	/* the watch */
	timer_t timer;
	pid_t watcher;			/* the process whose timer that is; 0: nobody watches */
	uint64_t deadline;
	const volatile int *interrupted;
	uint64_t seen;			/* ->entered at the last tick */
	unsigned int ticks;		/* since then */
	uint64_t cpu;			/* of the thread, then */
};

static _Thread_local struct guard guard;

/* --- going back --------------------------------------------------------------- */

static void __attribute__((noreturn)) go_back(const ucontext_t *context)
{
	sigjmp_buf *landing = guard.landing;

	guard.inside = false;
	guard.caught = true;
	pthread_sigmask(SIG_SETMASK, &context->uc_sigmask, NULL);
	if (guard.top)
		fiber_abandon();
	siglongjmp(*landing, 1);
}

/* A stack that is overwritten may crash the unwinder: then there is no call chain. */
static void unwind(const void *context)
{
	guard.last.stack.depth = 0;
	if (guard.unwinding)
		return;
	guard.unwinding = true;
	stack_unwind_signal(&guard.last.stack, context);
}

static void __attribute__((noreturn)) end_step(struct guard_end end, const void *context)
{
	if (!guard.unwinding)
		guard.last = end;
	unwind(context);
	guard.unwinding = false;
	go_back(context);
}

/* Is it the guarded code that the signal interrupted, on the stack that this was entered on? */
static bool is_guarded(const void *context)
{
	uintptr_t sp = stack_interrupted(context), top = (uintptr_t)guard.top;

	if (!guard.inside)
		return false;
	return guard.top ? top - sp <= guard.size + ARENA_STACK : guard.landing != NULL;
}

/* --- the watch ---------------------------------------------------------------- */

static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

static void tick(const void *context)
{
	if (!is_guarded(context))
		return;
	if (guard.seen != guard.entered) {
		guard.seen = guard.entered;
		guard.ticks = 0;
		guard.cpu = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
		return;
	}
	if ((guard.interrupted && *guard.interrupted) ||
	    (guard.deadline && nanoseconds(CLOCK_MONOTONIC) > guard.deadline))
		end_step((struct guard_end){ .reason = GUARD_CUT }, context);
	if (++guard.ticks >= MAX_TICKS ||
	    nanoseconds(CLOCK_THREAD_CPUTIME_ID) - guard.cpu > MAX_CPU)
		end_step((struct guard_end){ .reason = GUARD_STUCK }, context);
}

void guard_watch(uint64_t deadline, const volatile int *interrupted)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID,
		.sigev_signo = TICK_SIGNAL,
	};
	struct itimerspec each = {
		.it_interval = { .tv_nsec = TICK },
		.it_value = { .tv_nsec = TICK },
	};

	guard_unwatch();
	event._sigev_un._tid = syscall(SYS_gettid);
	guard.deadline = deadline;
	guard.interrupted = interrupted;
	if (timer_create(CLOCK_MONOTONIC, &event, &guard.timer))
		return;			/* without timers nothing is watched */
	guard.watcher = getpid();
	timer_settime(guard.timer, 0, &each, NULL);
}

void guard_unwatch(void)
{
	if (guard.watcher == getpid())
		timer_delete(guard.timer);
	guard.watcher = 0;
	guard.deadline = 0;
	guard.interrupted = NULL;
}

/* --- signals ------------------------------------------------------------------ */

/* To whoever had the signal before; one that the kernel sends comes again. */
static void pass_on(int signal)
{
	for (size_t i = 0; i < NR_SIGNALS; i++)
		if (signals[i] == signal)
			sigaction(signal, &before[i], NULL);
	if (signal == SIGABRT || signal == SIGTRAP)
		raise(signal);
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
	if (signal == TICK_SIGNAL) {
		tick(context);
		return;
	}
	if (signal == SIGSEGV && memory_first_write(info->si_addr))
		return;
	if (is_guarded(context))
		end_step((struct guard_end){
			.reason = GUARD_CRASHED,
			.signal = signal,
			.overflow = signal == SIGSEGV && arena_is_guard(info->si_addr),
		}, context);
	pass_on(signal);
}

static bool listening(int signal)
{
	struct sigaction now;

	return !sigaction(signal, NULL, &now) && now.sa_flags & SA_SIGINFO &&
	       now.sa_sigaction == on_signal;
}

/* The handler must not run on a fiber's stack, where it would leave its traces. */
static bool have_signal_stack(void)
{
	static _Thread_local char *mine;
	size_t size = 4 * SIGSTKSZ;
	stack_t stack;

	if (sigaltstack(NULL, &stack) || !(stack.ss_flags & SS_DISABLE))
		return true;
	if (!mine)
		mine = malloc(size);
	stack = (stack_t){ .ss_sp = mine, .ss_size = size };
	return mine && !sigaltstack(&stack, NULL);
}

/*
 * Test frameworks have handlers of their own, which they put in place before each test. SA_NODEFER:
 * the handler does not return where it goes back, and the unwinder may crash.
 */
void guard_listen(void)
{
	struct sigaction action = {
		.sa_sigaction = on_signal,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART,
	};

	if (listening(SIGSEGV))
		return;
	for (size_t i = 0; i < NR_SIGNALS; i++)
		if (!listening(signals[i]))
			sigaction(signals[i], &action, &before[i]);
}

bool guard_hold(void)
{
	if (!have_signal_stack())
		return false;
	atomic_fetch_add(&holders, 1);
	guard_listen();
	return true;
}

void guard_release(void)
{
	if (atomic_fetch_sub(&holders, 1) != 1)
		return;
	for (size_t i = 0; i < NR_SIGNALS; i++)
		if (listening(signals[i]))
			sigaction(signals[i], &before[i], NULL);
}

/* --- guarded code --------------------------------------------------------------- */

void guard_enter(const char *top, size_t size)
{
	guard.top = top;
	guard.size = size;
	guard.entered++;
	guard.inside = true;
}

void guard_leave(void)
{
	guard.inside = guard.landing != NULL;	/* fiber_run() within guard_call() */
	guard.top = NULL;
}

bool guard_call(void (*function)(void *arg), void *arg)
{
	const char *top = guard.top;
	sigjmp_buf *outer = guard.landing, landing;
	bool inside = guard.inside;

	if (!sigsetjmp(landing, 0)) {
		guard.landing = &landing;
		guard.top = NULL;
		guard.entered++;
		guard.inside = true;
		function(arg);
	}
	guard.landing = outer;
	guard.top = top;
	guard.inside = inside;
	return !guard_caught();
}

bool guard_caught(void)
{
	bool caught = guard.caught;

	guard.caught = false;
	return caught;
}

const struct guard_end *guard_last(void)
{
	return &guard.last;
}

void guard_forget(void)
{
	guard.last = (struct guard_end){ .reason = GUARD_NOTHING };
}

static const char *crash_words(int signal)
{
	switch (signal) {
	case SIGSEGV:
		return "crashed (SIGSEGV)";
	case SIGBUS:
		return "crashed (SIGBUS)";
	case SIGFPE:
		return "crashed (SIGFPE)";
	case SIGILL:
		return "crashed (SIGILL)";
	case SIGABRT:
		return "crashed (SIGABRT)";
	default:
		return "crashed (SIGTRAP)";
	}
}

const char *guard_words(const struct guard_end *end)
{
	if (end->overflow)
		return "ran out of its stack (128 KiB)";
	if (end->reason == GUARD_STUCK)
		return "does not return (2 s of CPU, or 10 s in all)";
	return crash_words(end->signal);
}
