/* SPDX-License-Identifier: MIT */
/*
 * Several processes at one search, on one machine.
 *
 * They are forked from the one that asked, so that all worlds lie at the same addresses.
 * Of executions each takes prefixes that nobody else has taken.
 *
 * In a search of states they share the set of those seen: who comes to a state first explores
 * what comes of it. One begins; whoever has nothing left to do is given half of what another
 * has not tried yet along its path. All branches are taken by somebody, each once, so what is
 * counted and found is the same whoever took which.
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

/*
 * @work(@search), by as many processes as are asked for; what all of them came to is in the
 * result of @search. False where one of them failed. Of several, a visited set is shared.
 */
bool crew_search(struct search *search, bool (*work)(struct search *search));

/* Is this the process that begins? */
bool crew_begins(const struct search *search);
/*
 * Is the @number-th piece of work this process's? All come to all of them, in the order of
 * their numbers, and it is that of who comes first.
 */
bool crew_claims(const struct search *search, uint64_t number);
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
