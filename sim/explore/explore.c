/* SPDX-License-Identifier: MIT */
/* mmref_explore(): search by the chosen strategy, shorten the runs found, give the verdict. */
#include "explore/explore.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "explore/clock.h"
#include "explore/determinism.h"
#include "explore/fault.h"
#include "explore/limits.h"
#include "explore/result.h"
#include "explore/strategies.h"

static int fail(struct mmref_result *result, const char *error)
{
	result->verdict = MMREF_ERROR;
	result->error = error;
	return -1;
}

/* States that shorten() keeps at most, for strategies that keep none themselves. */
#define MOST_TO_SHORTEN	100000

static bool is_to_shorten(const struct search *search)
{
	const char *bounded_by = search->result->bounded_by;

	return !bounded_by || !strcmp(bounded_by, "runs");
}

static unsigned int kinds_found(const struct mmref_result *result)
{
	unsigned int kinds = 0;

	for (unsigned int i = 0; i < result->nr_found; i++)
		kinds |= 1u << result->found[i].violation;
	return kinds;
}

/*
 * Replace the runs found by shortest ones. A search that a limit stopped has no time for it, and a
 * limit that is reached here stops it. The states of the search make room for those of this one.
 */
static bool shorten(struct search *search)
{
	bool states = search->options->strategy == MMREF_STATES;
	struct mmref_result *result = search->result;
	const char *bounded_by = result->bounded_by;
	unsigned int kinds = kinds_found(result);
	bool ok;

	if (!kinds || !is_to_shorten(search))
		return true;
	visited_free(&search->visited);
	if (!visited_init(&search->visited, search->options->max_memory))
		return false;
	search->phase = "looking for shortest runs";
	result->bounded_by = NULL;
	ok = search_bfs(search, kinds, states ? SIZE_MAX : MOST_TO_SHORTEN);
	if (bounded_by)
		result->bounded_by = bounded_by;
	return ok;
}

/* With what the same random runs are drawn again. */
static void set_seed(struct search *search)
{
	struct mmref_result *result = search->result;
	uint64_t seed = search->options->seed ? search->options->seed : 1;

	for (unsigned int i = 0; i < result->nr_found; i++)
		if (mmref_strategy_is_random(result->found[i].strategy))
			result->seed = seed;
}

/* Depth first, from each prefix that belongs to this shard. */
static bool search_own_prefixes(struct search *search)
{
	struct frontier frontier = { 0 };
	bool ok = search_bfs_frontier(search, &frontier);

	for (size_t i = 0; ok && i < frontier.nr && !search_is_cut_short(search); i++)
		ok = search_dfs_from(search, frontier.paths + i * frontier.length, frontier.length);
	free(frontier.paths);
	return ok;
}

static bool search_shard(struct search *search)
{
	bool ok;

	if (!visited_init(&search->above, 0))
		return false;
	ok = search_own_prefixes(search);
	visited_free(&search->above);
	return ok;
}

static bool explore_by(struct search *search, enum mmref_strategy strategy)
{
	if (strategy == MMREF_STATES)
		return search->options->shards ? search_shard(search) : search_dfs(search);
	return strategy == MMREF_DPOR ? search_dpor(search) : search_random(search);
}

static void set_clocks(struct search *search)
{
	const struct mmref_options *options = search->options;

	search->started = search_clock();
	if (options->max_seconds > 0)
		search->deadline = search->started + options->max_seconds * 1e9;
	if (options->checkpoint && options->checkpoint->seconds > 0)
		search->checkpoint_every = options->checkpoint->seconds * 1e9;
	search->checkpoint_due = search->started + search->checkpoint_every;
}

/* n states form n^2 / 2 pairs; a fingerprint has 128 bits, or 112 where workers share it. */
static double collision(const struct search *search)
{
	double states = search->visited.states;

	if (search->options->strategy != MMREF_STATES)
		return 0;
	return states * states * (search->options->workers > 1 ? 0x1p-113 : 0x1p-129);
}

/* Several workers may report a cycle where there is none: one process searches again. */
static bool one_process_comes_back(struct search *search, bool *comes_back)
{
	struct mmref_options options = *search->options;
	struct mmref_result result = { 0 };
	struct search one = *search;
	bool ok;

	options.workers = 0;
	one.options = &options;
	one.result = &result;
	one.comes_back = false;
	options.no_random_runs = true;
	ok = visited_init(&one.visited, options.max_memory) && search_dfs(&one);
	visited_free(&one.visited);
	search->result->bounded_by = result.bounded_by;
	search->fault_step = one.fault_step;
	*comes_back = one.comes_back;
	mmref_result_free(&result);
	return ok;
}

/* The search found a cycle. Only the graph of all states shows whether a livelock is in one. */
static bool find_livelocks(struct search *search)
{
	search->phase = "looking for livelocks";
	if (search->options->workers > 1 && search->options->strategy == MMREF_STATES) {
		bool comes_back;

		if (!one_process_comes_back(search, &comes_back))
			return false;
		if (!comes_back || search->result->bounded_by)
			return true;
	}
	if (search->options->strategy == MMREF_STATES) {
		/* one of several identical threads may starve: tell them apart */
		search->sim->memory.symmetry.on = false;
		return search_livelocks(search);
	}
	search->result->bounded_by = "cycles";
	return true;
}

/* Neither a shard nor with a checkpoint. */
static bool is_whole_state_search(const struct mmref_options *options)
{
	return options->strategy == MMREF_STATES && !options->shards && !options->checkpoint;
}

static bool is_whole_dpor(const struct mmref_options *options)
{
	return options->strategy == MMREF_DPOR && !options->shards;
}

static const char *bad_combination(const struct mmref_options *options)
{
	bool several = options->workers > 1;

	if (options->few_preemptions && !is_whole_state_search(options))
		return "only the search of all states counts preemptions";
	if (several && !is_whole_state_search(options) && !is_whole_dpor(options))
		return "only a search of all states or executions is for several workers";
	if (several && (options->few_preemptions || options->check_determinism ||
			options->workers > MMREF_MAX_WORKERS))
		return "several workers count no preemptions, check no determinism, and are not too many";
	return NULL;
}

int search_run(struct search *search)
{
	struct mmref_result *result = search->result;
	bool ok;

	memset(result, 0, sizeof(*result));
	result->strategy = search->options->strategy;
	result->fault.task = -1;
	if (mmref_strategy_is_random(result->strategy))
		result->seed = search->options->seed ? search->options->seed : 1;
	set_clocks(search);
	if (bad_combination(search->options))
		return fail(result, bad_combination(search->options));
	if (!sim_start(search->sim) ||
	    !visited_init(&search->visited, search->options->max_memory))
		return fail(result, "not enough memory");
	search->sim->memory.symmetry.on = search->sim->memory.symmetry.twins &&
					  search->options->strategy == MMREF_STATES &&
					  !search->options->no_symmetry &&
					  !search->options->check_determinism;
	sim_forget_fault(search->sim);
	search_watch(search);
	ok = search_sample(search) && explore_by(search, search->options->strategy);
	search_sample_end(search);
	result->states = search->visited.states;
	result->bytes = search->visited.bytes;
	result->collision = collision(search);
	if (ok)
		ok = shorten(search) && search_fewer_switches(search);
	if (ok && search->comes_back && !result->bounded_by && !search->options->no_livelocks)
		ok = find_livelocks(search);
	search_unwatch();
	ok = search_judge_fault(search, ok);
	visited_free(&search->visited);
	if (!ok)
		return fail(result, result->error ? result->error : "not enough memory");

	if (search->options->shards && !result->bounded_by)
		result->bounded_by = "shard";
	set_seed(search);
	search_judge(result);
	result->seconds = (search_clock() - search->started) / 1e9;
	return 0;
}

/* Why @sim cannot be explored, in words; NULL if it can. */
static const char *cannot_explore(struct mmref_sim *sim, const struct mmref_options *options)
{
	if (!sim_exists(sim))
		return mmref_error(NULL);
	if (!sim_is_outside(sim) || sim->scene.broken || (!sim->root && sim->fatal.kind))
		return mmref_error(sim);
	if (!sim->nr_threads)
		sim_fails(sim, "mmref_explore: the simulation has no threads");
	else if ((unsigned int)options->strategy >= MMREF_NR_STRATEGIES)
		sim_fails(sim, "mmref_explore: there is no strategy %d", (int)options->strategy);
	else if (options->shards > MMREF_MAX_SHARDS ||
		 (options->shards && (!options->shard || options->shard > options->shards)))
		sim_fails(sim, "mmref_explore: there is no shard %u of %u", options->shard,
			  options->shards);
	else if (!(options->max_seconds >= 0))
		sim_fails(sim, "mmref_explore: max_seconds is negative");
	else
		return NULL;
	return mmref_error(sim);
}

int mmref_explore(struct mmref_sim *sim, const struct mmref_options *options,
		  struct mmref_result *result)
{
	static const struct mmref_options none;
	struct search search = {
		.sim = sim,
		.options = options ? options : &none,
		.result = result,
	};
	struct rusage usage;
	const char *wrong;
	int err;

	if (!result) {
		sim_fails(NULL, "mmref_explore: the result is NULL");
		return -1;
	}
	wrong = cannot_explore(sim, search.options);
	if (wrong) {
		memset(result, 0, sizeof(*result));
		return fail(result, wrong);
	}
	err = search_run(&search);
	if (err)
		sim_fails(sim, "mmref_explore: %s", result->error);
	getrusage(RUSAGE_SELF, &usage);
	result->max_rss_kb = usage.ru_maxrss;
	if (sim->root)
		sim_reset(sim);
	return err;
}
