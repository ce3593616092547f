/* SPDX-License-Identifier: MIT */
#include "explore/graph.h"

#include "explore/fault.h"
#include "explore/limits.h"

#include <stdlib.h>

/* A state on the path, and the tasks left to try from it, by bit. */
struct top {
	uint32_t state;
	uint16_t untried;
};

struct builder {
	struct graph *graph;
	struct search *search;
	struct top *path;
	size_t depth, room;
};

/* --- states by fingerprint --------------------------------------------------- */

/* The slot of state @fp, or the empty slot where it belongs. */
static uint32_t *find(const struct graph *graph, struct fingerprint fp)
{
	size_t i = fp.low & (graph->slots - 1);

	while (graph->slot[i] && !fingerprint_equal(graph->state[graph->slot[i] - 1].fp, fp))
		i = (i + 1) & (graph->slots - 1);
	return &graph->slot[i];
}

static bool make_slots(struct graph *graph, size_t slots)
{
	uint32_t *slot = calloc(slots, sizeof(*slot));

	if (!slot)
		return false;
	free(graph->slot);
	graph->slot = slot;
	graph->slots = slots;
	for (uint32_t i = 0; i < graph->nr; i++)
		*find(graph, graph->state[i].fp) = i + 1;
	return true;
}

static bool make_room_for_state(struct graph *graph)
{
	uint32_t room = graph->room ? graph->room * 2 : 512;
	struct graph_state *state;

	if (graph->nr < graph->room)
		return true;
	if (graph->nr >= GRAPH_NOWHERE / 2)
		return false;
	state = realloc(graph->state, room * sizeof(*state));
	if (!state)
		return false;
	graph->state = state;
	graph->room = room;
	return make_slots(graph, (size_t)room * 2);
}

static bool make_room_for_edges(struct graph *graph)
{
	uint32_t room = graph->room_edges ? graph->room_edges * 2 : 1024;
	uint32_t *edge;

	if (graph->nr_edges + ARENA_STACKS <= graph->room_edges)
		return true;
	if (graph->nr_edges >= GRAPH_NOWHERE / 2)
		return false;
	edge = realloc(graph->edge, room * sizeof(*edge));
	if (!edge)
		return false;
	graph->edge = edge;
	graph->room_edges = room;
	return true;
}

size_t graph_bytes(const struct graph *graph)
{
	return graph->room * sizeof(*graph->state) + graph->room_edges * sizeof(*graph->edge) +
	       graph->slots * sizeof(*graph->slot);
}

/* --- the graph --------------------------------------------------------------- */

static uint32_t *edge_of(const struct graph *graph, uint32_t state, int task)
{
	const struct graph_state *from = &graph->state[state];

	return &graph->edge[from->first + __builtin_popcount(from->enabled & ((1u << task) - 1))];
}

uint32_t graph_next(const struct graph *graph, uint32_t state, int task)
{
	return *edge_of(graph, state, task);
}

/* Push @state, which is the current one. */
static bool push(struct builder *builder, uint32_t state)
{
	size_t room = builder->room ? builder->room * 2 : 256;

	if (builder->depth == builder->room) {
		struct top *path = realloc(builder->path, room * sizeof(*path));

		if (!path)
			return false;
		builder->path = path;
		builder->room = room;
	}
	builder->path[builder->depth++] = (struct top){
		.state = state,
		.untried = builder->graph->state[state].enabled,
	};
	return true;
}

/*
 * *@number is the current state; a new one is pushed, a known one left again. False without
 * memory.
 */
static bool arrive(struct builder *builder, uint32_t *number)
{
	struct graph *graph = builder->graph;
	struct mmref_sim *sim = builder->search->sim;
	struct fingerprint fp = memory_fingerprint(sim);
	unsigned int enabled = sim_enabled(sim);
	uint32_t *slot;

	if (!make_room_for_state(graph) || !make_room_for_edges(graph))
		return false;
	slot = find(graph, fp);
	if (*slot) {
		*number = *slot - 1;
		memory_undo(sim);
		return true;
	}
	*number = graph->nr++;
	*slot = graph->nr;
	graph->state[*number] = (struct graph_state){
		.fp = fp,
		.first = graph->nr_edges,
		.enabled = enabled,
	};
	graph->nr_edges += __builtin_popcount(enabled);
	return push(builder, *number);
}

/* Take one untried step from the top. */
static bool advance(struct builder *builder)
{
	struct top *top = &builder->path[builder->depth - 1];
	struct mmref_sim *sim = builder->search->sim;
	uint32_t from = top->state, to = GRAPH_NOWHERE;
	int task = __builtin_ctz(top->untried);

	top->untried &= top->untried - 1;
	sim_step(sim, task);
	if (search_went_wrong(builder->search, builder->depth))
		return false;
	if (sim->fatal.kind)
		memory_undo(sim);
	else if (!arrive(builder, &to))
		return false;
	*edge_of(builder->graph, from, task) = to;
	return true;
}

static bool is_cut_short(struct builder *builder)
{
	struct search *search = builder->search;
	size_t most = search->options->max_memory;

	if (most && graph_bytes(builder->graph) > most)
		search->result->bounded_by = "max-memory";
	return search_is_out_of_time(search);
}

static bool go(struct builder *builder)
{
	uint32_t start;

	sim_reset(builder->search->sim);
	if (!arrive(builder, &start))
		return false;
	while (builder->depth && !is_cut_short(builder)) {
		if (builder->path[builder->depth - 1].untried) {
			if (!advance(builder))
				return false;
		} else if (--builder->depth) {
			memory_undo(builder->search->sim);
		}
	}
	return true;
}

bool graph_build(struct graph *graph, struct search *search)
{
	struct builder builder = { .graph = graph, .search = search };
	bool ok = go(&builder);

	free(builder.path);
	return ok;
}

void graph_free(struct graph *graph)
{
	free(graph->state);
	free(graph->edge);
	free(graph->slot);
}
