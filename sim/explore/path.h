/* SPDX-License-Identifier: MIT */
/*
 * The way from the root to the state at hand, and what is left to try along it.
 *
 * A step to a state that is on it closes a cycle, and a graph that has cycles has one
 * that such a step closes.
 */
#ifndef EXPLORE_PATH_H
#define EXPLORE_PATH_H

#include "sched/memory.h"

/* How the search came to a state. */
struct turn {
	unsigned int preemptions;	/* on the way to it */
	uint8_t runner;			/* who ran last and could go on, or NOBODY */
};

#define NOBODY	UINT8_MAX

struct path {
	uint16_t *untried;	/* of each state on it: the tasks left to try, by bit */
	uint8_t *tasks;		/* tasks[i] leads from the i-th state to the next */
	struct turn *turn;
	struct state_key *key;	/* of each state */
	size_t *below;		/* the state before it in the chain of its key, from 1; 0: none */
	size_t *chain;		/* the last state of each, from 1; as many chains as room */
	size_t depth, room;
};

/* Room for @depth states; false without memory. */
bool path_make_room(struct path *path, size_t depth);
/* The new top of the path, with nothing tried from it. False without memory. */
bool path_push(struct path *path, struct state_key key, unsigned int untried, struct turn turn);
void path_pop(struct path *path);
/* Is the state named @key on the path? */
bool path_has(const struct path *path, struct state_key key);
/* Of a path whose arrays were filled by hand. */
void path_link(struct path *path);
void path_free(struct path *path);

#endif
