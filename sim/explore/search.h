/* SPDX-License-Identifier: MIT */
/*
 * The searches, and what they share.
 *
 * search_all() goes deep first and visits every state once; search_dpor() keeps no
 * states, and takes every execution once; search_random() takes runs by chance, and is
 * never complete. search_shortest() goes by distance and stops when it has met every
 * kind of violation that it was asked for; the paths it finds have no shorter.
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
	uint64_t started;		/* by search_clock(); earlier by what was spent before */
	uint64_t deadline;		/* 0 for none */
	uint64_t checkpoint_every;	/* nanoseconds; 0 for at the end alone */
	uint64_t checkpoint_due;
	/* called at the end of each run that violated nothing; may be NULL */
	void (*at_end)(void *cookie, struct mmref_sim *sim);
	void *cookie;
};

/* All of mmref_explore() but the room it leaves behind: 0, or -1 with the result an error. */
int search_run(struct search *search);

bool search_all(struct search *search);
bool search_dpor(struct search *search);
bool search_random(struct search *search);
bool search_shortest(struct search *search, unsigned int kinds);

/*
 * Nanoseconds of the monotonic clock. No floating point while fibers run: its
 * sticky flags are saved on their stacks, and would tell equal states apart.
 */
uint64_t search_clock(void);
/* sim_reset() and sim_step(), taken twice where that is asked for: false where they differ. */
bool search_begin(struct search *search);
bool search_step(struct search *search, int task);
/* Has a bound been reached? Notes which in the result. */
bool search_is_cut_short(struct search *search);
/* The entry for @kind, made where there is none; NULL without memory. */
struct mmref_found *search_found(struct search *search, enum mmref_violation kind);
/* Put what @v says, and the path to it, into @found; false without memory. */
bool search_note(struct search *search, struct mmref_found *found, const struct violation *v,
		 const uint8_t *path, size_t length);

#endif
