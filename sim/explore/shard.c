/* SPDX-License-Identifier: MIT */
#include "explore/shard.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/*
 * Prefixes differ in the work below them; with this many for each part the sums even out.
 * Workers take one prefix at a time, as they become free, so fewer will do.
 */
#define PREFIXES_A_SHARD	64
#define PREFIXES_A_WORKER	16

uint64_t search_prefixes_wanted(const struct search *search)
{
	unsigned int parts = search->workers ? search->options->workers : search->options->shards;
	uint64_t enough = search->workers ? PREFIXES_A_WORKER : PREFIXES_A_SHARD;

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
