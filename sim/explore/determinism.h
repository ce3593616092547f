/* SPDX-License-Identifier: MIT */
/*
 * The root and each step, checked where ->check_determinism asks for it.
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
