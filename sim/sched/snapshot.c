/* SPDX-License-Identifier: MIT */
#include "sched/snapshot.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

struct header {
	size_t nr_lines;		/* that differ from the root */
	struct fingerprint lines;
	struct task_name task[ARENA_STACKS];
};

size_t snapshot_bound(const struct mmref_sim *sim)
{
	size_t bound = sizeof(struct header) + sim->memory.nr_hot *
		       (MEMORY_PAGE / MEMORY_LINE) * sizeof(struct memory_line);

	for (int i = 0; i < sim->nr_fibers; i++)
		bound += sim->fiber[i]->top - fiber_sp(sim->fiber[i]);
	return bound;
}

/* Beyond the root a line is compared with zeros. */
static bool line_differs(const struct mmref_sim *sim, size_t at)
{
	static const char zeros[MEMORY_LINE];
	const char *root = at < sim->root_used ? sim->root + at : zeros;

	return memcmp((const char *)sim->world + at, root, MEMORY_LINE);
}

static struct memory_line *save_page(const struct mmref_sim *sim, size_t page,
				     struct memory_line *line)
{
	size_t at = page * MEMORY_PAGE, end = at + MEMORY_PAGE;

	for (; at < end; at += MEMORY_LINE) {
		if (!line_differs(sim, at))
			continue;
		line->number = at / MEMORY_LINE;
		line->name = sim->memory.name[line->number];
		memcpy(line->bytes, (const char *)sim->world + at, MEMORY_LINE);
		line++;
	}
	return line;
}

size_t snapshot_save(const struct mmref_sim *sim, char *to)
{
	struct header *header = (struct header *)to;
	struct memory_line *first = (struct memory_line *)(header + 1), *line = first;
	char *at;

	for (unsigned int i = 0; i < sim->memory.nr_hot; i++)
		line = save_page(sim, sim->memory.hot[i], line);
	header->nr_lines = line - first;
	header->lines = sim->memory.lines;
	memcpy(header->task, sim->memory.task, sizeof(header->task));
	at = (char *)line;
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
	const struct memory_line *line = (const struct memory_line *)(header + 1);
	const char *at = (const char *)(line + header->nr_lines);

	memory_reset(sim);
	for (size_t i = 0; i < header->nr_lines; i++, line++)
		memory_set_line(sim, line);
	sim->memory.lines = header->lines;
	memcpy(sim->memory.task, header->task, sizeof(header->task));
	sim->memory.symmetry.changed = 0;
	for (int i = 0; i < sim->nr_fibers; i++) {
		char *sp = fiber_sp(sim->fiber[i]);
		size_t size = sim->fiber[i]->top - sp;

		memcpy(sp, at, size);
		at += size;
	}
}

struct fingerprint snapshot_fingerprint(const struct mmref_sim *sim)
{
	XXH128_hash_t hash = XXH3_128bits(sim->world, sim->world->used);

	return (struct fingerprint){ .low = hash.low64, .high = hash.high64 };
}
