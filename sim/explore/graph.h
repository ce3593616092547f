/* SPDX-License-Identifier: MIT */
/* The graph of all states, kept in memory for search_livelocks(). */
#ifndef EXPLORE_GRAPH_H
#define EXPLORE_GRAPH_H

#include "explore/search.h"

#define GRAPH_NOWHERE	UINT32_MAX	/* the step ends its run in a violation */

/* state[0] is the root */
struct graph_state {
	struct fingerprint fp;
	uint32_t first;			/* edge; one for each enabled task, in task order */
	uint16_t enabled;		/* tasks that can run, by bit */
};

struct graph {
	struct graph_state *state;
	uint32_t nr, room;
	uint32_t *edge;			/* state numbers */
	uint32_t nr_edges, room_edges;
	uint32_t *slot;			/* hash table: state numbers, from 1; 0: empty */
	size_t slots;
};

/* Take every step of every state. False without memory; a limit sets ->bounded_by. */
bool graph_build(struct graph *graph, struct search *search);
/* Bytes that it takes. */
size_t graph_bytes(const struct graph *graph);
void graph_free(struct graph *graph);
/* The state that the step of @task leads to. */
uint32_t graph_next(const struct graph *graph, uint32_t state, int task);

#endif
