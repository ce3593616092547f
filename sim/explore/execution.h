/* SPDX-License-Identifier: MIT */
/*
 * An execution as far as it has come: its steps, which of them happen before which, and
 * which race. Of two steps that race, the later one could have come first; to the state
 * before the earlier one an attempt is owed that begins with what leads to it.
 */
#ifndef EXPLORE_EXECUTION_H
#define EXPLORE_EXECUTION_H

#include "explore/effect.h"

/* An execution has no more steps. */
#define EXECUTION_LONGEST	16384

/* A state, and the step last taken from it. */
struct event {
	/* of the state */
	uint16_t enabled;
	uint16_t owed;			/* tasks to be taken from here */
	bool alone;			/* who came to it goes on, and nobody else can run */

	/* of the step */
	uint8_t task;
	bool waited;			/* it could have had to wait, and perhaps had to */
	uint16_t number;		/* among those of its task, from 1 */
	uint16_t previous;		/* of those, where the one before it is, from 1; 0: nowhere */
	uint16_t before;		/* how many steps happen before it, or are it */
	uint16_t clock[ARENA_STACKS];	/* how many of each task do */
	struct effect effect;

	/* of an addition */
	int acts;
	bool commutes;			/* with all others of the execution to the same counter */
};

struct execution {
	struct event *event;
	uint8_t *tasks;			/* of the steps */
	size_t depth, room;		/* how many steps there are; event[depth] is the top */
	uint16_t latest[ARENA_STACKS];	/* where the last step of each task is, from 1 */
};

static inline struct event *execution_top(const struct execution *execution)
{
	return &execution->event[execution->depth];
}

/* Is there room for another step? Make it; false without memory. */
bool execution_has_room(const struct execution *execution);
bool execution_make_room(struct execution *execution);
void execution_free(struct execution *execution);

/* No steps. */
void execution_clear(struct execution *execution);
/* @task is about to take the step from the top that it has announced, and has taken it. */
void execution_begin_step(struct execution *execution, const struct mmref_sim *sim, int task);
void execution_end_step(struct execution *execution, const struct mmref_sim *sim);
/* The step from the top is none any more: its task has not taken it. */
void execution_take_back(struct execution *execution);

/* The step @last has been taken: when it happens, and what it owes. */
void execution_find_races(struct execution *execution, size_t last);
/*
 * The tasks that are left at the end, but for @dead, in whose step the run ended: each has
 * announced a step that it never took, and that races with what came before as if it had.
 */
void execution_find_races_of_rest(struct execution *execution, const struct mmref_sim *sim,
				  int dead);
/* The end has been come to: which additions change places? And none do again. */
void execution_find_commuting(struct execution *execution, const struct mmref_sim *sim);
void execution_forget_commuting(struct execution *execution);

#endif
