/* SPDX-License-Identifier: MIT */
/*
 * The current execution: its steps, the happens-before relation, and the races.
 *
 * 	a race = two dependent steps of different tasks, neither ordered by a step in between
 *
 * Of two racing steps the later could go first. The state before the earlier one then owes a run
 * that begins with the steps that lead to the later one: ->owed.
 */
#ifndef EXPLORE_EXECUTION_H
#define EXPLORE_EXECUTION_H

#include "explore/access_set.h"

/* Steps in an execution, at most. */
#define EXECUTION_LONGEST	16384

/* A state, and the last step taken from it. */
struct event {
	/* the state */
	uint16_t enabled;
	uint16_t owed;			/* tasks that must be run from here, by bit */
	bool alone;			/* the task that led here goes on, and no other can run */

	/* the step */
	uint8_t task;
	bool waited;			/* it may have had to wait */
	uint16_t number;		/* of the step among those of its task, from 1 */
	uint16_t previous;		/* index of the task's previous step, from 1; 0: none */
	uint16_t before;		/* number of steps that happen before it, itself included */
	uint16_t clock[ARENA_STACKS];	/* the same for each task */
	struct access_set accesses;

	/* an addition */
	int acts;
	bool commutes;			/* with all additions of this execution to the counter */
};

struct execution {
	struct event *event;
	uint8_t *tasks;			/* the task of each step */
	size_t depth, room;		/* ->depth steps; event[depth] is the top */
	uint16_t latest[ARENA_STACKS];	/* index of each task's last step, from 1 */
};

static inline struct event *execution_top(const struct execution *execution)
{
	return &execution->event[execution->depth];
}

/* Is there room for another step? Make room for one; false without memory. */
bool execution_has_room(const struct execution *execution);
bool execution_make_room(struct execution *execution);
void execution_free(struct execution *execution);

/* Back to no steps. */
void execution_clear(struct execution *execution);
/* Around the step of @task from the top: before it is taken, and after. */
void execution_begin_step(struct execution *execution, const struct mmref_sim *sim, int task);
void execution_end_step(struct execution *execution, const struct mmref_sim *sim);
/* Forget the step from the top; it was undone. */
void execution_take_back(struct execution *execution);

/* Compute what happens before step @last, and what its races owe. */
void execution_find_races(struct execution *execution, size_t last);
/*
 * Races of the steps that were announced but not taken when the run ended. @dead is the task
 * whose step ended the run, or negative.
 */
void execution_find_races_of_rest(struct execution *execution, const struct mmref_sim *sim,
				  int dead);
/* Find out which additions commute, at the end of the run; and forget it. */
void execution_find_commuting(struct execution *execution, const struct mmref_sim *sim);
void execution_forget_commuting(struct execution *execution);

#endif
