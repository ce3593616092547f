/* SPDX-License-Identifier: MIT */
/* The driver of the search. */
#ifndef EXPLORE_EXPLORE_H
#define EXPLORE_EXPLORE_H

#include "explore/search.h"

/*
 * mmref_explore(), but for the maximum resident set: the caller fills in ->sim, ->options and
 * ->result. 0, or -1 with the verdict MMREF_ERROR.
 */
int search_run(struct search *search);

#endif
