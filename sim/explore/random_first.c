/* SPDX-License-Identifier: MIT */
/*
 * Random runs while a search of states is under way, so that a search that is cut short may have
 * found something.
 *
 *	after 1,000,000 steps of the search	100,000 steps of random runs
 *	after 4,000,000			400,000
 *	after 16,000,000			1,600,000
 *	...
 *
 * A number of steps and not a time, so that every search takes the same runs. A small search takes
 * none. The runs of one round begin at another number than those of the next: all are different.
 */
#include <string.h>

#include "explore/result.h"
#include "explore/strategies.h"
#include "explore/workers.h"

#define FIRST_DUE	1000000
#define LATER		4	/* times as many steps until the next round */
#define SHARE		10	/* one random step for so many steps of the search */

/* A random run may exceed the limit on preemptions, and leave the part of a shard. */
static bool is_allowed(const struct mmref_options *options)
{
	return !options->no_random_runs && !options->few_preemptions && !options->shards &&
	       !options->check_determinism;
}

bool search_wants_random_runs(struct search *search)
{
	uint64_t steps = search->result->steps;

	if (steps < FIRST_DUE || search->random_due > steps)
		return false;
	/* the first call, of a new search or of one that was resumed */
	if (!search->random_due)
		for (search->random_due = FIRST_DUE; search->random_due < steps;)
			search->random_due *= LATER;
	return search->random_due == steps && is_allowed(search->options) &&
	       workers_is_first(search);
}

/* Add what @result has found to @search: new kinds, and shorter runs. */
static bool add_found(struct search *search, const struct mmref_result *result)
{
	for (unsigned int i = 0; i < result->nr_found; i++) {
		const struct mmref_found *from = &result->found[i];
		struct violation v = { .kind = from->violation, .site = from->site, .why = from->why };
		struct mmref_found *to = search_found(search, from->violation);

		if (!to)
			return false;
		if (!search_is_sooner(to, from->schedule.tasks, from->schedule.length))
			continue;
		if (!search_note(search, to, &v, from->schedule.tasks, from->schedule.length))
			return false;
		to->page = from->page;
		to->strategy = from->strategy;
	}
	return true;
}

bool search_random_first(struct search *search)
{
	struct mmref_sim *sim = search->sim;
	struct mmref_options options = *search->options;
	struct mmref_result result = { 0 };
	struct search one = *search;
	bool symmetry = sim->memory.symmetry.on, ok;

	options.strategy = MMREF_PORTFOLIO;
	options.max_states = 0;
	options.runs = UINT32_MAX;
	one.options = &options;
	one.result = &result;
	one.path = NULL;
	one.at_end = NULL;
	one.phase = "random runs";
	one.first_run = search->random_due << 16;
	one.max_steps = search->random_due / SHARE;
	sim->memory.symmetry.on = false;	/* random runs compute no fingerprints */
	ok = search_random(&one);
	sim->memory.symmetry.on = symmetry;
	search->random_due *= LATER;
	search->progress_due = one.progress_due;
	search->fault_step = one.fault_step;
	ok = ok && add_found(search, &result);
	mmref_result_free(&result);
	return ok;
}
