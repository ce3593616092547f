/* SPDX-License-Identifier: MIT */
/*
 * When a search stops before it is complete: ->bounded_by of the result says why. Every
 * strategy asks search_is_cut_short() before each step, and what works on the runs found asks
 * search_is_out_of_time(). Both report progress.
 */
#ifndef EXPLORE_LIMITS_H
#define EXPLORE_LIMITS_H

#include "explore/search.h"

/* The deadline alone. Reads the clock at each call: for callers that ask rarely. */
bool search_is_late(struct search *search);
/* The deadline, read at every 256th call, and the interrupt. */
bool search_is_out_of_time(struct search *search);
/*
 * The deadline, the interrupt or a fault, whether or not another limit has stopped the search before; sets no
 * ->bounded_by. For work on the runs found, which are good without it.
 */
bool search_time_is_up(struct search *search);
/* Any limit; or another worker stopped the search. */
bool search_is_cut_short(struct search *search);

#endif
