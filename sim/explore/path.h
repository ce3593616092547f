/* SPDX-License-Identifier: MIT */
/* The way from the root to the state at hand, and what is left to try along it. */
#ifndef EXPLORE_PATH_H
#define EXPLORE_PATH_H

#include "sched/memory.h"

struct path {
	uint16_t *untried;	/* of each state on it: the tasks left to try, by bit */
	uint8_t *tasks;		/* tasks[i] leads from the i-th state to the next */
	struct state_key *key;	/* of each state */
	size_t depth, room;
};

/* Room for @depth states; false without memory. */
bool path_make_room(struct path *path, size_t depth);
void path_free(struct path *path);

#endif
