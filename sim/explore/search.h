/* SPDX-License-Identifier: MIT */
/*
 * The searches, and what they share.
 *
 * search_all() goes deep first and visits every state once; search_dpor() keeps no
 * states, and takes every execution once. search_shortest() goes by distance and stops
 * when it has met every kind of violation that it was asked for; the paths it finds have
 * no shorter. search_livelocks() keeps the whole graph of states, and looks for runs in
 * it that never end.
 */
#ifndef EXPLORE_SEARCH_H
#define EXPLORE_SEARCH_H

#include "explore/visited.h"
#include "sched/sim.h"

struct search {
	struct mmref_sim *sim;
	const struct mmref_options *options;
	struct mmref_result *result;
	struct visited visited;
	bool comes_back;		/* some run comes to a state twice */
	uint64_t deadline;		/* by search_clock(); 0 for none */
	/* called at the end of each run that violated nothing; may be NULL */
	void (*at_end)(void *cookie, struct mmref_sim *sim);
	void *cookie;
};

/* All of mmref_explore() but the room it leaves behind: 0, or -1 with the result an error. */
int search_run(struct search *search);

bool search_all(struct search *search);
bool search_dpor(struct search *search);
bool search_shortest(struct search *search, unsigned int kinds);
bool search_livelocks(struct search *search);

/*
 * Nanoseconds of the monotonic clock. No floating point while fibers run: its
 * sticky flags are saved on their stacks, and would tell equal states apart.
 */
uint64_t search_clock(void);
/* Has the time come, or an interrupt? Notes which in the result. @steps: not at each is looked. */
bool search_is_out_of_time(struct search *search, uint64_t steps);
/* Has any bound been reached? */
bool search_is_cut_short(struct search *search);
/* The entry for @kind, made where there is none; NULL without memory. */
struct mmref_found *search_found(struct search *search, enum mmref_violation kind);
/* Put what @v says, and the path to it, into @found; false without memory. */
bool search_note(struct search *search, struct mmref_found *found, const struct violation *v,
		 const uint8_t *path, size_t length);

#endif
