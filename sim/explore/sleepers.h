/* SPDX-License-Identifier: MIT */
/*
 * Sleep sets: Godefroid, "Partial-order methods for the verification of concurrent
 * systems", LNCS 1032, 1996.
 *
 * At a state a task is asleep if nothing new comes of its step. That is known of a step
 * that was taken from there, once the search is back from it; and it stays so while
 * others take steps that touch nothing of that one's.
 *
 * In a search that keeps its states, what comes of a step that is left out is finished:
 * come to before, with all that can come of it. Nothing is kept of sleep sets with the
 * states for that, as long as no state was come to that is on the path. What is finished
 * has then no way on to what is not; and a step that is left out closes no circle, as it
 * leads to what was finished before the state that it starts from was come to. So the
 * first circle is found in any case.
 *
 * Of what was come to, and may not be finished, less is known: one step later, of a state s
 * that a step u has led to. Where t was taken before u, the state after it was come to before
 * s, and u leads from it to where t leads from s. If u in its turn is left out there, then for
 * a state come to before that one; so at last there is one from which it is taken. That is
 * enough for all states to be come to, also where runs come round, and where several
 * processes share what was come to. It says nothing of the step after it.
 */
#ifndef EXPLORE_SLEEPERS_H
#define EXPLORE_SLEEPERS_H

#include "explore/effect.h"

/* Where in ->touch the touches of a task's next step are. */
struct nap {
	uint32_t first, nr;
};

/* At a state of the path. */
struct rest {
	uint16_t known;			/* the tasks that ->nap tells of */
	uint16_t asleep;		/* since before it was come to */
	uint16_t taken;			/* from here */
	uint16_t finished;		/* of those two, for good */
	size_t touches;			/* that belong to states below it */
	struct nap nap[ARENA_STACKS];
};

struct sleepers {
	struct rest *rest;
	struct touch *touch;
	size_t depth, room, touches, touch_room;
};

/* A new top, where nobody is asleep. False without memory. */
bool sleepers_push(struct sleepers *sleepers);
/* A new top, to which the step that was told of last has led: asleep stays who it did not touch. */
bool sleepers_follow(struct sleepers *sleepers, int task);
void sleepers_pop(struct sleepers *sleepers);
/* The step of @task from the top does this. False without memory. */
bool sleepers_tell(struct sleepers *sleepers, int task, const struct effect *effect);
/*
 * The search is back from the step of @task from the top; @finished: and from all that came of it.
 * Nothing where nobody told of the step.
 */
void sleepers_add(struct sleepers *sleepers, int task, bool finished);
/* Who is asleep at the top; and of whose step all that can come is finished. */
unsigned int sleepers_asleep(const struct sleepers *sleepers);
unsigned int sleepers_finished(const struct sleepers *sleepers);
void sleepers_free(struct sleepers *sleepers);

#endif
