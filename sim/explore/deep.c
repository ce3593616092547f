/* SPDX-License-Identifier: MIT */
/*
 * Depth first, every state once.
 *
 * Where preemptions are bounded, what can come of a state depends on who may go on from
 * it for nothing and on how many preemptions are left: it is one state for each of these.
 */
#include <errno.h>
#include <stdlib.h>

#include "explore/checkpoint.h"
#include "explore/crew.h"
#include "explore/sleepers.h"

struct deep {
	struct search *search;
	struct path path;
	struct sleepers sleepers;	/* of the states on it */
	bool rests;			/* tasks are put to sleep */
	bool held_back;		/* somebody could have run, at the cost of a preemption too many */
};

static const struct turn first_turn = { .runner = NOBODY };

/* How the step just taken from the top came to where @enabled can run. */
static struct turn next_turn(const struct path *path, unsigned int enabled)
{
	const struct turn *top = &path->turn[path->depth - 1];
	int task = path->tasks[path->depth - 1];

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
		return symmetry_enough(deep->search->sim, enabled);
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

/* The state at hand, named @key, becomes the top of the path. */
static bool push(struct deep *deep, struct state_key key, unsigned int untried, struct turn turn)
{
	return sleepers_push(&deep->sleepers) && path_push(&deep->path, key, untried, turn);
}

/* The same of one that the step last taken has led to. */
static bool follow(struct deep *deep, struct state_key key, unsigned int untried, struct turn turn)
{
	return sleepers_follow(&deep->sleepers, deep->path.tasks[deep->path.depth - 1]) &&
	       path_push(&deep->path, key, untried & ~sleepers_asleep(&deep->sleepers), turn);
}

static void drop(struct deep *deep)
{
	path_pop(&deep->path);
	sleepers_pop(&deep->sleepers);
}

/*
 * The search is back from the step last taken from the top. All that came of it is finished
 * where no circle was met, and no other of a crew may still be busy with it.
 */
static void put_to_sleep(struct deep *deep)
{
	const struct path *path = &deep->path;
	bool finished = !deep->search->comes_back && !deep->search->crew;

	if (deep->rests)
		sleepers_add(&deep->sleepers, path->tasks[path->depth - 1], finished);
}

/* All ways on from the top have been tried: back to the state before it. */
static void pop(struct deep *deep)
{
	drop(deep);
	if (!deep->path.depth)
		return;
	memory_undo(deep->search->sim);
	put_to_sleep(deep);
}

static bool note(struct deep *deep, const struct violation *v)
{
	struct mmref_found *found;

	if (!v->kind)
		return true;
	found = search_found(deep->search, v->kind);
	if (!found)
		return false;
	if (!search_is_sooner(found, deep->path.tasks, deep->path.depth))
		return true;
	return search_note(deep->search, found, v, deep->path.tasks, deep->path.depth);
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

/* The state named @key is known. May it lie before the top of the path? */
static bool comes_back(const struct deep *deep, struct state_key key)
{
	const struct search *search = deep->search;

	return path_has(&deep->path, key) ||
	       (search->options->shards && visited_has(&search->above, key));
}

/* The state at hand, named @key, is one of those seen. */
static enum visit visit(struct deep *deep, struct state_key key)
{
	struct search *search = deep->search;
	uint16_t length = deep->path.depth, known = length;
	enum visit visit;

	if (search->crew) {
		visit = visited_add_shared(&search->visited, key, &known);
		search->comes_back |= visit == VISIT_KNOWN && known != length;
	} else {
		visit = visited_add(&search->visited, key);
		search->comes_back |= visit == VISIT_KNOWN && comes_back(deep, key);
	}
	return visit;
}

/* The step just taken: *@on where its state is to be gone on from. False without memory. */
static bool arrive(struct deep *deep, bool *on)
{
	struct search *search = deep->search;
	unsigned int enabled = sim_enabled(search->sim);
	struct turn turn = next_turn(&deep->path, enabled);
	struct state_key key = name(deep, turn);

	visited_expect(&search->visited, key);
	if (!note(deep, &search->sim->warning) || !note(deep, &search->sim->fatal))
		return false;
	if (search->sim->fatal.kind) {
		search->result->executions++;
		return true;
	}

	switch (visit(deep, key)) {
	case VISIT_KNOWN:
		search->result->executions++;
		put_to_sleep(deep);
		return true;
	case VISIT_NO_MEMORY:
		search->result->bounded_by = "max-memory";
		return true;
	case VISIT_NEW:
		break;
	}

	if (!enabled) {
		put_to_sleep(deep);
		return end_of_run(deep);
	}
	*on = true;
	return follow(deep, key, allowed(deep, enabled, turn), turn) &&
	       search_checks(search, &deep->path, sleepers_finished(&deep->sleepers));
}

static bool take_step(struct deep *deep, int task)
{
	struct search *search = deep->search;
	struct effect effect;

	if (!deep->rests)
		return search_step(search, task);
	effect_begin(&effect, search->sim, task);
	if (!search_step(search, task))
		return false;
	effect_end(&effect, search->sim);
	return sleepers_tell(&deep->sleepers, task, &effect);
}

/* Take one step from the top and see where it leads. */
static bool advance(struct deep *deep)
{
	struct search *search = deep->search;
	struct path *path = &deep->path;
	uint16_t *untried = &path->untried[path->depth - 1];
	int task = __builtin_ctz(*untried);
	bool on = false, ok;

	*untried &= *untried - 1;
	path->tasks[path->depth - 1] = task;
	if (!take_step(deep, task))
		return false;
	search->result->steps++;
	ok = arrive(deep, &on);
	if (!on)
		memory_undo(search->sim);
	if (search->result->bounded_by) {
		/* there was no room for its state: who goes on from here takes it again */
		path->untried[path->depth - 1] |= 1u << task;
		search->result->steps--;
	}
	return ok;
}

static bool begin(struct deep *deep)
{
	struct search *search = deep->search;
	struct state_key key;

	if (!search_begin(search))
		return false;
	if (search->sim->fatal.kind)
		return note(deep, &search->sim->fatal);
	key = name(deep, first_turn);
	visit(deep, key);
	if (!sim_enabled(search->sim))
		return end_of_run(deep);
	return push(deep, key, allowed(deep, sim_enabled(search->sim), first_turn), first_turn);
}

/* For another process to go on from; nothing to do where none is to. */
static bool keep(struct deep *deep)
{
	const struct mmref_checkpoint *checkpoint = deep->search->options->checkpoint;
	struct mmref_result *result = deep->search->result;

	if (!checkpoint || !checkpoint->file ||
	    checkpoint_write(deep->search, &deep->path, &deep->sleepers))
		return true;
	result->error = "the checkpoint cannot be written";
	result->error_file = checkpoint->file;
	result->error_number = errno;
	return false;
}

/* A file that cannot be written is told of before it is needed. */
static bool begin_or_go_on(struct deep *deep)
{
	struct search *search = deep->search;
	const struct mmref_checkpoint *checkpoint = search->options->checkpoint;
	bool goes_on = checkpoint && checkpoint->resume;

	if (!(goes_on ? checkpoint_read(search, &deep->path, &deep->sleepers) : begin(deep)))
		return false;
	if (keep(deep))
		return true;
	search->result->refused = true;
	return false;
}

/* All that can come of the path at hand. */
static bool go_on(struct deep *deep)
{
	struct search *search = deep->search;
	struct path *path = &deep->path;

	while (path->depth && !search_is_cut_short(search)) {
		if (checkpoint_is_due(search) && !keep(deep))
			return false;
		if (crew_waits(search))
			crew_give(search, path);
		if (!path->untried[path->depth - 1])
			pop(deep);
		else if (!advance(deep))
			return false;
	}
	if (deep->held_back && !search->result->bounded_by)
		search->result->bounded_by = "preemptions";
	return keep(deep);
}

/* Along the path of @branches, with nothing else left to try on it. */
static bool go_to(struct deep *deep, const struct branches *branches)
{
	struct search *search = deep->search;
	struct path *path = &deep->path;

	while (path->depth)
		drop(deep);
	if (!search_begin(search))
		return false;
	for (size_t i = 0; i < branches->length; i++) {
		if (!push(deep, memory_key(search->sim), branches->untried[i], first_turn))
			return false;
		path->tasks[i] = branches->tasks[i];
		if (!search_step(search, branches->tasks[i]))
			return false;
	}
	return push(deep, memory_key(search->sim), branches->untried[branches->length], first_turn);
}

static bool go(struct deep *deep)
{
	struct branches branches;
	bool ok = !crew_begins(deep->search) || begin_or_go_on(deep);

	ok = ok && go_on(deep);
	while (ok && !deep->search->result->bounded_by && crew_take(deep->search, &branches))
		ok = go_to(deep, &branches) && go_on(deep);
	return ok;
}

static bool go_from(struct deep *deep, const uint8_t *prefix, size_t length)
{
	struct search *search = deep->search;
	struct branches prefixed = {
		.tasks = prefix,
		.untried = calloc(length + 1, sizeof(*prefixed.untried)),
		.length = length,
	};
	bool ok = prefixed.untried && go_to(deep, &prefixed);

	free((void *)prefixed.untried);
	if (!ok)
		return false;
	search->result->steps += length;
	deep->path.untried[length] = allowed(deep, sim_enabled(search->sim), first_turn);
	return go_on(deep);
}

/* Where preemptions are bounded, two steps that change places come to another number of them. */
static bool may_rest(const struct search *search)
{
	return !search->options->few_preemptions;
}

static void free_path(struct deep *deep)
{
	path_free(&deep->path);
	sleepers_free(&deep->sleepers);
}

static bool search_alone(struct search *search)
{
	struct deep deep = { .search = search, .rests = may_rest(search) };
	bool ok;

	search->path = &deep.path;
	ok = go(&deep);
	search->path = NULL;
	free_path(&deep);
	return ok;
}

bool search_all(struct search *search)
{
	return crew_search(search, search_alone);
}

bool search_from(struct search *search, const uint8_t *prefix, size_t length)
{
	struct deep deep = { .search = search, .rests = may_rest(search) };
	bool ok = go_from(&deep, prefix, length);

	free_path(&deep);
	return ok;
}
