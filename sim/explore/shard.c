/* SPDX-License-Identifier: MIT */
/*
 * A part of the search, for one of several processes that know nothing of each other.
 *
 * All walk the first steps of all runs in the same way, until there are prefixes enough,
 * and each goes on from those whose hash says that they are its own. What lies before is
 * explored by every shard; what comes after a prefix of another's is that one's to explore,
 * also where it is come to by a way round.
 */
#define XXH_INLINE_ALL
#include <stdlib.h>
#include <xxhash.h>

#include "explore/search.h"

/*
 * So many for each that those whose prefixes have much below them even out. A crew takes
 * them one by one, as each is done with the last, and needs fewer for that.
 */
#define PREFIXES_A_SHARD	64
#define PREFIXES_A_WORKER	16

uint64_t search_prefixes_wanted(const struct search *search)
{
	unsigned int parts = search->crew ? search->options->workers : search->options->shards;
	uint64_t enough = search->crew ? PREFIXES_A_WORKER : PREFIXES_A_SHARD;

	return (search->prefixes ? search->prefixes : enough) * parts;
}

bool search_owns(const struct search *search, uint64_t number)
{
	const struct mmref_options *options = search->options;

	return !options->shards || number % options->shards == options->shard - 1;
}

bool search_owns_path(const struct search *search, const uint8_t *path, size_t length)
{
	return search_owns(search, XXH3_64bits(path, length));
}

static bool search_prefixes(struct search *search)
{
	struct frontier frontier = { 0 };
	bool ok = search_frontier(search, &frontier);

	for (size_t i = 0; ok && i < frontier.nr && !search_is_cut_short(search); i++)
		ok = search_from(search, frontier.paths + i * frontier.length, frontier.length);
	free(frontier.paths);
	return ok;
}

bool search_shard(struct search *search)
{
	bool ok;

	if (!visited_init(&search->above, 0))
		return false;
	ok = search_prefixes(search);
	visited_free(&search->above);
	return ok;
}
