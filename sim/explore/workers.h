/* SPDX-License-Identifier: MIT */
/*
 * Several processes search together on one machine.
 *
 * They are forked from the calling process, so their worlds lie at the same addresses. With
 * search_dpor() each worker claims prefixes that no other has claimed.
 *
 * With search_dfs() they share the visited set: the worker that reaches a state first explores
 * it. One worker begins. A worker without work takes half of the untried steps on another's path.
 * Each step of each state is taken by exactly one worker, so results do not depend on which. Nor
 * does the number of states, unless symmetric threads are merged: an exposed twin is named by its
 * number, and which of two twins that is depends on the representative that was reached first.
 *
 * No worker sees a cycle whose states are on the paths of several. But along a cycle the distance
 * from the root cannot grow by one at every step. So a step to a known state whose recorded
 * distance is another than the step expects is taken for one that may close a cycle.
 */
#ifndef EXPLORE_WORKERS_H
#define EXPLORE_WORKERS_H

#include "explore/path.h"
#include "explore/search.h"

struct workers;

/*
 * Run @work in as many processes as the options ask for; the results of all end up in the result
 * of @search. False if one of them failed. With several workers the visited set is shared.
 */
bool workers_run(struct search *search, bool (*work)(struct search *search));

/* Is this process the first worker? True without workers. */
bool workers_is_first(const struct search *search);
/*
 * Does this worker get piece @number of the work? Every worker asks for every piece, in ascending
 * order; the first to ask gets it.
 */
bool workers_claim(const struct search *search, uint64_t number);
/* Has another worker stopped the search, at a limit or for want of memory? */
bool workers_stopped(const struct search *search);

/* Does a worker wait for work? Then workers_give_work() hands over a part of @path. */
bool workers_want_work(const struct search *search);
void workers_give_work(struct search *search, struct path *path);

/* The untried steps along a path of @length steps; untried[length] is of its last state. */
struct work_item {
	const uint8_t *tasks;
	const uint16_t *untried;
	size_t length;
};

/*
 * Wait for a work item. False when all work is done, or when @is_cut_short() says so: a limit holds
 * for a worker that waits, too. @item is valid until the next call.
 */
bool workers_take_work(struct search *search, struct work_item *item,
		       bool (*is_cut_short)(struct search *search));

#endif
