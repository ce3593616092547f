/* SPDX-License-Identifier: MIT */
/* The graph of all states: what the search of states passes over, kept. */
#ifndef EXPLORE_GRAPH_H
#define EXPLORE_GRAPH_H

#include "explore/search.h"

#define GRAPH_NOWHERE	UINT32_MAX	/* where a step leads that ends its run in a violation */

/* A state; the first of them is the start. */
struct graph_state {
	struct state_key key;
	uint32_t first;			/* of its edges, one for each task that can run, in their order */
	uint16_t enabled;		/* those tasks, by bit */
};

struct graph {
	struct graph_state *state;
	uint32_t nr, room;
	uint32_t *edge;			/* numbers of states */
	uint32_t nr_edges, room_edges;
	uint32_t *slot;			/* numbers of states from 1, by their keys; 0: empty */
	size_t slots;
};

/* Take every step of every state. False without memory; ->bounded_by of the result is kept to. */
bool graph_build(struct graph *graph, struct search *search);
void graph_free(struct graph *graph);
/* The state that a step of @task leads to from @state. */
uint32_t graph_next(const struct graph *graph, uint32_t state, int task);

#endif
