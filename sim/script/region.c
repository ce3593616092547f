/* SPDX-License-Identifier: MIT */
#include "region.h"

#include <stdlib.h>

#define CHUNK_SIZE	4096

struct chunk {
	struct chunk *next;
	size_t used;
	size_t size;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct region {
	struct chunk *chunk;	/* the newest; only it has room left */
	size_t left;		/* bytes that chunks may still take */
};

struct region *region_new(size_t limit)
{
	struct region *region = calloc(1, sizeof(*region));

	if (region)
		region->left = limit;
	return region;
}

void region_free(struct region *region)
{
	struct chunk *chunk, *next;

	if (!region)
		return;

	for (chunk = region->chunk; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(region);
}

static struct chunk *add_chunk(struct region *region, size_t size)
{
	struct chunk *chunk;

	if (size > region->left)
		return NULL;

	chunk = calloc(1, sizeof(*chunk) + size);
	if (!chunk)
		return NULL;
	chunk->size = size;
	chunk->next = region->chunk;
	region->chunk = chunk;
	region->left -= size;
	return chunk;
}

void *region_alloc(struct region *region, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	struct chunk *chunk = region->chunk;
	void *memory;

	/* Beyond this, rounding up would wrap around. */
	if (size > region->left + CHUNK_SIZE)
		return NULL;
	size = (size + align - 1) / align * align;

	if (!chunk || size > chunk->size - chunk->used)
		chunk = add_chunk(region, size > CHUNK_SIZE ? size : CHUNK_SIZE);
	if (!chunk)
		return NULL;

	memory = chunk->bytes + chunk->used;
	chunk->used += size;
	return memory;
}
