/* SPDX-License-Identifier: MIT */
/* Which functions of a rule set of one's own a step enters, for a report. */
#ifndef EXPLORE_ENTERED_H
#define EXPLORE_ENTERED_H

#include "sched/sim.h"

/*
 * Take the step of @task once more and undo it. *@text becomes the names of the functions that it
 * enters and that the rule set of @sim does not have from mmref: "dax_folio_put, folio_put"; or "".
 */
void entered_by_step(struct mmref_sim *sim, int task, char *text, size_t size);
/* Is @function one that the rule set of @sim does not have from mmref? */
bool entered_is_foreign(const struct mmref_sim *sim, const struct mmref_function *function);

#endif
