/* SPDX-License-Identifier: MIT */
/*
 * Threads that are one another's equals: what one of them does, any other might
 * have done instead. Two states that differ only in which of them is where are one.
 *
 * A thread's own memory is its fiber and its stack. For the name of a state it is
 * hashed with the addresses in it that point into itself made relative, and without
 * the thread's name and number; the sum of these hashes does not tell which
 * thread is where. That is right only while nobody else knows which is which. A
 * thread is known, and named by its number as any other task, while
 *
 *	- another task or the world points to its fiber or into its stack, or
 *	- shared memory has its number: in a lock it owns, in a section it is in.
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

/* The hash of a task's own memory, and which tasks it points to, by bit. */
struct task_name {
	struct fingerprint key;
	uint32_t knows;
};

struct symmetry {
	bool on;
	uint32_t twins;			/* the tasks that have an equal, by bit */
	uint8_t class[ARENA_STACKS];	/* of each task: the first of its equals */
	uint8_t *owner;			/* of each line of the world: the twin, from 1, whose fiber it is */
	int pointers[ARENA_STACKS];	/* to each twin, in the world, beyond those of the root */
	uint32_t changed;		/* twins whose fiber has been written to, by bit */
	char *scratch;			/* of one task's own memory */
};

/* The tasks are all there: find out which fibers lie where. False without memory. */
bool symmetry_start(struct mmref_sim *sim);
void symmetry_end(struct mmref_sim *sim);

/* Line @number was @before and is @now. True when it is a twin's, and has no name of its own. */
bool symmetry_line(struct mmref_sim *sim, size_t number, const char *before, const char *now);
/* The name of a twin's own memory as it is. */
struct task_name symmetry_task_name(struct mmref_sim *sim, int task);

/* The twins that nobody else knows from each other, by bit. */
uint32_t symmetry_unknown(const struct mmref_sim *sim);
/* What the twins add to the name of the state at hand. */
struct fingerprint symmetry_fingerprint(const struct mmref_sim *sim);
/* Of @enabled, those that are enough: of unknown twins in the same place, one. */
unsigned int symmetry_enough(const struct mmref_sim *sim, unsigned int enabled);

#endif
