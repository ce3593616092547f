/* SPDX-License-Identifier: MIT */
/*
 * The arena: one mapping at a fixed address that holds a world and the stacks of
 * its tasks.
 *
 *	[ world, growing | stack of task 0 | stack of task 1 | ... ]
 *
 * States go back to the addresses they came from, so pointers in them stay valid.
 */
#ifndef SCHED_ARENA_H
#define SCHED_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#define ARENA_WORLD	((size_t)8 << 20)	/* bytes */
#define ARENA_STACK	((size_t)128 << 10)	/* bytes a task */
#define ARENA_STACKS	16
#define ARENA_STACK_GUARD	((size_t)4 << 10)	/* of it, below, where nothing can be accessed */

struct arena {
	char *base;
};

/* Map an arena of zeroed memory; false when there is no memory or no place for it. */
bool arena_map(struct arena *arena);
void arena_unmap(struct arena *arena);
/* Is @address below a stack, where one ends up that runs out of it? Of any arena. */
bool arena_is_guard(const void *address);

static inline char *arena_stack_top(const struct arena *arena, int task)
{
	return arena->base + ARENA_WORLD + (task + 1) * ARENA_STACK;
}

#endif
