/* SPDX-License-Identifier: MIT */
/*
 * A simulation: a world in an arena, its fibers, and the host they announce
 * their steps to. What is here and not in the arena is no part of a state.
 */
#ifndef SCHED_SIM_H
#define SCHED_SIM_H

#include <mmref/explore.h>

#include "kernel/host.h"
#include "ops/scene.h"
#include "sched/arena.h"
#include "sched/fiber.h"
#include "sched/guard.h"
#include "sched/memory.h"
#include "world.h"

/* A range of memory that a step reads or writes. */
struct access {
	const volatile char *start, *end;
	enum mmref_access kind;
};

/* More than that, and a step counts as one that touches everything. */
#define MAX_TOUCHED	8

/* Code that went wrong: see guard.h. */
struct sim_fault {
	struct guard_end end;		/* ->reason is GUARD_NOTHING where nothing did */
	int task;			/* whose step it was */
	const struct mmref_site *site;	/* where the task had announced it; NULL: its first */
	char functions[128];		/* GUARD_DIFFERS: functions of the rule set in the step */
};

struct mmref_sim {
	struct mmref_host host;		/* first: the host finds its simulation by it */
	struct arena arena;
	struct mmref_rules rules;	/* resolved */
	struct world *world;
	struct mmref_sim *next;		/* of the simulations that exist */
	struct task setting;		/* who sets the scene, from no fiber */
	struct set_up scene;		/* what it has come to */
	struct set_up *scene_before;
	struct task *before;		/* whose current_task it was */
	struct fiber *fiber[ARENA_STACKS];
	uint8_t symmetric_to[ARENA_STACKS];	/* of each task: the first symmetric one, or itself */
	int nr_threads;			/* the program's; kernel threads come after */
	int nr_fibers;
	bool ends_run;			/* a violation other than a warning ends the run */
	bool in_step;			/* a task was let run, and has not been seen since */
	bool foreign_rules;		/* the rule set is none of mmref's own */
	bool foreign_bodies;		/* nor are the bodies of the threads */
	struct sim_fault fault;		/* kept until sim_forget_fault() */

	/*
	 * A task that nobody else can run beside has announced its next step: does it take it at
	 * once, with no switch before it? Asked on its stack. NULL: never.
	 */
	bool (*runs_on)(struct mmref_sim *sim);
	void *runner;			/* who says so */

	/* the world as the search finds it, and where each fiber begins */
	char *root;
	size_t root_used;		/* bytes, in whole pages */
	struct memory memory;

	/* what the step just taken has shown */
	struct violation warning;	/* ->kind is MMREF_NONE where there is none */
	struct violation fatal;
	struct access touched[MAX_TOUCHED];	/* besides what it announced */
	unsigned int nr_touched;

	volatile int interrupted;	/* set by a signal handler */
	const struct mmref_observer *observer;
	void *teller;			/* of sequential steps, see exec/ */
};

/* Does @sim exist? False, with an error for mmref_error(NULL), for NULL and for one that was freed. */
bool sim_exists(const struct mmref_sim *sim);
/* The same, and the caller is no thread of @sim, where nothing may be explored or added. */
bool sim_is_outside(struct mmref_sim *sim);
/* Keep @format as what mmref_error(@sim) says; @sim may be NULL. */
void sim_fails(struct mmref_sim *sim, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Add a task to the world; kernel threads are not waited for. NULL when there are too many. */
struct fiber *sim_add_fiber(struct mmref_sim *sim, const char *name, void (*body)(void *arg),
			    void *arg, bool kthread);
/* @task is symmetric to @first: see symmetry.h. */
void sim_set_symmetric(struct mmref_sim *sim, int task, int first);
/* Keep the world as it is as the root of all runs; no more threads. False without memory. */
bool sim_start(struct mmref_sim *sim);
/* Back to the root, every fiber at its first step; ->fatal tells of one that did not get there. */
void sim_reset(struct mmref_sim *sim);
/* @fiber runs up to its first step. */
void sim_start_fiber(struct mmref_sim *sim, struct fiber *fiber);

/* The tasks that can take a step, by bit. */
unsigned int sim_enabled(const struct mmref_sim *sim);
/*
 * Let @task take the step it has announced, and check the world after it. Where the code of the
 * step goes wrong, ->fault says how, and ->fatal ends the run.
 */
void sim_step(struct mmref_sim *sim, int task);
/* The same for a step that is taken back with the one before, which was of @task as well. */
void sim_go_on(struct mmref_sim *sim, int task);
/* Another search begins. */
void sim_forget_fault(struct mmref_sim *sim);
/* Nobody can run (where code goes wrong meanwhile: false, and ->fault): *@v is what is wrong with that, and true, or nothing and false. */
bool sim_ends_badly(struct mmref_sim *sim, struct violation *v, int *task);

#endif
