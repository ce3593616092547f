/* SPDX-License-Identifier: MIT */
/*
 * Code that is not mmref's goes wrong in the course of a search: see sched/guard.h. The search ends
 * there, as an error or, where a limit was reached, bounded by it.
 */
#ifndef EXPLORE_FAULT_H
#define EXPLORE_FAULT_H

#include "explore/search.h"

/* Watch the steps of this process, if code in them is not mmref's. */
void search_watch(struct search *search);
void search_unwatch(void);
/*
 * Did code of the step just taken go wrong, the @step-th of its run? Each strategy asks after each
 * step, and ends the search then.
 */
bool search_went_wrong(struct search *search, size_t step);
/*
 * A search has ended, @ok or not. Where code went wrong: complete the result. False if that is an
 * error.
 */
bool search_judge_fault(struct search *search, bool ok);

#endif
