/* SPDX-License-Identifier: MIT */
/*
 * States kept apart from a run: the lines of the world that differ from the root,
 * the part of each stack that is in use, and the name.
 */
#ifndef SCHED_SNAPSHOT_H
#define SCHED_SNAPSHOT_H

#include "sched/sim.h"

/* At most how many bytes snapshot_save() writes now. */
size_t snapshot_bound(const struct mmref_sim *sim);
/* Save the state to @to; the bytes written. */
size_t snapshot_save(const struct mmref_sim *sim, char *to);
/* It is the first of a run now: nothing to take back. */
void snapshot_restore(struct mmref_sim *sim, const char *from);
/* The world alone, without the stacks: what a run that is over has come to. */
struct fingerprint snapshot_fingerprint(const struct mmref_sim *sim);

#endif
