/* SPDX-License-Identifier: MIT */
/*
 * Shards: processes that share nothing, each of which explores a part of the search.
 *
 *	work of a shard = all prefixes whose hash, modulo the number of shards, is its number
 *
 * A prefix is the first steps of a run. All shards list the same prefixes, then each explores
 * what follows its own. The states above the prefixes are explored by every shard. A state below
 * another shard's prefix is explored here too, if a run reaches it from an own prefix.
 */
#ifndef EXPLORE_SHARD_H
#define EXPLORE_SHARD_H

#include "explore/search.h"

/* How many prefixes must exist before they are dealt out to shards, or to workers. */
uint64_t search_prefixes_wanted(const struct search *search);
/* Does piece @number of the work belong to this shard? True without shards. */
bool search_owns(const struct search *search, uint64_t number);
/* The same for the runs that begin with @path; every shard, on any machine, agrees. */
bool search_owns_path(const struct search *search, const uint8_t *path, size_t length);

#endif
