/* SPDX-License-Identifier: MIT */
#include "sched/arena.h"

#include <stdint.h>
#include <sys/mman.h>

#define ARENA_SIZE	(ARENA_WORLD + ARENA_STACKS * ARENA_STACK)
#define FIRST_PLACE	UINT64_C(0x200000000000)
#define PLACES		256

bool arena_map(struct arena *arena)
{
	for (int i = 0; i < PLACES; i++) {
		void *place = (void *)(uintptr_t)(FIRST_PLACE + i * 4 * ARENA_SIZE);
		void *base = mmap(place, ARENA_SIZE, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
				  -1, 0);

		if (base == place) {
			arena->base = base;
			return true;
		}
		if (base != MAP_FAILED)
			munmap(base, ARENA_SIZE);
	}
	return false;
}

void arena_unmap(struct arena *arena)
{
	if (arena->base)
		munmap(arena->base, ARENA_SIZE);
	arena->base = NULL;
}
