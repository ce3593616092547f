/* SPDX-License-Identifier: MIT */
/*
 * A task: what the model knows about a thread, whoever schedules it.
 *
 * All of it lives in the world's memory and counts as state, so nothing here
 * grows with time: no counters of steps, no clocks.
 */
#ifndef KERNEL_TASK_H
#define KERNEL_TASK_H

#include <mmref/linux/export.h>
#include <mmref/linux/types.h>
#include <mmref/rules.h>
#include <mmref/trace.h>

#define MAX_TASKS	16

struct mmref_host;
struct world;

/* How deep a task sleeps: only an interruptible sleep is ended by a signal. */
enum sleep_state {
	TASK_UNINTERRUPTIBLE,	/* "D"; locks that sleep are waited for so */
	TASK_INTERRUPTIBLE,	/* "S" */
	TASK_SPINNING,		/* a spinlock: "R" */
	TASK_IDLE,		/* a kernel thread without work */
};

/* What a sleeping task waits for. The predicate reads the world and takes no steps. */
struct sleep {
	bool (*ready)(const void *arg);
	const void *arg;
	enum sleep_state state;
};

/* What struct world begins with, as far as the headers look into it. */
struct world_head {
	const struct mmref_rules *rules;	/* resolved: no function of it is NULL */
	uint8_t pmd_order;			/* PTEs in a table, as a power of two */
	int devmap_managed;			/* see jump_label.h */
};

/* What a task waits for that is queued; see wait.h. */
struct queued_wait {
	const volatile void *address;	/* of ___wait_var_event(); NULL while not queued */
	const volatile void *queue;	/* what a waker touches */
	uint16_t queue_size;
	bool woken;
	bool exclusive;			/* a wake-up of one may pass it over */
	struct sleep until;		/* of ___wait_var_event() */
};

struct task {
	struct world *world;
	struct mmref_host *host;
	const char *name;
	struct queued_wait wait;
	const struct mmref_site *asleep;/* where it sleeps, NULL while it does not */
	enum sleep_state state;		/* how deep; valid while asleep */
	bool signal_pending;		/* until it is back in user space, where it is handled */
	uint8_t id;
	int8_t marks;			/* words of shared memory that have the id in them */
	bool in_operation;		/* that reports have been told of */
	bool kthread;			/* may sleep for ever: it is not part of the program */
	bool done;			/* its body has returned */
	bool dead;			/* killed by an oops */
	bool unplugging;		/* inside the removal of a device */
	uint8_t through;		/* it takes and puts pages as those of this inode, or 0 */
	bool in_overlay;		/* inside a put that an overlay has replaced */
	bool steps_off;			/* what it does belongs to the step announced last */
};

#ifdef MMREF_INSIDE
extern _Thread_local struct task *current_task;
#define current current_task
#else
struct task *mmref_current(void);
#define current (mmref_current())
#endif

/* The table of the present rule set: the calls of linux/dispatch.h go through it. */
static inline const struct mmref_rules *mmref_running(void)
{
	return ((const struct world_head *)current->world)->rules;
}

#define rules()	mmref_running()

static inline unsigned int pmd_order(void)
{
	return ((const struct world_head *)current->world)->pmd_order;
}

/* Shared memory has the current task's id in one word more, or less: a lock it owns, a mask. */
static inline void leave_mark(void)
{
	current->marks++;
}

static inline void take_mark(void)
{
	current->marks--;
}

#endif
