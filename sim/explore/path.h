/* SPDX-License-Identifier: MIT */
/*
 * The path from the root to the current state of a depth-first search, and the steps still to try
 * from each state on it.
 *
 * A step to a state on the path closes a cycle. A depth-first search of a graph that has cycles
 * takes at least one such step.
 */
#ifndef EXPLORE_PATH_H
#define EXPLORE_PATH_H

#include "sched/memory.h"

/* What the limit on preemptions needs to know about the way to a state. */
struct sched_ctx {
	unsigned int preemptions;	/* on the path so far */
	uint8_t runner;			/* the task that ran last, if it can go on; or NOBODY */
};

#define NOBODY	UINT8_MAX

struct path {
	uint16_t *untried;	/* for each state: tasks left to try, by bit */
	uint8_t *tasks;		/* tasks[i] leads from state i to state i + 1 */
	struct sched_ctx *ctx;
	struct fingerprint *fp;	/* for each state */
	size_t *below;		/* the previous state in its hash chain, from 1; 0: none */
	size_t *chain;		/* heads of ->room hash chains: the last state of each, from 1 */
	size_t depth, room;
};

/* Make room for @depth states. False without memory. */
bool path_make_room(struct path *path, size_t depth);
/* Push a state from which no step was tried yet. False without memory. */
bool path_push(struct path *path, struct fingerprint fp, unsigned int untried,
	       struct sched_ctx ctx);
void path_pop(struct path *path);
/* Is the state with fingerprint @fp on the path? */
bool path_has(const struct path *path, struct fingerprint fp);
/* Rebuild the hash chains, after the arrays were filled directly. */
void path_link(struct path *path);
void path_free(struct path *path);

#endif
