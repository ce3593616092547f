/* SPDX-License-Identifier: MIT */
#include "sched/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sched/guard.h"
#include "sched/sim.h"

/* --- which pages are written to ------------------------------------------ */

/* The memories watched by this thread of the using program; a simulation may lie within another. */
static _Thread_local struct memory *watched;

static struct memory *memory_at(const char *address)
{
	struct memory *memory = watched;

	while (memory && (size_t)(address - memory->base) >= ARENA_WORLD)
		memory = memory->outer;
	return memory;
}

static bool is_hot(const struct memory *memory, size_t page)
{
	for (unsigned int i = 0; i < memory->nr_hot; i++)
		if (memory->hot[i] == page)
			return true;
	return false;
}

/* The page is hot from now on, and was as it is until now. */
bool memory_first_write(const char *address)
{
	struct memory *memory = memory_at(address);
	size_t page;

	if (!memory)
		return false;
	page = (address - memory->base) / MEMORY_PAGE;
	if (is_hot(memory, page))
		return false;
	mprotect(memory->base + page * MEMORY_PAGE, MEMORY_PAGE, PROT_READ | PROT_WRITE);
	memcpy(memory->before + page * MEMORY_PAGE, memory->base + page * MEMORY_PAGE, MEMORY_PAGE);
	memory->hot[memory->nr_hot++] = page;
	return true;
}

/* @size bytes, which cost nothing until they are written to; or NULL. */
static void *map_zeroes(size_t size)
{
	void *zeroes = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return zeroes == MAP_FAILED ? NULL : zeroes;
}

bool memory_watch(struct mmref_sim *sim)
{
	struct memory *memory = &sim->memory;

	memory->base = (char *)sim->world;
	memory->before = map_zeroes(ARENA_WORLD);
	memory->name = map_zeroes(MEMORY_LINES * sizeof(*memory->name));
	if (!memory->before || !memory->name)
		return false;
	if (!symmetry_start(sim))
		return false;
	guard_listen();
	memory->outer = watched;
	watched = memory;
	return !mprotect(memory->base, ARENA_WORLD, PROT_READ);
}

void memory_unwatch(struct mmref_sim *sim)
{
	struct memory *memory = &sim->memory, **link = &watched;

	while (*link && *link != memory)
		link = &(*link)->outer;
	if (*link)
		*link = memory->outer;
	if (memory->before)
		munmap(memory->before, ARENA_WORLD);
	if (memory->name)
		munmap(memory->name, MEMORY_LINES * sizeof(*memory->name));
	symmetry_end(sim);
	free(memory->log);
}

/* --- what a step changed ------------------------------------------------- */

static struct fingerprint add(struct fingerprint a, struct fingerprint b)
{
	return (struct fingerprint){ .low = a.low + b.low, .high = a.high + b.high };
}

static struct fingerprint sub(struct fingerprint a, struct fingerprint b)
{
	return (struct fingerprint){ .low = a.low - b.low, .high = a.high - b.high };
}

static struct fingerprint hash(const void *bytes, size_t size, uint64_t place)
{
	XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, size, place);

	return (struct fingerprint){ .low = hash.low64, .high = hash.high64 };
}

/* Room for @size more bytes of the log, or the end of the program: a search is not to go wrong. */
static void *log_room(struct memory *memory, size_t size)
{
	if (memory->used + size > memory->size) {
		size_t more = (memory->used + size) * 2;
		char *log = realloc(memory->log, more);

		if (!log)
			abort();
		memory->log = log;
		memory->size = more;
	}
	return memory->log + memory->used;
}

static void note_line(struct mmref_sim *sim, uint32_t number)
{
	struct memory *memory = &sim->memory;
	char *now = memory->base + (size_t)number * MEMORY_LINE;
	char *before = memory->before + (size_t)number * MEMORY_LINE;
	struct memory_line *line = log_room(memory, sizeof(*line));
	struct fingerprint *name = &memory->name[number];

	line->number = number;
	line->name = *name;
	memcpy(line->bytes, before, MEMORY_LINE);
	memcpy(before, now, MEMORY_LINE);
	memory->used += sizeof(*line);
	if (memory->unnamed ||
	    (memory->symmetry.on && symmetry_line(sim, number, line->bytes, now)))
		return;
	if (!name->low && !name->high)
		*name = hash(line->bytes, MEMORY_LINE, number);
	memory->lines = sub(memory->lines, *name);
	*name = hash(now, MEMORY_LINE, number);
	memory->lines = add(memory->lines, *name);
}

_Static_assert(sizeof(struct world) <= WORLD_OBJECTS && WORLD_OBJECTS == MEMORY_PAGE,
	       "struct world has a page to itself");

/* How many bytes of a page are in use, of a world of @used bytes. */
static size_t in_use(size_t page, size_t used)
{
	size_t start = page * MEMORY_PAGE, end = page ? used : sizeof(struct world);
	size_t lines = end > start ? (end - start + MEMORY_LINE - 1) / MEMORY_LINE : 0;

	return lines * MEMORY_LINE < MEMORY_PAGE ? lines * MEMORY_LINE : MEMORY_PAGE;
}

static unsigned int look_at_page(struct mmref_sim *sim, size_t page)
{
	const struct memory *memory = &sim->memory;
	size_t at = page * MEMORY_PAGE, nr = in_use(page, sim->world->used) / MEMORY_LINE;
	uint64_t differ = differing_lines(memory->base + at, memory->before + at, nr);

	nr = __builtin_popcountll(differ);
	for (; differ; differ &= differ - 1)
		note_line(sim, at / MEMORY_LINE + __builtin_ctzll(differ));
	return nr;
}

static struct fingerprint stack_key(const struct mmref_sim *sim, int task)
{
	const char *sp = fiber_sp(sim->fiber[task]);

	return hash(sp, sim->fiber[task]->top - sp, task + 1);
}

static struct task_name task_name(struct mmref_sim *sim, int task)
{
	if (sim->memory.symmetry.on)
		return symmetry_task_name(sim, task);
	return (struct task_name){ .key = stack_key(sim, task) };
}

/* Others than @task whose fibers were written to: their own memory has another name. */
static void rename_changed(struct mmref_sim *sim, int task)
{
	uint32_t changed = sim->memory.symmetry.changed & ~(1u << task);

	for (; changed; changed &= changed - 1) {
		int other = __builtin_ctz(changed);

		sim->memory.task[other] = symmetry_task_name(sim, other);
	}
	sim->memory.symmetry.changed = 0;
}

static struct memory_change *last_change(const struct memory *memory)
{
	return (struct memory_change *)(memory->log + memory->last);
}

/* How many lines differ from what they were at the last look: they are noted. */
static unsigned int look(struct mmref_sim *sim)
{
	struct memory *memory = &sim->memory;
	unsigned int nr = 0;

	for (unsigned int i = 0; i < memory->nr_hot; i++)
		nr += look_at_page(sim, memory->hot[i]);
	memory->unseen = false;
	return nr;
}

/* What has changed since the last look belongs to the last change. */
static void see(struct mmref_sim *sim)
{
	struct memory *memory = &sim->memory;
	unsigned int nr;

	if (!memory->unseen)
		return;
	memory->fresh = memory->used;
	nr = look(sim);
	last_change(memory)->nr_lines += nr;	/* the log may have moved */
}

void memory_begin_run(struct mmref_sim *sim)
{
	struct memory *memory = &sim->memory;

	memory->unseen = true;
	memory_forget(sim);
	for (int i = 0; i < sim->nr_fibers; i++)
		memory->task[i] = task_name(sim, i);
	memory->symmetry.changed = 0;
}

void memory_forget(struct mmref_sim *sim)
{
	if (sim->memory.unseen)
		look(sim);
	sim->memory.last = 0;
	sim->memory.used = 0;
}

/* Frames leave no gaps as wide as this; those that do cost states, and no behaviours. */
#define GAP	((size_t)512)

/*
 * What other steps left below the stack in use would come to lie in this one's
 * frames: a step is to lead to one state, whatever was tried before it.
 */
static void clear_dead(const struct fiber *fiber)
{
	static const char zeroes[GAP];
	char *end = fiber->top - fiber->size, *at = fiber_sp(fiber);

	while ((size_t)(at - end) >= GAP) {
		at -= GAP;
		if (!memcmp(at, zeroes, GAP))
			break;
		memset(at, 0, GAP);
	}
}

void memory_before_step(struct mmref_sim *sim, int task)
{
	struct memory *memory = &sim->memory;
	const char *sp = fiber_sp(sim->fiber[task]);
	size_t size = sim->fiber[task]->top - sp;
	struct memory_change *change;

	see(sim);
	change = log_room(memory, sizeof(*change) + size);
	if (!memory->unnamed)
		clear_dead(sim->fiber[task]);

	*change = (struct memory_change){
		.previous = memory->last,
		.lines = memory->lines,
		.name = memory->task[task],
		.stack_size = size,
		.task = task,
	};
	memcpy(change + 1, sp, size);
	memory->last = memory->used;
	memory->used += sizeof(*change) + size;
}

void memory_after_step(struct mmref_sim *sim, int task)
{
	sim->memory.unseen = true;
	if (sim->memory.unnamed)
		return;
	see(sim);
	sim->memory.task[task] = task_name(sim, task);
	rename_changed(sim, task);
}

const struct memory_line *memory_changed(struct mmref_sim *sim, size_t *nr)
{
	const struct memory *memory = &sim->memory;

	see(sim);
	*nr = (memory->used - memory->fresh) / sizeof(struct memory_line);
	return (const void *)(memory->log + memory->fresh);
}

void memory_set_line(struct mmref_sim *sim, const struct memory_line *line)
{
	size_t at = line->number * MEMORY_LINE;

	if (sim->memory.symmetry.on)
		symmetry_line(sim, line->number, sim->memory.base + at, line->bytes);
	memcpy(sim->memory.base + at, line->bytes, MEMORY_LINE);
	memcpy(sim->memory.before + at, line->bytes, MEMORY_LINE);
	sim->memory.name[line->number] = line->name;
}

/* What has changed since the last look was never noted. */
static void undo_unseen(struct mmref_sim *sim)
{
	struct memory *memory = &sim->memory;
	size_t used = sim->world->used;

	for (unsigned int i = 0; i < memory->nr_hot; i++) {
		size_t at = (size_t)memory->hot[i] * MEMORY_PAGE;

		/* a memcpy() of no more than a page is one that gcc makes its own of, and slower */
		memmove(memory->base + at, memory->before + at, in_use(memory->hot[i], used));
	}
	memory->unseen = false;
}

/* The fibers lie in the world, so that each knows its stack pointer again before its stack. */
void memory_undo(struct mmref_sim *sim)
{
	struct memory *memory = &sim->memory;
	const struct memory_change *change = last_change(memory);
	const char *stack = (const char *)(change + 1);
	const struct memory_line *line = (const void *)(stack + change->stack_size);

	if (memory->unseen)
		undo_unseen(sim);
	for (uint32_t i = change->nr_lines; i--;)
		memory_set_line(sim, &line[i]);
	memcpy(fiber_sp(sim->fiber[change->task]), stack, change->stack_size);
	memory->lines = change->lines;
	memory->task[change->task] = change->name;
	rename_changed(sim, change->task);
	memory->used = memory->last;
	memory->last = change->previous;
}

/* What lies beyond the root was zero when it was written to first. */
void memory_reset(struct mmref_sim *sim)
{
	struct memory *memory = &sim->memory;

	for (unsigned int i = 0; i < memory->nr_hot; i++) {
		size_t at = (size_t)memory->hot[i] * MEMORY_PAGE;

		if (at < sim->root_used)
			memcpy(memory->base + at, sim->root + at, MEMORY_PAGE);
		else
			memset(memory->base + at, 0, MEMORY_PAGE);
		memcpy(memory->before + at, memory->base + at, MEMORY_PAGE);
		memset(&memory->name[at / MEMORY_LINE], 0,
		       MEMORY_PAGE / MEMORY_LINE * sizeof(*memory->name));
	}
	memset(memory->symmetry.pointers, 0, sizeof(memory->symmetry.pointers));
	memory->lines = (struct fingerprint){ 0 };
	memory->unseen = false;
	memory->last = 0;
	memory->used = 0;
}

struct fingerprint memory_fingerprint_now(const struct mmref_sim *sim)
{
	const struct memory *memory = &sim->memory;
	struct fingerprint key = { 0 };

	for (unsigned int i = 0; i < memory->nr_hot; i++)
		key = add(key, hash(memory->base + (size_t)memory->hot[i] * MEMORY_PAGE, MEMORY_PAGE,
				    memory->hot[i]));
	for (int i = 0; i < sim->nr_fibers; i++)
		key = add(key, stack_key(sim, i));
	return key;
}

struct fingerprint memory_fingerprint(const struct mmref_sim *sim)
{
	const struct memory *memory = &sim->memory;
	uint32_t twins = memory->symmetry.on ? memory->symmetry.twins : 0;
	struct fingerprint key = memory->lines;

	for (int i = 0; i < sim->nr_fibers; i++)
		if (!(twins & 1u << i))
			key = add(key, memory->task[i].key);
	return twins ? add(key, symmetry_fingerprint(sim)) : key;
}
