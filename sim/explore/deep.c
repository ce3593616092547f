/* SPDX-License-Identifier: MIT */
/*
 * Depth first, every state once.
 *
 * Where preemptions are bounded, what can come of a state depends on who may go on from
 * it for nothing and on how many preemptions are left: it is one state for each of these.
 */
#include <stdlib.h>
#include <string.h>

#include "explore/path_keys.h"
#include "explore/search.h"

#define NOBODY	UINT8_MAX

/* How the search came to a state on the path. */
struct turn {
	unsigned int preemptions;	/* on the way to it */
	uint8_t runner;			/* who ran last and could go on, or NOBODY */
};

struct deep {
	struct search *search;
	uint16_t *untried;	/* of each state on the path: the tasks left to try, by bit */
	uint8_t *path;		/* path[i] leads from the i-th state to the next */
	struct turn *turn;
	size_t depth, room;
	struct path_keys keys;
	bool held_back;		/* somebody could have run, at the cost of a preemption too many */
};

static bool make_room(struct deep *deep)
{
	size_t room = deep->room ? deep->room * 2 : 256;
	struct turn *turn;
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
	turn = realloc(deep->turn, room * sizeof(*turn));
	if (turn)
		deep->turn = turn;
	deep->room = untried && path && turn ? room : deep->room;
	return untried && path && turn;
}

/* How the step just taken from the top came to where @enabled can run. */
static struct turn next_turn(const struct deep *deep, unsigned int enabled)
{
	const struct turn *top = &deep->turn[deep->depth - 1];
	int task = deep->path[deep->depth - 1];

	return (struct turn){
		.preemptions = top->preemptions + (top->runner != NOBODY && top->runner != task),
		.runner = enabled & 1u << task ? task : NOBODY,
	};
}

/* Those of @enabled that may run after @turn. */
static unsigned int allowed(struct deep *deep, unsigned int enabled, struct turn turn)
{
	const struct mmref_options *options = deep->search->options;
	unsigned int runner;

	if (!options->few_preemptions || turn.runner == NOBODY ||
	    turn.preemptions < options->preemptions)
		return enabled;
	runner = 1u << turn.runner;
	deep->held_back |= enabled != runner;
	return runner;
}

/* The name of the state at hand, and of the turn in it where that matters. */
static struct state_key name(const struct deep *deep, struct turn turn)
{
	struct state_key key = memory_key(deep->search->sim);
	uint64_t number = (uint64_t)turn.preemptions << 8 | turn.runner;

	if (deep->search->options->few_preemptions) {
		key.low += number * UINT64_C(0x9e3779b97f4a7c15);
		key.high += number * UINT64_C(0xbf58476d1ce4e5b9);
	}
	return key;
}

/* The state at hand becomes the top of the path. */
static bool push(struct deep *deep, struct state_key key, unsigned int enabled, struct turn turn)
{
	if (!make_room(deep) || !path_keys_push(&deep->keys, key))
		return false;
	deep->turn[deep->depth] = turn;
	deep->untried[deep->depth++] = allowed(deep, enabled, turn);
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
	unsigned int enabled = sim_enabled(search->sim);
	struct turn turn = next_turn(deep, enabled);
	struct state_key key = name(deep, turn);

	visited_expect(&search->visited, key);
	if (!note(deep, &search->sim->warning) || !note(deep, &search->sim->fatal))
		return false;
	if (search->sim->fatal.kind) {
		search->result->executions++;
		return true;
	}

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
	return push(deep, key, enabled, turn);
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
	const struct turn first = { .runner = NOBODY };
	struct search *search = deep->search;
	struct state_key key;

	sim_reset(search->sim);
	if (search->sim->fatal.kind)
		return note(deep, &search->sim->fatal);
	key = name(deep, first);
	visited_add(&search->visited, key);
	if (!sim_enabled(search->sim))
		return end_of_run(deep);
	if (!push(deep, key, sim_enabled(search->sim), first))
		return false;

	while (deep->depth && !search_is_cut_short(search)) {
		if (!deep->untried[deep->depth - 1])
			pop(deep);
		else if (!advance(deep))
			return false;
	}
	if (deep->held_back && !search->result->bounded_by)
		search->result->bounded_by = "preemptions";
	return true;
}

bool search_all(struct search *search)
{
	struct deep deep = { .search = search };
	bool ok = go(&deep);

	free(deep.untried);
	free(deep.path);
	free(deep.turn);
	path_keys_free(&deep.keys);
	return ok;
}
