/* SPDX-License-Identifier: MIT */
/*
 * Symmetry reduction: states that differ only by a permutation of identical threads are explored
 * once.
 *
 *	fingerprint = lines of the world + sum over the symmetric threads of hash(own memory)
 *
 * Two threads are symmetric, "twins" below, if each executes the same body on the same argument. A
 * thread's own memory is its fiber and its stack. Its hash makes pointers into itself relative, and
 * leaves out the thread's name and number. So the sum does not depend on which thread is where.
 *
 * This is right only while nothing else in the state tells the threads apart. A twin is exposed,
 * and its number goes into the fingerprint, while
 *
 *	- another task or the world points to its fiber or into its stack, or
 *	- shared memory contains its number: it owns a lock, or is in a read-side section.
 */
#ifndef SCHED_SYMMETRY_H
#define SCHED_SYMMETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/arena.h"

struct mmref_sim;

/* A 128-bit hash: of a state, or of a part of one. */
struct fingerprint {
	uint64_t low, high;
};

static inline bool fingerprint_equal(struct fingerprint a, struct fingerprint b)
{
	return a.low == b.low && a.high == b.high;
}

/* The hash of a task's own memory, and the twins that it points to, by bit. */
struct task_name {
	struct fingerprint key;
	uint32_t knows;
};

struct symmetry {
	bool on;
	uint32_t twins;			/* the tasks that are symmetric to another, by bit */
	uint8_t class[ARENA_STACKS];	/* of each task: the first task of its symmetry class */
	uint8_t *owner;			/* of each line of the world: 1 + the twin whose fiber it is, or 0 */
	int pointers[ARENA_STACKS];	/* how many to each twin the world has more than at the root */
	uint32_t changed;		/* twins whose fiber was written to, by bit */
	char *scratch;			/* a copy of one task's own memory */
};

/* All tasks have been added: find their fibers. False without memory. */
bool symmetry_start(struct mmref_sim *sim);
void symmetry_end(struct mmref_sim *sim);

/* Line @number changes from @before to @now. True: it is a twin's, and has no hash of its own. */
bool symmetry_line(struct mmref_sim *sim, size_t number, const char *before, const char *now);
/* The hash of a task's own memory as it is now. */
struct task_name symmetry_task_name(struct mmref_sim *sim, int task);

/* The twins that are not exposed, by bit. */
uint32_t symmetry_unknown(const struct mmref_sim *sim);
/* What the twins add to the fingerprint of the current state. */
struct fingerprint symmetry_fingerprint(const struct mmref_sim *sim);
/* Of @enabled, the tasks to explore: one of the twins that are in the same place. */
unsigned int symmetry_enough(const struct mmref_sim *sim, unsigned int enabled);

#endif
