/* SPDX-License-Identifier: MIT */
#include "explore/visited.h"

#include <jemalloc/jemalloc.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define FIRST_SLOTS	((size_t)1 << 8)

/* Bytes of addresses for the slots of a shared part, twice: the old ones and the new. */
#define SHARED_ROOM	((size_t)2 << 30)
#define LENGTH		UINT64_C(0xffff)

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

/* The slot that has @key in the bits of @mask, or the empty one where it is to go. */
static struct state_key *find(const struct visited_part *part, struct state_key key, uint64_t mask)
{
	size_t i = place(part, key);

	while (!is_empty(&part->slot[i]) &&
	       (part->slot[i].low != key.low || (part->slot[i].high ^ key.high) & mask))
		i = i + 1 < part->slots ? i + 1 : 0;
	return &part->slot[i];
}

static bool is_shared(const struct visited *visited)
{
	return visited->part != visited->own;
}

/* The parts lie in the order of the top bits of a key, which are never its length. */
static struct visited_part *part_of(const struct visited *visited, struct state_key key)
{
	return &visited->part[key.high / (UINT64_MAX / VISITED_PARTS + 1)];
}

/* --- room ----------------------------------------------------------------------- */

/* @bytes zeroed bytes for slots of @part, which has others as long. */
static struct state_key *take_slots(struct visited *visited, struct visited_part *part,
				    size_t bytes)
{
	char *first = part->half;

	if (!is_shared(visited))
		return mallocx(bytes, heap_flags(visited));
	if (bytes > SHARED_ROOM)
		return NULL;
	return (struct state_key *)((char *)part->slot == first ? first + SHARED_ROOM : first);
}

static void give_slots_back(struct visited *visited, struct state_key *slot, size_t bytes)
{
	if (!is_shared(visited))
		sdallocx(slot, bytes, heap_flags(visited));
	else
		madvise(slot, (bytes + MEMORY_PAGE - 1) & ~(size_t)(MEMORY_PAGE - 1), MADV_REMOVE);
}

/* Room for @slots states in place of what @part has; false where that is too much. */
static bool resize(struct visited *visited, struct visited_part *part, size_t slots)
{
	struct visited_part bigger = { .slots = slots };
	size_t bytes = slots * sizeof(*part->slot);

	if (is_shared(visited))
		visited_count(visited);
	if (visited->max_bytes && visited->bytes + bytes > visited->max_bytes)
		return false;
	bigger.slot = take_slots(visited, part, bytes);
	if (!bigger.slot)
		return false;
	for (size_t i = 0; i < part->slots; i++)
		if (!is_empty(&part->slot[i]))
			*find(&bigger, part->slot[i], visited->mask) = part->slot[i];
	visited->bytes += bytes;
	if (part->slot) {
		visited->bytes -= part->slots * sizeof(*part->slot);
		give_slots_back(visited, part->slot, part->slots * sizeof(*part->slot));
	}
	part->slot = bigger.slot;
	part->slots = slots;
	return true;
}

bool visited_init(struct visited *visited, size_t max_bytes)
{
	memset(visited, 0, sizeof(*visited));
	visited->part = visited->own;
	visited->mask = UINT64_MAX;
	if (!take_heap(&visited->heap))
		return false;
	for (int i = 0; i < VISITED_PARTS; i++)
		if (!resize(visited, &visited->part[i], FIRST_SLOTS))
			return false;
	visited->max_bytes = max_bytes;
	return true;
}

static void *map_shared(size_t size)
{
	void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return bytes == MAP_FAILED ? NULL : bytes;
}

static size_t shared_size(void)
{
	return VISITED_PARTS * 2 * SHARED_ROOM;
}

bool visited_init_shared(struct visited *visited, size_t max_bytes)
{
	char *room;

	memset(visited, 0, sizeof(*visited));
	visited->mask = ~LENGTH;
	visited->part = map_shared(sizeof(visited->own));
	room = map_shared(shared_size());
	if (!visited->part || !room)
		return false;
	for (int i = 0; i < VISITED_PARTS; i++) {
		visited->part[i].half = room + i * 2 * SHARED_ROOM;
		if (!resize(visited, &visited->part[i], FIRST_SLOTS))
			return false;
	}
	visited->max_bytes = max_bytes;
	return true;
}

void visited_count(struct visited *visited)
{
	visited->states = 0;
	visited->bytes = 0;
	for (int i = 0; i < VISITED_PARTS; i++) {
		visited->states += visited->part[i].states;
		visited->bytes += visited->part[i].slots * sizeof(struct state_key);
	}
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
	if (is_shared(visited)) {
		munmap(visited->part[0].half, shared_size());
		munmap(visited->part, sizeof(visited->own));
		visited->part = visited->own;
	} else {
		give_heap_back(visited->heap);
	}
	memset(visited->own, 0, sizeof(visited->own));
}

/* --- states --------------------------------------------------------------------- */

void visited_expect(const struct visited *visited, struct state_key key)
{
	const struct visited_part *part = part_of(visited, key);

	__builtin_prefetch(&part->slot[place(part, key)], 1);
}

/* @key where it was not; what was there of it, where it was. */
static enum visit add(struct visited *visited, struct visited_part *part, struct state_key *key)
{
	struct state_key *slot = find(part, *key, visited->mask);

	if (!is_empty(slot)) {
		*key = *slot;
		return VISIT_KNOWN;
	}
	if (part->states + 1 > part->slots / 5 * 4) {
		if (!resize(visited, part, part->slots / 4 * 5))
			return VISIT_NO_MEMORY;
		slot = find(part, *key, visited->mask);
	}
	*slot = *key;
	part->states++;
	return VISIT_NEW;
}

static struct state_key not_empty(struct state_key key)
{
	if (!key.low)
		key.low = 1;
	return key;
}

enum visit visited_add(struct visited *visited, struct state_key key)
{
	enum visit visit;

	key = not_empty(key);
	visit = add(visited, part_of(visited, key), &key);
	visited->states += visit == VISIT_NEW;
	return visit;
}

static void lock(struct visited_part *part)
{
	while (atomic_flag_test_and_set_explicit(&part->locked, memory_order_acquire))
		sched_yield();
}

enum visit visited_add_shared(struct visited *visited, struct state_key key, uint16_t *length)
{
	struct visited_part *part = part_of(visited, key);
	enum visit visit;

	key = not_empty(key);
	key.high = (key.high & ~LENGTH) | *length;
	lock(part);
	visit = add(visited, part, &key);
	atomic_flag_clear_explicit(&part->locked, memory_order_release);
	*length = key.high & LENGTH;
	return visit;
}

bool visited_has(const struct visited *visited, struct state_key key)
{
	key = not_empty(key);
	return !is_empty(find(part_of(visited, key), key, visited->mask));
}
