/* SPDX-License-Identifier: MIT */
/*
 * Foreign code goes wrong during a search: see sched/guard.h. The search ends there: as an error, or
 * bounded if a limit ended the step.
 */
#ifndef EXPLORE_FAULT_H
#define EXPLORE_FAULT_H

#include "explore/search.h"

/* Watch the steps of this process, if foreign code can run in them. */
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
