/* SPDX-License-Identifier: MIT */

#include <string.h>

#include <mmref/kernel.h>

#include "check/durable.h"
#include "check/ledger.h"
#include "world.h"

/* The first device starts here, each further one a good way above. pfn 0 is no device's. */
#define FIRST_PFN	0x48400UL
#define PFN_STRIDE	0x100000UL

struct dev_pagemap *pgmap_new(struct world *world, int slot, enum mmref_memory_type type,
			      unsigned long nr_pages, unsigned int vmemmap_shift)
{
	struct dev_pagemap *pgmap = world_new(world, struct dev_pagemap);

	if (!pgmap)
		return NULL;
	pgmap->type = type;
	pgmap->vmemmap_shift = vmemmap_shift;
	pgmap->slot = slot;
	pgmap->start_pfn = FIRST_PFN + slot * PFN_STRIDE;
	pgmap->nr_pages = nr_pages;
	pgmap->memmap = world_alloc(world, nr_pages * sizeof(*pgmap->memmap));
	pgmap->ledger = world_alloc(world, nr_pages * sizeof(*pgmap->ledger));
	pgmap->media = world_alloc(world, nr_pages);
	pgmap->durability = world_alloc(world, nr_pages * sizeof(*pgmap->durability));
	if (!pgmap->memmap || !pgmap->ledger || !pgmap->media || !pgmap->durability)
		return NULL;
	world->pgmaps[slot] = pgmap;
	world_add_area(world, pgmap->memmap, pgmap->memmap + nr_pages);
	return pgmap;
}

static struct dev_pagemap *pgmap_of_ref(struct percpu_ref *ref)
{
	return (struct dev_pagemap *)ref;
}

/* dev_pagemap_percpu_release() */
static void dev_pagemap_release(struct percpu_ref *ref)
{
	complete(&pgmap_of_ref(ref)->done);
}

/* memmap_init_zone_device() */
static void init_page(struct dev_pagemap *pgmap, unsigned long i)
{
	bool tail = i & ((1UL << pgmap->vmemmap_shift) - 1);
	int count = tail ? 0 : rules()->initial_count(pgmap->type);

	pgmap->memmap[i] = (struct page){
		._refcount = { count },
		._mapcount = { -1 },
		.pgmap = pgmap,
	};
	memset(&pgmap->ledger[i], 0, sizeof(pgmap->ledger[i]));
	pgmap->ledger[i].held[HELD_BY_BASE] = count;
}

/* One step for all of it: before it is over the driver gives no page of it away. */
static void announce_memremap(struct world *world, struct dev_pagemap *pgmap)
{
	struct dev_pagemap **slot = &world->pgmap_array[pgmap->slot];

	announce(SITE("memremap_pages"), slot, sizeof(*slot), MMREF_WRITE, false);
	step_touches(&pgmap->ref, sizeof(pgmap->ref), MMREF_WRITE);
	step_touches(pgmap->memmap, pgmap->nr_pages * sizeof(*pgmap->memmap), MMREF_WRITE);
	step_touches(pgmap->ledger, pgmap->nr_pages * sizeof(*pgmap->ledger), MMREF_WRITE);
}

void memremap_pages(struct world *world, struct dev_pagemap *pgmap)
{
	announce_memremap(world, pgmap);
	percpu_ref_init(&pgmap->ref, dev_pagemap_release);
	pgmap->done.done = false;
	world_set_area(world, pgmap->memmap, NULL);
	for (unsigned long i = 0; i < pgmap->nr_pages; i++)
		init_page(pgmap, i);
	for (unsigned long i = 0; pgmap->vmemmap_shift && i < pgmap->nr_pages;
	     i += 1UL << pgmap->vmemmap_shift)
		prep_compound_page(&pgmap->memmap[i], pgmap->vmemmap_shift);
	pgmap->ref.percpu_count += rules()->pgmap_references(pgmap);
	POKE(world->pgmap_array[pgmap->slot], pgmap);
}

/*
 * The memmap goes. From here on each access to one of its pages is an oops, and
 * whatever still names or holds one has outlived the device.
 */
static void arch_remove_memory(struct dev_pagemap *pgmap)
{
	const struct mmref_site *site = SITE("arch_remove_memory");

	announce(site, pgmap->memmap, pgmap->nr_pages * sizeof(struct page), MMREF_WRITE, false);
	step_touches(pgmap->ledger, pgmap->nr_pages * sizeof(*pgmap->ledger), MMREF_WRITE);
	world_set_area(current->world, pgmap->memmap, "the memmap was removed by memunmap_pages()");
	for (unsigned long i = 0; i < pgmap->nr_pages; i++)
		if (ledger_held(&pgmap->memmap[i]))
			violation(MMREF_USE_AFTER_UNPLUG, site, &pgmap->memmap[i],
				  "the memmap is removed under a page that is mapped or held");
}

void pageunmap_range(struct dev_pagemap *pgmap)
{
	arch_remove_memory(pgmap);
	WRITE_ONCE(current->world->pgmap_array[pgmap->slot], NULL);	/* pgmap_array_delete() */
	synchronize_rcu();
}

void memunmap_pages(struct dev_pagemap *pgmap)
{
	unsigned long references = rules()->pgmap_references(pgmap);

	percpu_ref_kill(&pgmap->ref);
	if (references)
		percpu_ref_put_many(&pgmap->ref, references);
	rules()->pgmap_teardown(pgmap);
}

bool pgmap_is_dying_peek(const struct dev_pagemap *pgmap)
{
	step_touches(&pgmap->ref.percpu_count_ptr, sizeof(pgmap->ref.percpu_count_ptr),
		     MMREF_READ);
	return PEEK(pgmap->ref.percpu_count_ptr) & PERCPU_REF_DEAD;
}

void zone_device_page_taken(struct page *page, bool dying)
{
	const struct mmref_site *site = SITE("set_page_count");

	folio_set_count_at(site, (struct folio *)page, 1);
	ledger_pass(site, page, HELD_BY_BASE, HELD_BY_TRANSIENT, 1);
	if (dying)
		violation(MMREF_NEW_AFTER_KILL, site, page,
			  "a page is allocated from a device that is being removed");
}

bool zone_device_page_init(struct page *page)
{
	if (!rules()->device_page_init(page))
		return false;
	lock_page(&page->flags);
	return true;
}

struct dev_pagemap *get_dev_pagemap(unsigned long pfn)
{
	struct dev_pagemap *pgmap = NULL;
	struct world *world = current->world;

	rcu_read_lock();
	for (int i = 0; i < MAX_DEVICES; i++) {
		if (!pgmap_has(world->pgmaps[i], pfn))
			continue;
		pgmap = READ_ONCE(world->pgmap_array[i]);	/* xa_load() */
		if (pgmap && !percpu_ref_tryget_live_rcu(&pgmap->ref))
			pgmap = NULL;
	}
	rcu_read_unlock();
	return pgmap;
}

void put_dev_pagemap_at(const struct mmref_site *site, struct dev_pagemap *pgmap)
{
	if (pgmap)
		percpu_ref_put_many_at(site, &pgmap->ref, 1);
}
