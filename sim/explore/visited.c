/* SPDX-License-Identifier: MIT */
#include "explore/visited.h"

#include <errno.h>
#include <jemalloc/jemalloc.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define FIRST_SLOTS	((size_t)1 << 8)

/*
 * Address space for the slots of a shared part. Each part has two: growing moves from one to the
 * other.
 */
#define SHARED_ROOM	((size_t)2 << 30)
#define LENGTH		UINT64_C(0xffff)
#define MOST_SPINS	1000	/* on a lock, before it sleeps for it */
#define LONGEST_WAIT	20	/* seconds for the lock of a part */

static int heap_flags(const struct visited *visited)
{
	return MALLOCX_ARENA(visited->heap) | MALLOCX_TCACHE_NONE | MALLOCX_ZERO;
}

/*
 * Unused arenas. Destroying one leaves its first block mapped, so a few are emptied and used
 * again.
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

static bool is_empty(const struct fingerprint *slot)
{
	return !slot->low && !slot->high;
}

/* The first slot to try. Slots are ordered by fingerprint, so growing moves entries a short way. */
static size_t place(const struct visited_part *part, struct fingerprint fp)
{
	return (unsigned __int128)fp.low * part->slots >> 64;
}

/* The slot that has @fp in the bits of @mask, or the empty slot where it belongs. */
static struct fingerprint *find(const struct visited_part *part, struct fingerprint fp,
				uint64_t mask)
{
	size_t i = place(part, fp);

	while (!is_empty(&part->slot[i]) &&
	       (part->slot[i].low != fp.low || (part->slot[i].high ^ fp.high) & mask))
		i = i + 1 < part->slots ? i + 1 : 0;
	return &part->slot[i];
}

static bool is_shared(const struct visited *visited)
{
	return visited->part != visited->own;
}

/* The top bits select the part; the distance of a shared set is in the low bits. */
static struct visited_part *part_of(const struct visited *visited, struct fingerprint fp)
{
	return &visited->part[fp.high / (UINT64_MAX / VISITED_PARTS + 1)];
}

/* --- room ----------------------------------------------------------------------- */

/* @bytes zeroed bytes for new slots of @part. */
static struct fingerprint *take_slots(struct visited *visited, struct visited_part *part,
				    size_t bytes)
{
	char *first = part->half;

	if (!is_shared(visited))
		return mallocx(bytes, heap_flags(visited));
	if (bytes > SHARED_ROOM)
		return NULL;
	return (struct fingerprint *)((char *)part->slot == first ? first + SHARED_ROOM : first);
}

static void give_slots_back(struct visited *visited, struct fingerprint *slot, size_t bytes)
{
	if (!is_shared(visited))
		sdallocx(slot, bytes, heap_flags(visited));
	else
		madvise(slot, (bytes + MEMORY_PAGE - 1) & ~(size_t)(MEMORY_PAGE - 1), MADV_REMOVE);
}

/* Give @part @slots slots. False if that exceeds the limit. */
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

static bool init_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attributes;
	bool ok;

	if (pthread_mutexattr_init(&attributes))
		return false;
	ok = !pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) &&
	     !pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) &&
	     !pthread_mutex_init(lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return ok;
}

/* Unmap what visited_init_shared() mapped, and leave an empty set. */
static void unmap_shared(struct visited *visited, char *room)
{
	if (room)
		munmap(room, shared_size());
	if (visited->part)
		munmap(visited->part, sizeof(visited->own));
	visited->part = visited->own;
}

bool visited_init_shared(struct visited *visited, size_t max_bytes)
{
	char *room;

	memset(visited, 0, sizeof(*visited));
	visited->mask = ~LENGTH;
	visited->part = map_shared(sizeof(visited->own));
	room = map_shared(shared_size());
	if (!visited->part || !room) {
		unmap_shared(visited, room);
		return false;
	}
	for (int i = 0; i < VISITED_PARTS; i++) {
		visited->part[i].half = room + i * 2 * SHARED_ROOM;
		if (!init_lock(&visited->part[i].lock) ||
		    !resize(visited, &visited->part[i], FIRST_SLOTS)) {
			unmap_shared(visited, room);
			return false;
		}
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
		visited->bytes += visited->part[i].slots * sizeof(struct fingerprint);
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
	if (is_shared(visited))
		unmap_shared(visited, visited->part[0].half);
	else if (visited->own[0].slot)
		give_heap_back(visited->heap);
	memset(visited->own, 0, sizeof(visited->own));
}

/* --- states --------------------------------------------------------------------- */

void visited_expect(const struct visited *visited, struct fingerprint fp)
{
	const struct visited_part *part = part_of(visited, fp);

	__builtin_prefetch(&part->slot[place(part, fp)], 1);
}

/* Add *@fp. If it is known, *@fp becomes what the slot has. */
static enum visit add(struct visited *visited, struct visited_part *part, struct fingerprint *fp)
{
	struct fingerprint *slot = find(part, *fp, visited->mask);

	if (!is_empty(slot)) {
		*fp = *slot;
		return VISIT_KNOWN;
	}
	if (part->states + 1 > part->slots / 5 * 4) {
		if (!resize(visited, part, part->slots / 4 * 5))
			return VISIT_NO_MEMORY;
		slot = find(part, *fp, visited->mask);
	}
	*slot = *fp;
	part->states++;
	return VISIT_NEW;
}

static struct fingerprint not_empty(struct fingerprint fp)
{
	if (!fp.low)
		fp.low = 1;
	return fp;
}

enum visit visited_add(struct visited *visited, struct fingerprint fp)
{
	enum visit visit;

	fp = not_empty(fp);
	visit = add(visited, part_of(visited, fp), &fp);
	visited->states += visit == VISIT_NEW;
	return visit;
}

/*
 * False with EOWNERDEAD, and ENOTRECOVERABLE after that. A kernel that tells nobody of a death
 * while the lock is taken or given back leaves the others waiting: hence the limit, far above
 * what growing a part takes.
 */
static bool lock(struct visited_part *part)
{
	int error = pthread_mutex_trylock(&part->lock);
	struct timespec until;

	/* An owner lets go within a microsecond, unless it grows the part or has lost its CPU. */
	for (int spins = 0; error == EBUSY && spins < MOST_SPINS; spins++) {
		sched_yield();
		error = pthread_mutex_trylock(&part->lock);
	}
	if (error != EBUSY)
		return !error;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LONGEST_WAIT;
	return !pthread_mutex_timedlock(&part->lock, &until);
}

enum visit visited_add_shared(struct visited *visited, struct fingerprint fp, uint16_t *length)
{
	struct visited_part *part = part_of(visited, fp);
	enum visit visit;

	fp = not_empty(fp);
	fp.high = (fp.high & ~LENGTH) | *length;
	if (!lock(part)) {
		pthread_mutex_unlock(&part->lock);
		return VISIT_BROKEN;
	}
	visit = add(visited, part, &fp);
	pthread_mutex_unlock(&part->lock);
	*length = fp.high & LENGTH;
	return visit;
}

bool visited_has(const struct visited *visited, struct fingerprint fp)
{
	fp = not_empty(fp);
	return !is_empty(find(part_of(visited, fp), fp, visited->mask));
}
