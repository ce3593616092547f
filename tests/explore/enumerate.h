/* SPDX-License-Identifier: MIT */
/*
 * The plain enumerator: every interleaving, one after the other, each run from
 * the start. No visited set, no snapshots, no reduction of any kind: what the
 * search is held against.
 */
#ifndef TESTS_ENUMERATE_H
#define TESTS_ENUMERATE_H

#include "explore/explore.h"
#include "sched/snapshot.h"

#define MAX_FINALS	4096

/* What a program can end in. */
struct endings {
	struct fingerprint final[MAX_FINALS];	/* sorted, each once */
	size_t nr;
	unsigned int kinds;			/* of violations, by bit */
	bool held_back;				/* by the bound of preemptions */
	uint64_t executions;
	unsigned int dealt;			/* shards that had prefixes to deal out */
	const char *error;			/* of a search that was not ended, or NULL */
};

/* False where there are more than @most executions, or more final states than there is room. */
bool enumerate(struct mmref_sim *sim, uint64_t most, struct endings *endings);
/* The same of the runs that leave a task that could go on no more than @preemptions times. */
bool enumerate_few(struct mmref_sim *sim, uint64_t most, unsigned int preemptions,
		   struct endings *endings);
/* The same endings as the search that @options ask for finds them. */
bool search_endings(struct mmref_sim *sim, const struct mmref_options *options,
		    struct endings *endings);
/* Of the shards that @options name, the first @most: what they all find. They deal early. */
bool shards_endings(struct mmref_sim *sim, const struct mmref_options *options, unsigned int most,
		    struct endings *endings);
bool same_endings(const struct endings *a, const struct endings *b);

#endif
