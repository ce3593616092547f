/* SPDX-License-Identifier: MIT */
/*
 * Several processes at one search of states, on one machine.
 *
 * They are forked from the one that asked, so that all worlds lie at the same addresses,
 * and share the set of states seen: who comes to a state first explores what comes of it.
 * One begins; whoever has nothing left to do is given half of what another has not tried
 * yet along its path. All branches are taken by somebody, each once, so what is counted
 * and found is the same whoever took which.
 *
 * Nobody sees a cycle whose states several have on their paths. But round a cycle
 * the states cannot each lie one step further from the start than the one before, so a step
 * to a state that does not is taken for one that may close a cycle.
 */
#ifndef EXPLORE_CREW_H
#define EXPLORE_CREW_H

#include "explore/path.h"
#include "explore/search.h"

struct crew;

/* A crew for @search, whose visited set is shared then. NULL without memory. */
struct crew *crew_new(struct search *search, unsigned int workers);
/*
 * @work(@search) in each process of the crew, and what all of them came to in the result of
 * @search. False where one of them failed.
 */
bool crew_run(struct search *search, bool (*work)(struct search *search));
void crew_free(struct crew *crew);

/* Is this the process that begins? */
bool crew_begins(const struct search *search);
/* Has somebody else ended the search, for want of time or memory? */
bool crew_has_ended(const struct search *search);

/* Does somebody wait for something to do? Then @path gives branches away, if it has any. */
bool crew_waits(const struct search *search);
void crew_give(struct search *search, struct path *path);

/* What is untried of each state on a path of @length steps, and at its end. */
struct branches {
	const uint8_t *tasks;
	const uint16_t *untried;
	size_t length;
};

/* Wait for branches; false when nobody has any left. They are good until others are waited for. */
bool crew_take(struct search *search, struct branches *branches);

#endif
