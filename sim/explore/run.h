/* SPDX-License-Identifier: MIT */
/* A given run, taken again without an observer. */
#ifndef EXPLORE_RUN_H
#define EXPLORE_RUN_H

#include "sched/sim.h"

/* Let @task take a step, if it can and the run has not ended. False if not. */
bool search_steps_on(struct mmref_sim *sim, unsigned int task);
/*
 * Take the steps @tasks from the root. True if all could be taken and the run ends in a
 * violation of @kind; *@v is that violation, and the simulation stays in the last state.
 */
bool search_run_shows(struct mmref_sim *sim, const uint8_t *tasks, size_t length,
		      enum mmref_violation kind, struct violation *v);

#endif
