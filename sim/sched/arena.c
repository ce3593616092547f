/* SPDX-License-Identifier: MIT */
#include "sched/arena.h"

#include <stdint.h>
#include <sys/mman.h>

#define ARENA_SIZE	(ARENA_WORLD + ARENA_STACKS * ARENA_STACK)
#define FIRST_PLACE	UINT64_C(0x200000000000)
#define PLACES		256

static bool guard_stacks(char *base)
{
	bool good = true;

	for (int i = 0; i < ARENA_STACKS; i++)
		good &= !mprotect(base + ARENA_WORLD + i * ARENA_STACK, ARENA_STACK_GUARD, PROT_NONE);
	return good;
}

bool arena_is_guard(const void *address)
{
	uintptr_t at = (uintptr_t)address - FIRST_PLACE;

	if (at >= PLACES * 4 * ARENA_SIZE)
		return false;
	at %= 4 * ARENA_SIZE;
	return at >= ARENA_WORLD && at < ARENA_SIZE &&
	       (at - ARENA_WORLD) % ARENA_STACK < ARENA_STACK_GUARD;
}

bool arena_map(struct arena *arena)
{
	for (int i = 0; i < PLACES; i++) {
		void *place = (void *)(uintptr_t)(FIRST_PLACE + i * 4 * ARENA_SIZE);
		void *base = mmap(place, ARENA_SIZE, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
				  -1, 0);

		if (base == place) {
			arena->base = base;
			return guard_stacks(base);
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
