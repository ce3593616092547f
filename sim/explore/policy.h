/* SPDX-License-Identifier: MIT */
/*
 * The policies of a random run: which of the enabled tasks takes the next step.
 *
 * 	random	each with the same probability
 * 	pct	the one of highest priority. Priorities are drawn once; at depth - 1 random
 * 		steps the running task gets the lowest. Burckhardt, Kothari, Musuvathi and
 * 		Nagarakatti, ASPLOS 2010
 * 	pos	the one of highest priority. Each step has its own, drawn anew when another
 * 		step races with it. Yuan, Yang and Gu, CAV 2018
 * 	surw	each order of the chosen steps, those that access one object, with the same
 * 		probability. Zhao, Wolff, Mathur and Roychoudhury, ASPLOS 2025
 *
 * Integers only, and one generator for all numbers: one seed gives one sequence of runs.
 */
#ifndef EXPLORE_POLICY_H
#define EXPLORE_POLICY_H

#include "sched/sim.h"

/* An object that steps access: a struct page, a pgmap, or the object a step names. */
struct span {
	const volatile char *start, *end;
};

/* What earlier runs say about later ones. */
struct profile {
	size_t length;				/* steps of the longest run that kept its policy */
	struct span chosen;			/* the object that surw looks at */
	uint32_t chosen_steps[ARENA_STACKS];	/* steps of each task that access it */
};

struct policy {
	struct mmref_sim *sim;
	enum mmref_strategy strategy;		/* of the current run */
	unsigned int depth;
	uint64_t generator;
	struct profile profile;

	/* of the current run */
	size_t steps;
	uint64_t priority[ARENA_STACKS];
	size_t change_at[MMREF_MAX_DEPTH];	/* steps after which priorities change */
	uint32_t left[ARENA_STACKS];		/* chosen steps each task has left, estimated */
	int next;				/* takes the next chosen step; -1: not drawn */
};

/* Start run number @run; the world is at its root. */
void policy_begin(struct policy *policy, enum mmref_strategy strategy, uint64_t seed, uint64_t run);
/* Pick one of @enabled, which is not empty. */
int policy_pick(struct policy *policy, unsigned int enabled);
/* @task took @step. */
void policy_stepped(struct policy *policy, int task, const struct mmref_step *step);
/* The run is over. */
void policy_ended(struct policy *policy);

#endif
