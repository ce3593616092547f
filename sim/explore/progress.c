/* SPDX-License-Identifier: MIT */
#include "explore/progress.h"

#include "explore/clock.h"
#include "explore/path.h"
#include "explore/workers.h"

#define REPORT_EVERY	UINT64_C(100000000)	/* nanoseconds */
#define CLOCK_EVERY	256			/* calls between two readings of the clock */

/* Steps left to take from the states on @path. */
static size_t nr_untried(const struct path *path)
{
	size_t untried = 0;

	for (size_t i = 0; i < path->depth; i++)
		untried += __builtin_popcount(path->untried[i]);
	return untried;
}

/* Nobody knows the size of a state space; a number of runs, or a deadline, is known. */
static uint64_t time_left(const struct search *search, uint64_t now)
{
	uint64_t done = search->result->executions;
	uint64_t left = search->deadline > now ? search->deadline - now : 0;
	uint64_t of_runs;

	if (!search->runs || !done)
		return left;
	of_runs = (search->runs - done) * ((now - search->started) / done);
	return left && left < of_runs ? left : of_runs;
}

static void report(struct search *search, uint64_t now)
{
	const struct path *path = search->path;

	if (search->workers)
		visited_count(&search->visited);
	search->options->progress(search->options->progress_cookie, &(struct mmref_progress){
		.nanoseconds = now - search->started,
		.left = time_left(search, now),
		.states = search->visited.states,
		.steps = search->result->steps,
		.executions = search->result->executions,
		.runs = search->runs,
		.bytes = search->visited.bytes,
		.depth = path ? path->depth : 0,
		.untried = path ? nr_untried(path) : 0,
		.phase = search->phase,
		.found = search->result->nr_found ? search->result->found[0].violation : MMREF_NONE,
	});
}

void search_report_progress(struct search *search)
{
	uint64_t now;

	if (!search->options->progress || search->progress_asked++ % CLOCK_EVERY ||
	    !workers_is_first(search))
		return;
	now = search_clock();
	if (!search->progress_due)
		search->progress_due = search->started + REPORT_EVERY;
	if (now < search->progress_due)
		return;
	search->progress_due = now + REPORT_EVERY;
	report(search, now);
}
