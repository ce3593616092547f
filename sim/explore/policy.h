/* SPDX-License-Identifier: MIT */
/*
 * How a random run goes on: which of the tasks that can run takes the next step.
 *
 *	random	any of them, each as likely
 *	pct	the one of highest priority; priorities are drawn once, and at depth - 1
 *		random steps whoever runs falls below all others. Burckhardt, Kothari,
 *		Musuvathi and Nagarakatti, ASPLOS 2010
 *	pos	the one of highest priority, which is that of its next step and is drawn
 *		anew when another step races with it. Yuan, Yang and Gu, CAV 2018
 *	surw	as if drawn from all orders of the chosen steps, those that touch one
 *		object, with equal chances. Zhao, Wolff, Mathur and Roychoudhury, ASPLOS 2025
 *
 * Integers only, and all numbers from one generator: the same seed takes the same runs.
 */
#ifndef EXPLORE_POLICY_H
#define EXPLORE_POLICY_H

#include "sched/sim.h"

/* An object that steps touch: a struct page, a pgmap, or what a step names. */
struct span {
	const volatile char *start, *end;
};

/* What earlier runs have told of the runs to come. */
struct profile {
	size_t length;				/* steps of the longest that did not try on and on */
	struct span chosen;			/* the object that surw looks at */
	uint32_t chosen_steps[ARENA_STACKS];	/* of each task, that touch it */
};

struct policy {
	struct mmref_sim *sim;
	enum mmref_strategy strategy;		/* of the run at hand */
	unsigned int depth;
	uint64_t generator;
	struct profile profile;

	/* of the run at hand */
	size_t steps;
	uint64_t priority[ARENA_STACKS];
	size_t change_at[MMREF_MAX_DEPTH];	/* after so many steps */
	uint32_t left[ARENA_STACKS];		/* chosen steps, as far as is known */
	int next;				/* whose chosen step comes next; -1: not drawn */
};

/* The world is at its root: the run number @run by @strategy begins. */
void policy_begin(struct policy *policy, enum mmref_strategy strategy, uint64_t seed, uint64_t run);
/* One of @enabled, of which there is one at least. */
int policy_pick(struct policy *policy, unsigned int enabled);
/* @task has taken @step. */
void policy_stepped(struct policy *policy, int task, const struct mmref_step *step);
/* The run is over. */
void policy_ended(struct policy *policy);

#endif
