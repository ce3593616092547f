/* SPDX-License-Identifier: MIT */
/* The states seen: a set of keys, in memory of its own. */
#ifndef EXPLORE_VISITED_H
#define EXPLORE_VISITED_H

#include "sched/memory.h"

struct visited {
	unsigned int heap;		/* a jemalloc arena, dropped whole */
	struct state_key *slot;		/* both words 0: empty */
	size_t slots;			/* a power of two */
	size_t states;
	size_t bytes;
	size_t max_bytes;		/* 0: no bound */
};

enum visit {
	VISIT_NEW,
	VISIT_KNOWN,
	VISIT_NO_MEMORY,
};

bool visited_init(struct visited *visited, size_t max_bytes);
enum visit visited_add(struct visited *visited, struct state_key key);
void visited_free(struct visited *visited);

#endif
