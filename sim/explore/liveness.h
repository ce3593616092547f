/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_LIVENESS_H
#define EXPLORE_LIVENESS_H

#include "sched/sim.h"

/* What is wrong with a run that came back to a state where @task took the next step before. */
struct violation livelock(const struct mmref_sim *sim, int task);

#endif
