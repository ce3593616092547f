/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <mmref/linux/bug.h>
#include <mmref/linux/dispatch.h>
#include <mmref/linux/step.h>
#include <mmref/linux/memremap.h>
#include <mmref/linux/mm_types.h>

/* A folio of zeros: one reference, which is never put. */
static struct page *new_zero_folio(struct world *world, unsigned int order)
{
	struct page *page = world_alloc(world, sizeof(*page) << order);

	for (unsigned long i = 0; page && i < 1UL << order; i++)
		page[i] = (struct page){ ._refcount = { !i }, ._mapcount = { -1 } };
	return page;
}

struct page *world_huge_zero_folio(struct world *world)
{
	struct page *page = PEEK(world->huge_zero_folio), *mine;

	if (page)
		return page;
	mine = new_zero_folio(world, world->pmd_order);
	if (!mine)
		return NULL;
	prep_compound_page(mine, world->pmd_order);
	if (POKE_TRY_CMPXCHG(world->huge_zero_folio, &page, mine))
		return mine;
	return page;
}

struct world *world_init(void *memory, size_t size, const struct mmref_rules *rules)
{
	struct world *world = memory;

	if (size < WORLD_OBJECTS)
		return NULL;
	world->rules = rules;
	world->size = size;
	world->used = WORLD_OBJECTS;
	world->pmd_order = 3;
	world->zero_page = new_zero_folio(world, 0);
	return world;
}

void *mmref_rule_state(size_t size)
{
	if (size > MMREF_RULE_STATE)
		kernel_bug(SITE("mmref_rule_state"), NULL, "a rule set asks for too much state");
	return current->world->rule_state;
}

int world_free_slot(const struct world *world)
{
	for (int slot = 0; slot < MAX_DEVICES; slot++)
		if (!world->pgmaps[slot])
			return slot;
	return -1;
}

void *world_alloc(struct world *world, size_t size)
{
	size_t rounded = (size + 15) & ~(size_t)15;
	size_t at;

	if (size > world->size)
		return NULL;
	if (current_task)
		step_touches(&world->used, sizeof(world->used), MMREF_WRITE);
	at = POKE_ADD_RETURN(world->used, rounded) - rounded;
	if (at > world->size - rounded) {
		POKE_ADD_RETURN(world->used, -rounded);
		return NULL;
	}
	return (char *)world + at;
}

static bool area_has(const struct memory_area *area, const volatile void *address)
{
	const volatile char *at = address;

	return at >= (const char *)area->start && at < (const char *)area->end;
}

const struct memory_area *world_absent_area(const struct world *world,
					    const volatile void *address)
{
	for (int i = 0; i < MAX_AREAS && world->areas[i].start; i++)
		if (PEEK(world->areas[i].gone) && area_has(&world->areas[i], address))
			return &world->areas[i];
	return NULL;
}

void world_add_area(struct world *world, const void *start, const void *end)
{
	for (int i = 0; i < MAX_AREAS; i++) {
		if (world->areas[i].start)
			continue;
		world->areas[i].start = start;
		world->areas[i].end = end;
		return;
	}
}

void world_set_area(struct world *world, const void *start, const char *gone)
{
	for (int i = 0; i < MAX_AREAS; i++)
		if (world->areas[i].start == start)
			POKE(world->areas[i].gone, gone);
}

const struct page *world_page_at(const struct world *world, const volatile void *address)
{
	for (int i = 0; i < MAX_DEVICES; i++) {
		const struct dev_pagemap *pgmap = world->pgmaps[i];
		const volatile char *at = address;

		if (!pgmap || at < (const char *)pgmap->memmap ||
		    at >= (const char *)(pgmap->memmap + pgmap->nr_pages))
			continue;
		return &pgmap->memmap[(at - (const char *)pgmap->memmap) / sizeof(struct page)];
	}
	return NULL;
}
