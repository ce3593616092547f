/* SPDX-License-Identifier: MIT */
/*
 * The state of one search, which all strategies share.
 *
 * The files of this folder depend on each other in layers, upper on lower:
 *
 *	explore.c				mmref_explore(): chooses the strategy, drives it
 *	dfs.c bfs.c dpor.c			the strategies
 *	random_first.c				random runs before the search of states is over
 *	random.c				the strategies that draw runs by chance
 *	liveness.c switches.c			work on what a strategy found
 *	checkpoint_*.c				the search in a file
 *	graph.c limits.c			all states and edges; when to stop
 *	progress.c workers.c			what a caller sees; several processes
 *	determinism.c run.c shard.c		one step, one run, one shard's part
 *	result.c fault.c			what was found, and what went wrong
 *	path.c visited.c sleep_set.c execution.c policy.c	data structures
 */
#ifndef EXPLORE_SEARCH_H
#define EXPLORE_SEARCH_H

#include "explore/statics.h"
#include "explore/visited.h"
#include "sched/sim.h"

struct workers;
struct path;

/* Which steps of code that is not mmref's are taken twice. */
struct sample {
	uint8_t taken[512];		/* so often, of a site and task */
	uint64_t generator;
	bool all;			/* a static variable was written to: from now on, all */
	struct statics statics;
};

struct search {
	struct mmref_sim *sim;
	const struct mmref_options *options;
	struct mmref_result *result;
	struct visited visited;
	struct workers *workers;	/* processes that share ->visited; NULL: one process */
	struct visited above;		/* of a shard: states at or above the prefixes */
	bool comes_back;		/* a cycle was found: some run visits a state twice */
	uint64_t started;		/* search_clock(), less the time before a checkpoint */
	uint64_t deadline;		/* 0: none */
	uint64_t asked;			/* calls of search_is_out_of_time() */
	uint64_t checkpoint_every;	/* nanoseconds; 0: only at the end */
	uint64_t checkpoint_due;
	uint64_t progress_due;		/* search_clock() of the next report */
	uint64_t progress_asked;	/* calls of search_report_progress() */
	const char *phase;		/* for progress; NULL: the strategy itself */
	const struct path *path;	/* of a depth-first search, for progress */
	uint64_t runs;			/* how many random runs there will be */
	uint64_t first_run;		/* the number of the first, from 0 */
	uint64_t max_steps;		/* of all random runs; 0: no bound */
	uint64_t random_due;		/* steps after which random runs are next; 0: never */
	/* called at the end of each run without a violation; may be NULL */
	void (*at_end)(void *cookie, struct mmref_sim *sim);
	void *cookie;
	struct sample sample;
	size_t fault_step;		/* number of the step whose code went wrong */
	unsigned int prefixes;		/* wanted for each shard; 0: the default */
};

#endif
