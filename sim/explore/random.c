/* SPDX-License-Identifier: MIT */
/*
 * Random runs, each from the root to its end.
 *
 * The first is a random walk. It tells the strategies how long runs are, and which object the
 * steps of several tasks access most. Longer runs correct the length.
 */
#include <stdlib.h>
#include <string.h>

#include "explore/fault.h"
#include "explore/limits.h"
#include "explore/policy.h"
#include "explore/result.h"
#include "explore/shard.h"
#include "explore/strategies.h"
#include <mmref/linux/memremap.h>

/* A run that gets this long may be in a cycle: it is cut. */
#define LONGEST		((size_t)1 << 20)
#define MAX_OBJECTS	256

/* An object that the first run accessed, and how often each task did. */
struct object {
	struct span span;
	bool counted;		/* a struct page or a pgmap */
	uint32_t steps[ARENA_STACKS];
};

struct walk {
	struct search *search;
	struct policy policy;
	uint8_t *path;
	size_t depth, room;
	bool pilot;
	struct span focus;	/* ->start is NULL: none given */
	unsigned int nr_objects;
	struct object object[MAX_OBJECTS];
};

/* --- the first run ------------------------------------------------------------ */

static struct span span_of(const void *start, size_t size)
{
	return (struct span){ .start = start, .end = (const char *)start + size };
}

/* The pgmap that @object lies in, or NULL. */
static const struct dev_pagemap *pgmap_at(const struct world *world, const volatile void *object)
{
	for (int i = 0; i < MAX_DEVICES; i++) {
		const volatile char *start = (const volatile char *)world->pgmaps[i];
		const volatile char *at = object;

		if (start && at >= start && at < start + sizeof(struct dev_pagemap))
			return world->pgmaps[i];
	}
	return NULL;
}

/* The object that @step accesses. */
static struct object object_of(const struct world *world, const struct mmref_step *step)
{
	const struct page *page = world_page_at(world, step->object);
	const struct dev_pagemap *pgmap = pgmap_at(world, step->object);

	if (page)
		return (struct object){ .span = span_of(page, sizeof(*page)), .counted = true };
	if (pgmap)
		return (struct object){ .span = span_of(pgmap, sizeof(*pgmap)), .counted = true };
	return (struct object){ .span = span_of((const void *)step->object, step->size) };
}

/* Objects beyond MAX_OBJECTS are ignored. */
static void count_step(struct walk *walk, int task, const struct mmref_step *step)
{
	struct object object = object_of(walk->search->sim->world, step);
	unsigned int i = 0;

	if (!step->object)
		return;
	while (i < walk->nr_objects && walk->object[i].span.start != object.span.start)
		i++;
	if (i == MAX_OBJECTS)
		return;
	if (i == walk->nr_objects) {
		walk->object[i] = object;
		walk->nr_objects++;
	}
	walk->object[i].steps[task]++;
}

/* Objects that several tasks access come first, then pages and pgmaps. */
static uint64_t relevance(const struct object *object)
{
	unsigned int tasks = 0;
	uint64_t steps = 0;

	for (int i = 0; i < ARENA_STACKS; i++) {
		tasks += object->steps[i] != 0;
		steps += object->steps[i];
	}
	return steps + ((uint64_t)(tasks > 1) << 63) + ((uint64_t)object->counted << 62);
}

static const struct object *most_relevant(const struct walk *walk)
{
	const struct object *best = walk->object;

	for (unsigned int i = 1; i < walk->nr_objects; i++)
		if (relevance(&walk->object[i]) > relevance(best))
			best = &walk->object[i];
	return best;
}

/* The object at @span; without counts if the first run did not access it. */
static struct object object_at(const struct walk *walk, struct span span)
{
	for (unsigned int i = 0; i < walk->nr_objects; i++)
		if (walk->object[i].span.start == span.start)
			return walk->object[i];
	return (struct object){ .span = span };
}

static void end_pilot(struct walk *walk)
{
	struct profile *profile = &walk->policy.profile;
	struct object chosen = walk->focus.start ? object_at(walk, walk->focus) :
						   *most_relevant(walk);

	walk->pilot = false;
	profile->chosen = chosen.span;
	memcpy(profile->chosen_steps, chosen.steps, sizeof(chosen.steps));
}

/* The object that --focus names. False if the world has none. */
static bool find_focus(struct walk *walk)
{
	const struct mmref_focus *focus = &walk->search->options->focus;
	struct dev_pagemap *const *pgmaps = walk->search->sim->world->pgmaps;

	if (focus->object == MMREF_FOCUS_MOST)
		return true;
	if (focus->object == MMREF_FOCUS_PGMAP && focus->number < MAX_DEVICES)
		walk->focus = span_of(pgmaps[focus->number], sizeof(struct dev_pagemap));
	for (int i = 0; focus->object == MMREF_FOCUS_PAGE && i < MAX_DEVICES; i++)
		if (pgmap_has(pgmaps[i], focus->number))
			walk->focus = span_of(
				&pgmaps[i]->memmap[focus->number - pgmaps[i]->start_pfn],
				sizeof(struct page));
	return walk->focus.start;
}

/* --- a run ---------------------------------------------------------------------- */

static bool make_room(struct walk *walk)
{
	size_t room = walk->room ? walk->room * 2 : 256;
	uint8_t *path;

	if (walk->depth < walk->room)
		return true;
	path = realloc(walk->path, room);
	if (!path)
		return false;
	walk->path = path;
	walk->room = room;
	return true;
}

/* Of equally short runs the first stays. */
static bool note(struct walk *walk, const struct violation *v)
{
	struct mmref_found *found;

	if (!v->kind)
		return true;
	found = search_found(walk->search, v->kind);
	if (!found)
		return false;
	if (found->schedule.tasks && found->schedule.length <= walk->depth)
		return true;
	return search_note(walk->search, found, v, walk->path, walk->depth);
}

static bool take_step(struct walk *walk, unsigned int enabled)
{
	struct mmref_sim *sim = walk->search->sim;
	int task = policy_pick(&walk->policy, enabled);
	struct mmref_step step = sim->fiber[task]->pending;

	if (!make_room(walk))
		return false;
	if (walk->pilot)
		count_step(walk, task, &step);
	walk->path[walk->depth++] = task;
	memory_forget(sim);
	sim_step(sim, task);
	if (search_went_wrong(walk->search, walk->depth))
		return false;
	walk->search->result->steps++;
	policy_stepped(&walk->policy, task, &step);
	return note(walk, &sim->warning) && note(walk, &sim->fatal);
}

static bool end_of_run(struct walk *walk)
{
	struct search *search = walk->search;
	struct violation v;
	int task;

	if (search->sim->fatal.kind)
		return true;
	if (sim_ends_badly(search->sim, &v, &task))
		return note(walk, &v);
	if (search_went_wrong(search, walk->depth))
		return false;
	if (search->at_end)
		search->at_end(search->cookie, search->sim);
	return true;
}

static bool has_had_enough(const struct search *search)
{
	return search->max_steps && search->result->steps >= search->max_steps;
}

static bool run(struct walk *walk, enum mmref_strategy strategy, uint64_t seed, uint64_t number)
{
	struct search *search = walk->search;
	struct mmref_sim *sim = search->sim;
	unsigned int enabled;
	bool ok;

	walk->depth = 0;
	sim_reset(sim);
	policy_begin(&walk->policy, strategy, seed, number);
	ok = !search_went_wrong(search, 0) && note(walk, &sim->fatal);
	while (ok && !sim->fatal.kind && walk->depth < LONGEST && (enabled = sim_enabled(sim))) {
		if (search_is_cut_short(search) || has_had_enough(search))
			return true;
		ok = take_step(walk, enabled);
	}
	search->result->executions++;
	policy_ended(&walk->policy);
	if (ok && walk->depth < LONGEST)
		ok = end_of_run(walk);
	return ok;
}

static enum mmref_strategy strategy_of(enum mmref_strategy strategy, uint64_t number)
{
	static const enum mmref_strategy turn[] = {
		MMREF_RANDOM, MMREF_PCT, MMREF_POS, MMREF_SURW,
	};

	if (!number)
		return MMREF_RANDOM;
	return strategy == MMREF_PORTFOLIO ? turn[number % 4] : strategy;
}

static bool go(struct walk *walk)
{
	struct search *search = walk->search;
	const struct mmref_options *options = search->options;
	struct mmref_result *result = search->result;

	search->runs = options->runs ? options->runs : MMREF_RUNS;
	walk->pilot = true;
	for (uint64_t i = 0; i < search->runs && !search_is_cut_short(search) &&
			     !has_had_enough(search); i++) {
		if (i && !search_owns(search, i))
			continue;
		if (!run(walk, strategy_of(options->strategy, i), result->seed,
			 search->first_run + i))
			return false;
		if (walk->pilot)
			end_pilot(walk);
	}
	if (!result->bounded_by)
		result->bounded_by = "runs";
	return true;
}

bool search_random(struct search *search)
{
	const struct mmref_options *options = search->options;
	struct walk *walk = calloc(1, sizeof(*walk));
	bool ok;

	search->result->seed = options->seed ? options->seed : 1;
	if (!walk)
		return false;
	walk->search = search;
	walk->policy.sim = search->sim;
	walk->policy.depth = options->depth ? options->depth : 3;
	if (walk->policy.depth > MMREF_MAX_DEPTH)
		walk->policy.depth = MMREF_MAX_DEPTH;
	search->sim->memory.unnamed = true;
	ok = find_focus(walk);
	if (!ok)
		search->result->error = "there is no such page or pgmap to focus on";
	ok = ok && go(walk);
	search->sim->memory.unnamed = false;
	free(walk->path);
	free(walk);
	return ok;
}
