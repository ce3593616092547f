/* SPDX-License-Identifier: MIT */
#include "sched/symmetry.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sched/sim.h"

#define NOBODY	(-1)

static struct fingerprint hash(const void *bytes, size_t size, uint64_t seed)
{
	XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, size, seed);

	return (struct fingerprint){ .low = hash.low64, .high = hash.high64 };
}

static bool is_twin(const struct symmetry *symmetry, int task)
{
	return symmetry->twins & 1u << task;
}

/* --- the fibers in the world --------------------------------------------------- */

static void own_lines(struct mmref_sim *sim, int task)
{
	size_t first = ((char *)sim->fiber[task] - sim->memory.base) / MEMORY_LINE;

	memset(&sim->memory.symmetry.owner[first], task + 1, sizeof(struct fiber) / MEMORY_LINE);
}

bool symmetry_start(struct mmref_sim *sim)
{
	struct symmetry *symmetry = &sim->memory.symmetry;

	for (int i = 0; i < sim->nr_fibers; i++) {
		symmetry->class[i] = sim->symmetric_to[i];
		if (sim->symmetric_to[i] != i)
			symmetry->twins |= 1u << i | 1u << sim->symmetric_to[i];
	}
	if (!symmetry->twins)
		return true;
	symmetry->owner = calloc(MEMORY_LINES, 1);
	symmetry->scratch = malloc(sizeof(struct fiber) + ARENA_STACK);
	if (!symmetry->owner || !symmetry->scratch)
		return false;
	for (int i = 0; i < sim->nr_fibers; i++)
		if (is_twin(symmetry, i))
			own_lines(sim, i);
	return true;
}

void symmetry_end(struct mmref_sim *sim)
{
	free(sim->memory.symmetry.owner);
	free(sim->memory.symmetry.scratch);
}

/* The twin into whose fiber or stack @word points, or NOBODY. The top of a stack belongs to it. */
static int pointed_at(const struct mmref_sim *sim, uint64_t word)
{
	const struct symmetry *symmetry = &sim->memory.symmetry;
	uint64_t at = word - (uintptr_t)sim->memory.base;
	unsigned int task;

	if (at < ARENA_WORLD)
		return symmetry->owner[at / MEMORY_LINE] - 1;
	if (at - ARENA_WORLD > ARENA_STACKS * ARENA_STACK)
		return NOBODY;
	task = (at - ARENA_WORLD - 1) / ARENA_STACK;
	return task < ARENA_STACKS && is_twin(symmetry, task) ? (int)task : NOBODY;
}

static void count_pointers(struct mmref_sim *sim, const char *line, int change)
{
	for (size_t i = 0; i < MEMORY_LINE; i += sizeof(uint64_t)) {
		uint64_t word;
		int task;

		memcpy(&word, line + i, sizeof(word));
		task = pointed_at(sim, word);
		if (task != NOBODY)
			sim->memory.symmetry.pointers[task] += change;
	}
}

bool symmetry_line(struct mmref_sim *sim, size_t number, const char *before, const char *now)
{
	struct symmetry *symmetry = &sim->memory.symmetry;
	int owner = symmetry->owner[number];

	if (owner) {
		symmetry->changed |= 1u << (owner - 1);
		return true;
	}
	count_pointers(sim, before, -1);
	count_pointers(sim, now, 1);
	return false;
}

/* --- a task's own memory ------------------------------------------------------- */

/*
 * Replace each pointer into @task's own memory by its offset there. The other twins that @bytes
 * points to, by bit.
 */
static uint32_t make_relative(const struct mmref_sim *sim, int task, char *bytes, size_t size)
{
	const struct fiber *fiber = sim->fiber[task];
	uint32_t knows = 0;

	for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
		uint64_t word;
		int at;

		memcpy(&word, bytes + i, sizeof(word));
		at = pointed_at(sim, word);
		if (at == NOBODY)
			continue;
		knows |= 1u << at;
		if (at != task)
			continue;
		if (word - (uintptr_t)fiber < sizeof(*fiber))
			word = word - (uintptr_t)fiber + ARENA_STACK;
		else
			word = (uintptr_t)fiber->top - word;
		memcpy(bytes + i, &word, sizeof(word));
	}
	return knows & ~(1u << task);
}

struct task_name symmetry_task_name(struct mmref_sim *sim, int task)
{
	struct symmetry *symmetry = &sim->memory.symmetry;
	const struct fiber *fiber = sim->fiber[task];
	struct fiber *copy = (struct fiber *)symmetry->scratch;
	size_t size = fiber->top - fiber_sp(fiber);
	char *bytes = (char *)(copy + 1);
	struct task_name name;

	memcpy(bytes, fiber_sp(fiber), size);
	if (is_twin(symmetry, task)) {
		*copy = *fiber;
		copy->task.name = NULL;
		copy->task.id = 0;
		copy->top = NULL;
		bytes = (char *)copy;
		size += sizeof(*copy);
	}
	name.knows = make_relative(sim, task, bytes, size);
	name.key = hash(bytes, size, symmetry->class[task] + 1);
	return name;
}

/* --- the state ------------------------------------------------------------------ */

uint32_t symmetry_unknown(const struct mmref_sim *sim)
{
	const struct symmetry *symmetry = &sim->memory.symmetry;
	uint32_t known = 0;

	for (int i = 0; i < sim->nr_fibers; i++) {
		known |= sim->memory.task[i].knows;
		if (symmetry->pointers[i] || sim->fiber[i]->task.marks)
			known |= 1u << i;
	}
	return symmetry->twins & ~known;
}

struct fingerprint symmetry_fingerprint(const struct mmref_sim *sim)
{
	uint32_t twins = sim->memory.symmetry.twins, unknown = symmetry_unknown(sim);
	struct fingerprint sum = { 0 };

	for (; twins; twins &= twins - 1) {
		int task = __builtin_ctz(twins);
		struct fingerprint key = sim->memory.task[task].key;

		if (!(unknown & 1u << task))
			key = hash(&key, sizeof(key), ARENA_STACKS + task + 1);
		sum.low += key.low;
		sum.high += key.high;
	}
	return sum;
}

static bool are_in_one_place(const struct mmref_sim *sim, int a, int b)
{
	const struct task_name *name = sim->memory.task;

	return sim->memory.symmetry.class[a] == sim->memory.symmetry.class[b] &&
	       name[a].key.low == name[b].key.low && name[a].key.high == name[b].key.high;
}

unsigned int symmetry_enough(const struct mmref_sim *sim, unsigned int enabled)
{
	unsigned int unknown, enough = enabled;

	if (!sim->memory.symmetry.on)
		return enabled;
	unknown = symmetry_unknown(sim) & enabled;
	for (; unknown; unknown &= unknown - 1) {
		int first = __builtin_ctz(unknown);

		for (unsigned int rest = unknown & (unknown - 1); rest; rest &= rest - 1)
			if (are_in_one_place(sim, first, __builtin_ctz(rest)))
				enough &= ~(1u << __builtin_ctz(rest));
	}
	return enough;
}
