/* SPDX-License-Identifier: MIT */
/*
 * What the search found: for each kind of violation one run, the shortest; of equally short
 * ones the first in the order of task numbers. So the result does not depend on the order in
 * which runs, shards or workers come to it.
 */
#ifndef EXPLORE_RESULT_H
#define EXPLORE_RESULT_H

#include "explore/search.h"

/* The entry for @kind, added if there is none. NULL without memory. */
struct mmref_found *search_found(struct search *search, enum mmref_violation kind);
/* Is the run @path to be kept instead of the one in @found, if there is one? */
bool search_is_sooner(const struct mmref_found *found, const uint8_t *path, size_t length);
/* Put @v, with the run @path to it, into @found. False without memory. */
bool search_note(struct search *search, struct mmref_found *found, const struct violation *v,
		 const uint8_t *path, size_t length);
/* The three together; nothing where @v is no violation. False without memory. */
bool search_add_found(struct search *search, const struct violation *v, const uint8_t *path,
		      size_t length);

/* Set the verdict from what was found and from ->bounded_by. */
void search_judge(struct mmref_result *result);

#endif
