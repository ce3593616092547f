/* SPDX-License-Identifier: MIT */
/* Depth first, every state once. */
#include <stdlib.h>
#include <string.h>

#include "explore/path_keys.h"
#include "explore/search.h"

struct deep {
	struct search *search;
	uint16_t *untried;	/* of each state on the path: the tasks left to try, by bit */
	uint8_t *path;		/* path[i] leads from the i-th state to the next */
	size_t depth, room;
	struct path_keys keys;
};

static bool make_room(struct deep *deep)
{
	size_t room = deep->room ? deep->room * 2 : 256;
	uint16_t *untried;
	uint8_t *path;

	if (deep->depth < deep->room)
		return true;
	untried = realloc(deep->untried, room * sizeof(*untried));
	if (untried)
		deep->untried = untried;
	path = realloc(deep->path, room);
	if (path)
		deep->path = path;
	deep->room = untried && path ? room : deep->room;
	return untried && path;
}

/* The state at hand becomes the top of the path. */
static bool push(struct deep *deep, struct state_key key, unsigned int enabled)
{
	if (!make_room(deep) || !path_keys_push(&deep->keys, key))
		return false;
	deep->untried[deep->depth++] = enabled;
	return true;
}

/* All ways on from the top have been tried: back to the state before it. */
static void pop(struct deep *deep)
{
	path_keys_pop(&deep->keys);
	if (--deep->depth)
		memory_undo(deep->search->sim);
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

	search->result->executions++;
	if (sim_ends_badly(search->sim, &v, &task))
		return note(deep, &v);
	if (search->at_end)
		search->at_end(search->cookie, search->sim);
	return true;
}

/* The step just taken: *@on where its state is to be gone on from. False without memory. */
static bool arrive(struct deep *deep, bool *on)
{
	struct search *search = deep->search;
	struct state_key key = memory_key(search->sim);
	unsigned int enabled;

	visited_expect(&search->visited, key);
	if (!note(deep, &search->sim->warning) || !note(deep, &search->sim->fatal))
		return false;
	if (search->sim->fatal.kind) {
		search->result->executions++;
		return true;
	}

	enabled = sim_enabled(search->sim);
	switch (visited_add(&search->visited, key)) {
	case VISIT_KNOWN:
		search->comes_back |= path_keys_have(&deep->keys, key);
		search->result->executions++;
		return true;
	case VISIT_NO_MEMORY:
		search->result->bounded_by = "max-memory";
		return true;
	case VISIT_NEW:
		break;
	}

	if (!enabled)
		return end_of_run(deep);
	*on = true;
	return push(deep, key, enabled);
}

/* Take one step from the top and see where it leads. */
static bool advance(struct deep *deep)
{
	struct search *search = deep->search;
	uint16_t *untried = &deep->untried[deep->depth - 1];
	int task = __builtin_ctz(*untried);
	bool on = false, ok;

	*untried &= *untried - 1;
	deep->path[deep->depth - 1] = task;
	sim_step(search->sim, task);
	search->result->steps++;
	ok = arrive(deep, &on);
	if (!on)
		memory_undo(search->sim);
	return ok;
}

static bool go(struct deep *deep)
{
	struct search *search = deep->search;
	struct state_key key;

	sim_reset(search->sim);
	if (search->sim->fatal.kind)
		return note(deep, &search->sim->fatal);
	key = memory_key(search->sim);
	visited_add(&search->visited, key);
	if (!sim_enabled(search->sim))
		return end_of_run(deep);
	if (!push(deep, key, sim_enabled(search->sim)))
		return false;

	while (deep->depth && !search_is_cut_short(search)) {
		if (!deep->untried[deep->depth - 1])
			pop(deep);
		else if (!advance(deep))
			return false;
	}
	return true;
}

bool search_all(struct search *search)
{
	struct deep deep = { .search = search };
	bool ok = go(&deep);

	free(deep.untried);
	free(deep.path);
	path_keys_free(&deep.keys);
	return ok;
}
