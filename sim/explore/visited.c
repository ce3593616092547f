/* SPDX-License-Identifier: MIT */
#include "explore/visited.h"

#include <jemalloc/jemalloc.h>
#include <stdio.h>
#include <string.h>

#define FIRST_SLOTS	((size_t)1 << 12)

static int heap_flags(const struct visited *visited)
{
	return MALLOCX_ARENA(visited->heap) | MALLOCX_TCACHE_NONE | MALLOCX_ZERO;
}

/*
 * Arenas that are not in use. Destroying one leaves its first block mapped, so they
 * are emptied and used again.
 */
static _Thread_local unsigned int idle_heap[4];
static _Thread_local unsigned int nr_idle;

static bool take_heap(unsigned int *heap)
{
	size_t size = sizeof(*heap);

	if (nr_idle) {
		*heap = idle_heap[--nr_idle];
		return true;
	}
	return !mallctl("arenas.create", heap, &size, NULL, 0);
}

static void give_heap_back(unsigned int heap)
{
	bool keep = nr_idle < sizeof(idle_heap) / sizeof(idle_heap[0]);
	char name[64];

	snprintf(name, sizeof(name), "arena.%u.%s", heap, keep ? "reset" : "destroy");
	mallctl(name, NULL, NULL, NULL, 0);
	if (keep)
		idle_heap[nr_idle++] = heap;
}

bool visited_init(struct visited *visited, size_t max_bytes)
{
	memset(visited, 0, sizeof(*visited));
	if (!take_heap(&visited->heap))
		return false;
	visited->max_bytes = max_bytes;
	visited->slots = FIRST_SLOTS;
	visited->bytes = FIRST_SLOTS * sizeof(*visited->slot);
	visited->slot = mallocx(visited->bytes, heap_flags(visited));
	return visited->slot;
}

void visited_free(struct visited *visited)
{
	give_heap_back(visited->heap);
	visited->slot = NULL;
}

static struct state_key *find(struct state_key *slot, size_t slots, struct state_key key)
{
	size_t i = key.low & (slots - 1);

	while ((slot[i].low || slot[i].high) &&
	       (slot[i].low != key.low || slot[i].high != key.high))
		i = (i + 1) & (slots - 1);
	return &slot[i];
}

static bool grow(struct visited *visited)
{
	size_t slots = visited->slots * 2;
	size_t bytes = slots * sizeof(*visited->slot);
	struct state_key *slot;

	if (visited->max_bytes && bytes > visited->max_bytes)
		return false;
	slot = mallocx(bytes, heap_flags(visited));
	if (!slot)
		return false;
	for (size_t i = 0; i < visited->slots; i++)
		if (visited->slot[i].low || visited->slot[i].high)
			*find(slot, slots, visited->slot[i]) = visited->slot[i];
	sdallocx(visited->slot, visited->bytes, heap_flags(visited));
	visited->slot = slot;
	visited->slots = slots;
	visited->bytes = bytes;
	return true;
}

enum visit visited_add(struct visited *visited, struct state_key key)
{
	struct state_key *slot;

	if (!key.low && !key.high)
		key.low = 1;
	slot = find(visited->slot, visited->slots, key);
	if (slot->low || slot->high)
		return VISIT_KNOWN;
	if (visited->states + 1 > visited->slots / 4 * 3) {
		if (!grow(visited))
			return VISIT_NO_MEMORY;
		slot = find(visited->slot, visited->slots, key);
	}
	*slot = key;
	visited->states++;
	return VISIT_NEW;
}
