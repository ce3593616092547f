/* SPDX-License-Identifier: MIT */
/* By distance from the start, for the shortest run to a violation. */
#include <stdlib.h>
#include <string.h>

#include "explore/search.h"
#include "sched/snapshot.h"

/* A state to be expanded: its snapshot, and the step that led to it. */
struct node {
	struct node *next;
	uint32_t origin;	/* index of the step into it */
	_Alignas(16) char snapshot[];
};

/* How a state was first come to: from where, and by which task. */
struct origin {
	uint32_t before;
	uint8_t task;
};

struct shortest {
	struct search *search;
	struct node *first, **last;
	struct origin *origin;	/* origin[0] is the start */
	uint32_t nr, room;
	char *scratch;
	size_t scratch_size;
	unsigned int kinds;	/* still to be met, by bit */
};

static bool add_origin(struct shortest *s, uint32_t before, int task)
{
	if (s->nr == s->room) {
		uint32_t room = s->room ? s->room * 2 : 1024;
		struct origin *origin = realloc(s->origin, room * sizeof(*origin));

		if (!origin)
			return false;
		s->origin = origin;
		s->room = room;
	}
	s->origin[s->nr++] = (struct origin){ .before = before, .task = task };
	return true;
}

static bool enqueue(struct shortest *s, uint32_t origin)
{
	size_t bound = snapshot_bound(s->search->sim), size;
	struct node *node;

	if (bound > s->scratch_size) {
		char *scratch = realloc(s->scratch, bound);

		if (!scratch)
			return false;
		s->scratch = scratch;
		s->scratch_size = bound;
	}
	size = snapshot_save(s->search->sim, s->scratch);
	node = malloc(sizeof(*node) + size);
	if (!node)
		return false;
	node->next = NULL;
	node->origin = origin;
	memcpy(node->snapshot, s->scratch, size);
	*s->last = node;
	s->last = &node->next;
	return true;
}

static struct node *dequeue(struct shortest *s)
{
	struct node *node = s->first;

	s->first = node->next;
	if (!s->first)
		s->last = &s->first;
	return node;
}

/* The path that ends in the last step of @origin. */
static bool note(struct shortest *s, const struct violation *v, uint32_t origin)
{
	struct mmref_found *found;
	size_t length = 0;
	uint8_t *path;
	bool ok;

	if (!(s->kinds & 1u << v->kind))
		return true;
	for (uint32_t i = origin; i; i = s->origin[i].before)
		length++;
	path = malloc(length + 1);
	if (!path)
		return false;
	for (uint32_t i = origin, at = length; i; i = s->origin[i].before)
		path[--at] = s->origin[i].task;
	found = search_found(s->search, v->kind);
	ok = found && search_note(s->search, found, v, path, length);
	free(path);
	s->kinds &= ~(1u << v->kind);
	return ok;
}

static bool expand(struct shortest *s, struct node *node, int task)
{
	struct search *search = s->search;
	struct violation v;
	uint32_t origin;
	int sleeper;

	snapshot_restore(search->sim, node->snapshot);
	sim_step(search->sim, task);
	if (!add_origin(s, node->origin, task))
		return false;
	origin = s->nr - 1;

	if (search->sim->warning.kind && !note(s, &search->sim->warning, origin))
		return false;
	if (search->sim->fatal.kind)
		return note(s, &search->sim->fatal, origin);
	if (visited_add(&search->visited, memory_key(search->sim)) != VISIT_NEW) {
		s->nr--;
		return true;
	}
	if (sim_enabled(search->sim))
		return enqueue(s, origin);
	if (sim_ends_badly(search->sim, &v, &sleeper))
		return note(s, &v, origin);
	return true;
}

static bool go(struct shortest *s)
{
	struct mmref_sim *sim = s->search->sim;

	sim_reset(sim);
	if (sim->fatal.kind)
		return true;	/* before the first step: no run is shorter */
	visited_add(&s->search->visited, memory_key(sim));
	if (!add_origin(s, 0, 0) || !enqueue(s, 0))
		return false;
	while (s->first && s->kinds) {
		struct node *node = dequeue(s);
		unsigned int enabled;
		bool ok = true;

		snapshot_restore(sim, node->snapshot);
		enabled = symmetry_enough(sim, sim_enabled(sim));
		for (; ok && s->kinds && enabled; enabled &= enabled - 1)
			ok = expand(s, node, __builtin_ctz(enabled));
		free(node);
		if (!ok)
			return false;
	}
	return true;
}

bool search_shortest(struct search *search, unsigned int kinds)
{
	struct shortest s = { .search = search, .kinds = kinds };
	bool ok;

	s.last = &s.first;
	ok = go(&s);
	while (s.first)
		free(dequeue(&s));
	free(s.origin);
	free(s.scratch);
	return ok;
}
