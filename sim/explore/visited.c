/* SPDX-License-Identifier: MIT */
#include "explore/visited.h"

#include <jemalloc/jemalloc.h>
#include <stdio.h>
#include <string.h>

#define FIRST_SLOTS	((size_t)1 << 8)

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

static bool is_empty(const struct state_key *slot)
{
	return !slot->low && !slot->high;
}

/* Where @key belongs: parts grow in order, so that little is moved far. */
static size_t place(const struct visited_part *part, struct state_key key)
{
	return (unsigned __int128)key.low * part->slots >> 64;
}

/* The slot that has @key, or the empty one where it is to go. */
static struct state_key *find(const struct visited_part *part, struct state_key key)
{
	size_t i = place(part, key);

	while (!is_empty(&part->slot[i]) &&
	       (part->slot[i].low != key.low || part->slot[i].high != key.high))
		i = i + 1 < part->slots ? i + 1 : 0;
	return &part->slot[i];
}

/* Room for @slots states in place of what @part has; false where that is too much. */
static bool resize(struct visited *visited, struct visited_part *part, size_t slots)
{
	struct visited_part bigger = { .slots = slots, .states = part->states };
	size_t bytes = slots * sizeof(*part->slot);

	if (visited->max_bytes && visited->bytes + bytes > visited->max_bytes)
		return false;
	bigger.slot = mallocx(bytes, heap_flags(visited));
	if (!bigger.slot)
		return false;
	for (size_t i = 0; i < part->slots; i++)
		if (!is_empty(&part->slot[i]))
			*find(&bigger, part->slot[i]) = part->slot[i];
	visited->bytes += bytes;
	if (part->slot) {
		visited->bytes -= part->slots * sizeof(*part->slot);
		sdallocx(part->slot, part->slots * sizeof(*part->slot), heap_flags(visited));
	}
	*part = bigger;
	return true;
}

bool visited_init(struct visited *visited, size_t max_bytes)
{
	memset(visited, 0, sizeof(*visited));
	if (!take_heap(&visited->heap))
		return false;
	for (int i = 0; i < VISITED_PARTS; i++)
		if (!resize(visited, &visited->part[i], FIRST_SLOTS))
			return false;
	visited->max_bytes = max_bytes;
	return true;
}

bool visited_reserve(struct visited *visited, size_t states)
{
	size_t slots = states / VISITED_PARTS / 3 * 4;

	for (int i = 0; i < VISITED_PARTS; i++) {
		struct visited_part *part = &visited->part[i];

		if (part->slots < slots && !resize(visited, part, slots))
			return false;
	}
	return true;
}

void visited_free(struct visited *visited)
{
	give_heap_back(visited->heap);
	memset(visited->part, 0, sizeof(visited->part));
}

void visited_expect(const struct visited *visited, struct state_key key)
{
	const struct visited_part *part = &visited->part[key.high % VISITED_PARTS];

	__builtin_prefetch(&part->slot[place(part, key)], 1);
}

enum visit visited_add(struct visited *visited, struct state_key key)
{
	struct visited_part *part = &visited->part[key.high % VISITED_PARTS];
	struct state_key *slot;

	if (!key.low && !key.high)
		key.low = 1;
	slot = find(part, key);
	if (!is_empty(slot))
		return VISIT_KNOWN;
	if (part->states + 1 > part->slots / 5 * 4) {
		if (!resize(visited, part, part->slots / 4 * 5))
			return VISIT_NO_MEMORY;
		slot = find(part, key);
	}
	*slot = key;
	part->states++;
	visited->states++;
	return VISIT_NEW;
}

bool visited_has(const struct visited *visited, struct state_key key)
{
	const struct visited_part *part = &visited->part[key.high % VISITED_PARTS];

	if (!key.low && !key.high)
		key.low = 1;
	return !is_empty(find(part, key));
}
