/* SPDX-License-Identifier: MIT */
#include "sched/snapshot.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define LINE	64

struct header {
	size_t used;		/* of the world */
	size_t lines;		/* that differ from the root */
};

static size_t lines_of(size_t used)
{
	return (used + LINE - 1) / LINE;
}

size_t snapshot_bound(const struct mmref_sim *sim)
{
	size_t bound = sizeof(struct header) +
		       lines_of(sim->world->used) * (LINE + sizeof(uint32_t));

	for (int i = 0; i < sim->nr_fibers; i++)
		bound += sim->fiber[i]->top - fiber_sp(sim->fiber[i]);
	return bound;
}

/* Beyond the root a line is compared with zeros. */
static bool line_differs(const struct mmref_sim *sim, size_t line)
{
	static const char zeros[LINE];
	const char *now = (const char *)sim->world + line * LINE;
	size_t at = line * LINE;

	if (at + LINE <= sim->root_used)
		return memcmp(now, sim->root + at, LINE);
	if (at >= sim->root_used)
		return memcmp(now, zeros, LINE);
	return true;
}

size_t snapshot_save(const struct mmref_sim *sim, char *to)
{
	struct header *header = (struct header *)to;
	char *at = to + sizeof(*header);

	*header = (struct header){ .used = sim->world->used };
	for (uint32_t line = 0; line < lines_of(header->used); line++) {
		if (!line_differs(sim, line))
			continue;
		memcpy(at, &line, sizeof(line));
		memcpy(at + sizeof(line), (const char *)sim->world + line * LINE, LINE);
		at += sizeof(line) + LINE;
		header->lines++;
	}
	for (int i = 0; i < sim->nr_fibers; i++) {
		const char *sp = fiber_sp(sim->fiber[i]);
		size_t size = sim->fiber[i]->top - sp;

		memcpy(at, sp, size);
		at += size;
	}
	return at - to;
}

/* The fibers lie in the world, so that each knows its stack pointer again before its stack. */
void snapshot_restore(struct mmref_sim *sim, const char *from)
{
	const struct header *header = (const struct header *)from;
	const char *at = from + sizeof(*header);
	size_t used = sim->world->used;

	memcpy(sim->world, sim->root, sim->root_used);
	if (used > sim->root_used)
		memset((char *)sim->world + sim->root_used, 0, used - sim->root_used);
	for (size_t i = 0; i < header->lines; i++) {
		uint32_t line;

		memcpy(&line, at, sizeof(line));
		memcpy((char *)sim->world + line * LINE, at + sizeof(line), LINE);
		at += sizeof(line) + LINE;
	}
	for (int i = 0; i < sim->nr_fibers; i++) {
		char *sp = fiber_sp(sim->fiber[i]);
		size_t size = sim->fiber[i]->top - sp;

		memcpy(sp, at, size);
		at += size;
	}
}

struct state_key snapshot_world_key(const struct mmref_sim *sim)
{
	XXH128_hash_t hash = XXH3_128bits(sim->world, sim->world->used);

	return (struct state_key){ .low = hash.low64, .high = hash.high64 };
}

struct state_key snapshot_key(const struct mmref_sim *sim)
{
	XXH128_hash_t hash = XXH3_128bits(sim->world, sim->world->used);

	for (int i = 0; i < sim->nr_fibers; i++) {
		const char *sp = fiber_sp(sim->fiber[i]);
		XXH128_hash_t stack = XXH3_128bits_withSeed(sp, sim->fiber[i]->top - sp,
							    hash.low64);

		hash.low64 ^= stack.low64;
		hash.high64 = (hash.high64 << 1 | hash.high64 >> 63) ^ stack.high64;
	}
	return (struct state_key){ .low = hash.low64, .high = hash.high64 };
}
