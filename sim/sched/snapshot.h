/* SPDX-License-Identifier: MIT */
/*
 * States saved and restored, and their names.
 *
 * A snapshot holds the lines of the world that differ from the root, and the
 * part of each stack that is in use. A key is a 128-bit hash of the same bytes:
 * of n states, two different ones share a key with probability n^2 / 2^129.
 */
#ifndef SCHED_SNAPSHOT_H
#define SCHED_SNAPSHOT_H

#include "sched/sim.h"

struct state_key {
	uint64_t low, high;
};

/* At most how many bytes snapshot_save() writes now. */
size_t snapshot_bound(const struct mmref_sim *sim);
/* Save the state to @to; the bytes written. */
size_t snapshot_save(const struct mmref_sim *sim, char *to);
void snapshot_restore(struct mmref_sim *sim, const char *from);
struct state_key snapshot_key(const struct mmref_sim *sim);
/* The world alone, without the stacks: what a run that is over has come to. */
struct state_key snapshot_world_key(const struct mmref_sim *sim);

#endif
