/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_LIVENESS_H
#define EXPLORE_LIVENESS_H

#include "sched/sim.h"

/* The violation of a run that came back to a state from which @task took the next step. */
struct violation livelock(const struct mmref_sim *sim, int task);

#endif
