/* SPDX-License-Identifier: MIT */
/* Depth first, every state once. */
#include <stdlib.h>
#include <string.h>

#include "explore/search.h"

/* A state on the path: what is left to try from it, and how to come back to it. */
struct frame {
	size_t snapshot;	/* offset of its snapshot, taken when it has two ways or more */
	uint16_t untried;	/* tasks, by bit */
	bool saved;
};

struct deep {
	struct search *search;
	struct frame *frame;
	uint8_t *path;		/* path[i] leads from frame[i] to frame[i + 1] */
	size_t depth, room;
	char *snapshots;
	size_t used, size;
};

static bool make_room(struct deep *deep)
{
	size_t room = deep->room ? deep->room * 2 : 256;
	struct frame *frame;
	uint8_t *path;

	if (deep->depth < deep->room)
		return true;
	frame = realloc(deep->frame, room * sizeof(*frame));
	if (frame)
		deep->frame = frame;
	path = realloc(deep->path, room);
	if (path)
		deep->path = path;
	deep->room = frame && path ? room : deep->room;
	return frame && path;
}

static bool save(struct deep *deep, struct frame *frame)
{
	size_t need = deep->used + snapshot_bound(deep->search->sim);

	if (need > deep->size) {
		char *snapshots = realloc(deep->snapshots, need * 2);

		if (!snapshots)
			return false;
		deep->snapshots = snapshots;
		deep->size = need * 2;
	}
	frame->snapshot = deep->used;
	frame->saved = true;
	/* rounded up, so that each header is aligned */
	deep->used += (snapshot_save(deep->search->sim, deep->snapshots + deep->used) + 15) &
		      ~(size_t)15;
	return true;
}

/* The state at hand becomes the top of the path, unless it has no way on. */
static bool push(struct deep *deep, unsigned int enabled)
{
	struct frame *frame;

	if (!make_room(deep))
		return false;
	frame = &deep->frame[deep->depth++];
	*frame = (struct frame){ .untried = enabled };
	if (enabled & (enabled - 1))
		return save(deep, frame);
	return true;
}

static void pop(struct deep *deep)
{
	struct frame *frame = &deep->frame[--deep->depth];

	if (frame->saved)
		deep->used = frame->snapshot;
}

static bool note(struct deep *deep, const struct violation *v)
{
	struct mmref_found *found;

	if (!v->kind)
		return true;
	found = search_found(deep->search, v->kind);
	if (!found)
		return false;
	if (found->schedule.length && found->schedule.length <= deep->depth)
		return true;
	return search_note(deep->search, found, v, deep->path, deep->depth);
}

/* Nobody can run: the run has come to its end. */
static bool end_of_run(struct deep *deep)
{
	struct search *search = deep->search;
	struct violation v;
	int task;

	if (sim_ends_badly(search->sim, &v, &task))
		return note(deep, &v);
	if (search->at_end)
		search->at_end(search->cookie, search->sim);
	return true;
}

/* Take one step from the top frame and see where it leads. */
static bool advance(struct deep *deep)
{
	struct search *search = deep->search;
	struct frame *top = &deep->frame[deep->depth - 1];
	int task = __builtin_ctz(top->untried);
	unsigned int enabled;

	top->untried &= top->untried - 1;
	deep->path[deep->depth - 1] = task;
	sim_step(search->sim, task);
	search->result->steps++;

	if (!note(deep, &search->sim->warning) || !note(deep, &search->sim->fatal))
		return false;
	if (search->sim->fatal.kind) {
		search->result->executions++;
		return true;
	}

	switch (visited_add(&search->visited, snapshot_key(search->sim))) {
	case VISIT_KNOWN:
		search->result->executions++;
		return true;
	case VISIT_NO_MEMORY:
		search->result->bounded_by = "max-memory";
		return true;
	case VISIT_NEW:
		break;
	}

	enabled = sim_enabled(search->sim);
	if (enabled)
		return push(deep, enabled);
	search->result->executions++;
	return end_of_run(deep);
}

static bool go(struct deep *deep)
{
	struct search *search = deep->search;
	bool at_top = true;	/* the world is the top frame's state */

	sim_reset(search->sim);
	if (search->sim->fatal.kind)
		return note(deep, &search->sim->fatal);
	visited_add(&search->visited, snapshot_key(search->sim));
	if (!sim_enabled(search->sim)) {
		search->result->executions++;
		return end_of_run(deep);
	}
	if (!push(deep, sim_enabled(search->sim)))
		return false;

	while (deep->depth && !search_is_cut_short(search)) {
		struct frame *top = &deep->frame[deep->depth - 1];
		size_t depth = deep->depth;

		if (!top->untried) {
			pop(deep);
			at_top = false;
			continue;
		}
		if (!at_top)
			snapshot_restore(search->sim, deep->snapshots + top->snapshot);
		if (!advance(deep))
			return false;
		at_top = deep->depth > depth;
	}
	return true;
}

bool search_all(struct search *search)
{
	struct deep deep = { .search = search };
	bool ok = go(&deep);

	free(deep.frame);
	free(deep.path);
	free(deep.snapshots);
	return ok;
}
