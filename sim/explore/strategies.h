/* SPDX-License-Identifier: MIT */
/*
 * The strategies of the search. Each returns false without memory, or with ->error set; what it
 * found, and whether a limit stopped it, is in the result.
 *
 *	search_dfs()	depth first, each state once
 *	search_bfs()	breadth first: the runs it finds are shortest
 *	search_dpor()	keeps no states, takes each execution once
 *	search_random()	random runs; never complete
 *
 * search_random_first() is called by search_dfs() on its way.
 */
#ifndef EXPLORE_STRATEGIES_H
#define EXPLORE_STRATEGIES_H

#include "explore/search.h"

bool search_dfs(struct search *search);
bool search_dpor(struct search *search);
bool search_random(struct search *search);

/* Are random runs due in this search of states? Never with the options that forbid them. */
bool search_wants_random_runs(struct search *search);
/*
 * Some random runs, whose violations are added to the result of @search: the strategy to find soon
 * what the search of all states comes to in the end. They leave the simulation elsewhere. False
 * without memory.
 */
bool search_random_first(struct search *search);

/* Depth first, from the state that @prefix of @length steps leads to. */
bool search_dfs_from(struct search *search, const uint8_t *prefix, size_t length);

/*
 * A shortest run to each violation of @kinds (a bit mask). Stops when all are found, or after
 * @most states; a run found before stays unless a shorter one is found.
 */
bool search_bfs(struct search *search, unsigned int kinds, size_t most);

/* The prefixes that one shard explores, one after the other. */
struct frontier {
	uint8_t *paths;
	size_t nr, length;
};

/*
 * Breadth first up to the first level that has enough states for all shards; keeps those that
 * belong to this shard. Violations on the way are noted in every shard.
 */
bool search_bfs_frontier(struct search *search, struct frontier *frontier);

/* Build the graph of all states, and find livelocks in it. */
bool search_livelocks(struct search *search);
/* Reorder the runs found: equally short ones with fewer context switches. */
bool search_fewer_switches(struct search *search);

#endif
