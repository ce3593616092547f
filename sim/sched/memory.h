/* SPDX-License-Identifier: MIT */
/*
 * The memory of a simulation, watched: what a step changed in it, the name of the
 * state that it came to, and the way back.
 *
 * The pages of the world are write-protected until something is first written to
 * them; a step is looked for only in pages that ever were (a hot one stays hot),
 * so a big world costs no more than a small one. Found is whatever differs from
 * the copy kept of the last look, whoever wrote it and by what means.
 *
 * A task may write to the world and to its own stack, not to another's.
 *
 * The name of a state is the sum of the 128-bit hashes of its lines, each with its
 * place and less that of the root's line, and of the stacks in use: of n states, two
 * different ones share a name with probability n^2 / 2^129. Of threads that are one
 * another's equals see symmetry.h.
 */
#ifndef SCHED_MEMORY_H
#define SCHED_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/arena.h"
#include "sched/lines.h"
#include "sched/symmetry.h"

#define MEMORY_PAGE	4096
#define MEMORY_PAGES	(ARENA_WORLD / MEMORY_PAGE)
#define MEMORY_LINES	(ARENA_WORLD / MEMORY_LINE)

struct mmref_sim;

struct memory {
	struct memory *outer;		/* that is watched beside this one */
	char *base;			/* the world */
	char *before;			/* its hot pages, as they were at the last look */
	struct fingerprint *name;		/* of each line of them; 0: that of the root's line */
	bool unnamed;			/* nobody asks for names: they are not kept up to date */
	bool unseen;			/* steps were taken since the last look: it waits for need */
	struct fingerprint lines;		/* the sum over the lines */
	struct task_name task[ARENA_STACKS];	/* of each task's stack */
	struct symmetry symmetry;
	uint16_t hot[MEMORY_PAGES];	/* numbers of pages, in the order of their first writes */
	volatile unsigned int nr_hot;

	/* what there is to take back: a change for each step, the last one at ->last */
	char *log;
	size_t last, used, size;
	size_t fresh;			/* where the lines begin that the last look has found */
};

/*
 * What a step changed, and those that are taken back with it; in the log the stack of its task
 * follows, as it was, and then the lines.
 */
struct memory_change {
	size_t previous;		/* where in the log the change before this one begins */
	struct fingerprint lines;		/* the sum before it */
	struct task_name name;		/* of the task, before it */
	uint32_t nr_lines;
	uint32_t stack_size;		/* bytes */
	int task;
};

/* A line as it was. */
struct memory_line {
	uint64_t number;
	struct fingerprint name;
	char bytes[MEMORY_LINE];
};

/* Watch the world of @sim, which is the root of all runs now. False without memory. */
bool memory_watch(struct mmref_sim *sim);
void memory_unwatch(struct mmref_sim *sim);
/*
 * A write at @address was refused, in a signal handler: was it the first one to a page of a world
 * that this thread watches? Then it can be made now.
 */
bool memory_first_write(const char *address);
/* Back to the root, with nothing to take back; the stacks are somebody else's to see to. */
void memory_reset(struct mmref_sim *sim);
void memory_set_line(struct mmref_sim *sim, const struct memory_line *line);

/* The state at hand is the first of a run: nothing to take back. */
void memory_begin_run(struct mmref_sim *sim);
/*
 * @task is about to take a step, and has taken it. Of steps of one task the first alone may be
 * told of before; then they are taken back as one.
 */
void memory_before_step(struct mmref_sim *sim, int task);
void memory_after_step(struct mmref_sim *sim, int task);
/* The lines that the last step changed: *@nr of them. */
const struct memory_line *memory_changed(struct mmref_sim *sim, size_t *nr);
/* No step taken so far will be taken back. */
void memory_forget(struct mmref_sim *sim);
/* Take the last step that was told of before back, and all after it. */
void memory_undo(struct mmref_sim *sim);

/* The name of the state at hand. */
struct fingerprint memory_fingerprint(const struct mmref_sim *sim);
/* The same where names are not kept up to date: all hot pages are gone through. */
struct fingerprint memory_fingerprint_now(const struct mmref_sim *sim);

#endif
