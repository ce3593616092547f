/* SPDX-License-Identifier: MIT */
/*
 * The names of the states on the path of a search that goes deep first. A step to one
 * of them closes a cycle, and a graph that has cycles has one that such a step closes.
 */
#ifndef EXPLORE_PATH_KEYS_H
#define EXPLORE_PATH_KEYS_H

#include "sched/memory.h"

struct path_key {
	struct state_key key;
	size_t below;			/* the one before it in its chain, from 1; 0: none */
};

struct path_keys {
	struct path_key *entry;		/* in the order of the path */
	size_t *chain;			/* the last entry of each, from 1; as many chains as room */
	size_t nr, room;
};

/* @key is that of the new top of the path. False without memory. */
bool path_keys_push(struct path_keys *keys, struct state_key key);
void path_keys_pop(struct path_keys *keys);
bool path_keys_have(const struct path_keys *keys, struct state_key key);
void path_keys_free(struct path_keys *keys);

#endif
