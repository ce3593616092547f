/* SPDX-License-Identifier: MIT */
/* mmref_explore(): search, judge, and find the shortest way to what was found. */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "explore/crew.h"
#include "explore/search.h"

uint64_t search_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

/* The clock, and what others have counted, are looked at now and then. */
static bool is_due(const struct search *search)
{
	return search->asked % 256 == 0;
}

bool search_is_late(struct search *search)
{
	struct mmref_result *result = search->result;

	if (search->deadline && search_clock() > search->deadline)
		result->bounded_by = "max-seconds";
	return result->bounded_by;
}

bool search_is_out_of_time(struct search *search)
{
	struct mmref_result *result = search->result;

	search->asked++;
	if (search->sim->interrupted)
		result->bounded_by = "interrupted";
	return result->bounded_by || (is_due(search) && search_is_late(search));
}

bool search_is_cut_short(struct search *search)
{
	const struct mmref_options *options = search->options;
	struct mmref_result *result = search->result;

	search_tells(search);
	if (search->crew && options->max_states && is_due(search))
		visited_count(&search->visited);
	if (!search_is_out_of_time(search) && options->max_states &&
	    search->visited.states >= options->max_states)
		result->bounded_by = "max-states";
	return result->bounded_by || crew_has_ended(search);
}

struct mmref_found *search_found(struct search *search, enum mmref_violation kind)
{
	struct mmref_result *result = search->result;
	struct mmref_found *found;
	unsigned int i = 0;

	while (i < result->nr_found && result->found[i].violation < kind)
		i++;
	if (i < result->nr_found && result->found[i].violation == kind)
		return &result->found[i];

	found = realloc(result->found, (result->nr_found + 1) * sizeof(*found));
	if (!found)
		return NULL;
	result->found = found;
	memmove(&found[i + 1], &found[i], (result->nr_found - i) * sizeof(*found));
	result->nr_found++;
	found[i] = (struct mmref_found){ .violation = kind, .page = -1 };
	return &found[i];
}

/* The same one of several is told, whoever finds them, in whatever order. */
bool search_is_sooner(const struct mmref_found *found, const uint8_t *path, size_t length)
{
	const struct mmref_schedule *schedule = &found->schedule;

	if (!schedule->tasks || schedule->length != length)
		return !schedule->tasks || schedule->length > length;
	return length && memcmp(path, schedule->tasks, length) < 0;
}

bool search_note(struct search *search, struct mmref_found *found, const struct violation *v,
		 const uint8_t *path, size_t length)
{
	uint8_t *tasks = realloc(found->schedule.tasks, length + 1);

	if (!tasks)
		return false;
	if (length)
		memcpy(tasks, path, length);
	found->schedule.tasks = tasks;
	found->schedule.length = length;
	found->site = v->site;
	found->why = v->why;
	found->page = mmref_sim_page_of(search->sim, v->page);
	return true;
}

void search_judge(struct mmref_result *result)
{
	result->violation = result->nr_found ? result->found[0].violation : MMREF_NONE;
	result->complete = !result->bounded_by;
	if (result->violation == MMREF_UNPLUG_HANGS)
		result->verdict = MMREF_HANGS;
	else if (result->violation)
		result->verdict = MMREF_VIOLATES;
	else
		result->verdict = result->bounded_by ? MMREF_BOUNDED : MMREF_HOLDS;
}

static int fail(struct mmref_result *result, const char *error)
{
	result->verdict = MMREF_ERROR;
	result->error = error;
	return -1;
}

/* States that are kept to find a shorter run, where the search itself keeps none. */
#define MOST_TO_SHORTEN	100000

static bool is_to_shorten(const struct search *search)
{
	const char *bounded_by = search->result->bounded_by;

	return !bounded_by || !strcmp(bounded_by, "runs");
}

static bool shorten(struct search *search)
{
	bool states = search->options->strategy == MMREF_STATES;
	struct visited all = search->visited;
	unsigned int kinds = 0;
	bool ok;

	for (unsigned int i = 0; i < search->result->nr_found; i++)
		kinds |= 1u << search->result->found[i].violation;
	if (!kinds || !is_to_shorten(search))
		return true;
	if (!visited_init(&search->visited, 0))
		return false;
	ok = search_shortest(search, kinds, states ? SIZE_MAX : MOST_TO_SHORTEN);
	visited_free(&search->visited);
	search->visited = all;
	return ok;
}

/* All, or all that is this shard's. */
static bool explore_by(struct search *search, enum mmref_strategy strategy)
{
	if (strategy == MMREF_STATES)
		return search->options->shards ? search_shard(search) : search_all(search);
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

/* Of n states kept by 128 bits of each, or 112, n^2 / 2 pairs could share them. */
static double collision(const struct search *search)
{
	double states = search->visited.states;

	if (search->options->strategy != MMREF_STATES)
		return 0;
	return states * states * (search->options->workers > 1 ? 0x1p-113 : 0x1p-129);
}

/* Several cannot tell for sure that some run comes to a state twice; one can. */
static bool one_comes_back(struct search *search, bool *comes_back)
{
	struct mmref_options options = *search->options;
	struct mmref_result result = { 0 };
	struct search one = *search;
	bool ok;

	options.workers = 0;
	one.options = &options;
	one.result = &result;
	one.comes_back = false;
	ok = visited_init(&one.visited, options.max_memory) && search_all(&one);
	visited_free(&one.visited);
	search->result->bounded_by = result.bounded_by;
	*comes_back = one.comes_back;
	mmref_result_free(&result);
	return ok;
}

/* Without states nobody can tell which cycles there are besides those that were met. */
static bool look_at_cycles(struct search *search)
{
	if (search->options->workers > 1 && search->options->strategy == MMREF_STATES) {
		bool comes_back;

		if (!one_comes_back(search, &comes_back))
			return false;
		if (!comes_back || search->result->bounded_by)
			return true;
	}
	if (search->options->strategy == MMREF_STATES) {
		/* who waits for ever is one of several equals: they are told apart */
		search->sim->memory.symmetry.on = false;
		return search_livelocks(search);
	}
	search->result->bounded_by = "cycles";
	return true;
}

/* Not in parts, nor to be gone on with. */
static bool is_of_all_states(const struct mmref_options *options)
{
	return options->strategy == MMREF_STATES && !options->shards && !options->checkpoint;
}

/* All executions, and not a part of them. */
static bool is_of_all_executions(const struct mmref_options *options)
{
	return options->strategy == MMREF_DPOR && !options->shards;
}

static const char *what_does_not_fit(const struct mmref_options *options)
{
	bool several = options->workers > 1;

	if (options->few_preemptions && !is_of_all_states(options))
		return "only the search of all states counts preemptions";
	if (several && !is_of_all_states(options) && !is_of_all_executions(options))
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
	set_clocks(search);
	if (what_does_not_fit(search->options))
		return fail(result, what_does_not_fit(search->options));
	if (!sim_start(search->sim) ||
	    !visited_init(&search->visited, search->options->max_memory))
		return fail(result, "not enough memory");
	search->sim->memory.symmetry.on = search->sim->memory.symmetry.twins &&
					  search->options->strategy == MMREF_STATES &&
					  !search->options->no_symmetry &&
					  !search->options->check_determinism;
	ok = explore_by(search, search->options->strategy);
	result->states = search->visited.states;
	result->bytes = search->visited.bytes;
	result->collision = collision(search);
	if (ok)
		ok = shorten(search) && search_fewer_switches(search);
	if (ok && search->comes_back && !result->bounded_by && !search->options->no_livelocks)
		ok = look_at_cycles(search);
	visited_free(&search->visited);
	if (!ok)
		return fail(result, result->error ? result->error : "not enough memory");

	if (search->options->shards && !result->bounded_by)
		result->bounded_by = "shard";
	search_judge(result);
	result->seconds = (search_clock() - search->started) / 1e9;
	return 0;
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
	int err = search_run(&search);

	getrusage(RUSAGE_SELF, &usage);
	result->max_rss_kb = usage.ru_maxrss;
	if (sim->root)
		sim_reset(sim);
	return err;
}

void mmref_interrupt(struct mmref_sim *sim)
{
	sim->interrupted = 1;
}

void mmref_result_free(struct mmref_result *result)
{
	for (unsigned int i = 0; i < result->nr_found; i++)
		free(result->found[i].schedule.tasks);
	free(result->found);
	result->found = NULL;
	result->nr_found = 0;
}

const char *mmref_verdict_name(enum mmref_verdict verdict)
{
	static const char *const names[] = {
		[MMREF_HOLDS] = "holds",     [MMREF_VIOLATES] = "violates",
		[MMREF_HANGS] = "hangs",     [MMREF_BOUNDED] = "bounded",
		[MMREF_ERROR] = "error",
	};

	return names[verdict];
}

const char *mmref_strategy_name(enum mmref_strategy strategy)
{
	static const char *const names[MMREF_NR_STRATEGIES] = {
		[MMREF_STATES] = "states", [MMREF_DPOR] = "dpor",
		[MMREF_RANDOM] = "random", [MMREF_PCT] = "pct",
		[MMREF_POS] = "pos",	   [MMREF_SURW] = "surw",
		[MMREF_PORTFOLIO] = "portfolio",
	};

	return names[strategy];
}

bool mmref_strategy_is_random(enum mmref_strategy strategy)
{
	return strategy >= MMREF_RANDOM;
}
