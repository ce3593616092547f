/* SPDX-License-Identifier: MIT */
/*
 * Sleep sets: a step known to lead only to fully explored states is skipped. Godefroid,
 * "Partial-order methods for the verification of concurrent systems", LNCS 1032, 1996.
 *
 *	enters	a task enters the sleep set of a state when the search backtracks over its step
 *	stays	it stays in the set of the next state if the step there is independent of its own
 *	leaves	it leaves when a dependent step runs
 *
 * A depth-first search that keeps its states uses them in two ways.
 *
 * ->finished: no cycle was found so far. Then all states that a skipped step leads to were
 * explored completely, and stay skipped on the whole path below. A skipped step cannot close a
 * cycle: it leads to a state that was finished before the current one was reached. So the first
 * cycle is always found, and the visited set need not store sleep sets.
 *
 * ->taken: a cycle was found, or several processes share the visited set. Then a step is
 * skipped one level below only. Let t be taken at a state before u, u lead to s, and t be
 * skipped in s. The state after t was reached before s, and u leads from it to the state that t
 * leads to from s. If u is skipped there in turn, then in favour of a state that was reached
 * earlier still; the chain ends in a state where the step is taken. So all states are reached,
 * with cycles and with several processes.
 */
#ifndef EXPLORE_SLEEP_SET_H
#define EXPLORE_SLEEP_SET_H

#include "explore/access_set.h"

/* The accesses of a task's next step: a part of sleep_set.access[]. */
struct access_slice {
	uint32_t first, nr;
};

/* The sleep set of one state on the path; task sets are bit masks. */
struct sleep_frame {
	uint16_t known;			/* tasks whose step[] is valid */
	uint16_t asleep;		/* inherited from the state before */
	uint16_t taken;			/* their steps from this state are explored */
	uint16_t finished;		/* of asleep | taken: see above */
	size_t accesses;		/* sleep_set.nr_accesses when this frame was pushed */
	struct access_slice step[ARENA_STACKS];
};

/* The sleep sets of all states on the path. */
struct sleep_set {
	struct sleep_frame *frame;
	struct access *access;
	size_t depth, room, nr_accesses, access_room;
};

/* Push an empty frame. False without memory. */
bool sleep_set_push(struct sleep_set *sleep);
/* Push a frame for the state after the recorded step of @task: independent sleepers stay. */
bool sleep_set_push_after(struct sleep_set *sleep, int task);
void sleep_set_pop(struct sleep_set *sleep);
/* Record what the step of @task from the top accesses. False without memory. */
bool sleep_set_record(struct sleep_set *sleep, int task, const struct access_set *set);
/*
 * The search backtracked over the step of @task from the top. @finished: all that follows it is
 * explored. Does nothing where the step was not recorded.
 */
void sleep_set_add(struct sleep_set *sleep, int task, bool finished);
/* The tasks to skip at the top, and those of them that are finished. */
unsigned int sleep_set_tasks(const struct sleep_set *sleep);
unsigned int sleep_set_finished(const struct sleep_set *sleep);
void sleep_set_free(struct sleep_set *sleep);

#endif
