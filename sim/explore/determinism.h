/* SPDX-License-Identifier: MIT */
/*
 * The root and steps, checked: each where ->check_determinism asks for it; else a sample of those in
 * which code runs that is not mmref's. A sample has the first four steps of each site and task, one
 * of 32 of the others, and all once a rule file has written to a static variable.
 *
 *	a step taken twice from one state leads to one state
 *	a step that a sleep set skips leads to a state that is finished
 *
 * The first fails if a thread body writes where the search cannot undo it: a static, memory
 * from malloc(). The second fails if a step accesses memory that it did not announce.
 */
#ifndef EXPLORE_DETERMINISM_H
#define EXPLORE_DETERMINISM_H

#include "explore/path.h"
#include "explore/search.h"

/*
 * Before a search of code that is not mmref's: one random walk, or a few where the search samples no
 * steps; each of their steps is taken twice. False, with ->error, where one leads elsewhere.
 */
bool search_sample(struct search *search);
void search_sample_end(struct search *search);
/* sim_reset(). False, with ->error of the result, if a second reset leads elsewhere. */
bool search_begin(struct search *search);
/* sim_step(). False, with ->error, if the same step taken again leads elsewhere. */
bool search_step(struct search *search, int task);
/*
 * Do the steps of @left_out, which a sleep set skips, lead to finished states? Threads that are
 * alike are told apart here: what is known about one of them holds for it alone.
 */
bool search_check_left_out(struct search *search, const struct path *path, unsigned int left_out);

#endif
