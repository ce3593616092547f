/* SPDX-License-Identifier: MIT */
#include "explore/crew.h"
#include "explore/path.h"
#include "explore/search.h"

#define EVERY	UINT64_C(100000000)	/* nanoseconds, between two that are told */
#define STEPS	256			/* between two looks at the clock */

/* The ways on from the states of @path that are left to take. */
static size_t nr_untried(const struct path *path)
{
	size_t untried = 0;

	for (size_t i = 0; i < path->depth; i++)
		untried += __builtin_popcount(path->untried[i]);
	return untried;
}

/* A search of states ends when it ends; one of so many runs, or of so many seconds, is known. */
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

static void tell(struct search *search, uint64_t now)
{
	const struct path *path = search->path;

	if (search->crew)
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
	});
}

/* One of a crew tells of all. */
void search_tells(struct search *search)
{
	uint64_t now;

	if (!search->options->progress || search->result->steps < search->progress_at ||
	    !crew_begins(search))
		return;
	search->progress_at = search->result->steps + STEPS;
	now = search_clock();
	if (!search->progress_due)
		search->progress_due = search->started + EVERY;
	if (now < search->progress_due)
		return;
	search->progress_due = now + EVERY;
	tell(search, now);
}
