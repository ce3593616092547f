/* SPDX-License-Identifier: MIT */

#include <mmref/kernel.h>

#include "check/hooks.h"
#include "kernel/bodies.h"
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
	pgmap->media = world_alloc(world, nr_pages);
	if (!pgmap->memmap || !pgmap->media || !ledger_alloc(world, pgmap))
		return NULL;
	world->pgmaps[slot] = pgmap;
	world_add_area(world, pgmap->memmap, pgmap->memmap + nr_pages);
	return pgmap;
}
EXPORT_SYMBOL(pgmap_new);

/* Its last reference was put after it was killed. */
void (dev_pagemap_percpu_release)(struct percpu_ref *ref)
{
	struct dev_pagemap *pgmap = (struct dev_pagemap *)ref;

	complete(&pgmap->done);
}

/* Of the one range that a device has here. */
unsigned long (pfn_len)(struct dev_pagemap *pgmap)
{
	return pgmap->nr_pages >> pgmap->vmemmap_shift;
}

void memremap_begin_at(const struct mmref_site *site, struct dev_pagemap *pgmap)
{
	struct dev_pagemap **slot = &current->world->pgmap_array[pgmap->slot];

	announce(site, slot, sizeof(*slot), MMREF_WRITE, false);
	step_touches(&pgmap->ref, sizeof(pgmap->ref), MMREF_WRITE);
	step_touches(pgmap->memmap, pgmap->nr_pages * sizeof(*pgmap->memmap), MMREF_WRITE);
	ledger_touch_all(pgmap);
	step_touches(&devmap_managed_key, sizeof(devmap_managed_key), MMREF_WRITE);
	steps_off();
}
EXPORT_SYMBOL(memremap_begin_at);

void memremap_end(void)
{
	steps_on();
}
EXPORT_SYMBOL(memremap_end);

/* The memmap is there again, and reads as whatever it was before. */
static void arch_add_memory(struct dev_pagemap *pgmap)
{
	world_set_area(current->world, pgmap->memmap, NULL);
}

void pgmap_publish(struct dev_pagemap *pgmap)
{
	POKE(current->world->pgmap_array[pgmap->slot], pgmap);
	arch_add_memory(pgmap);
}
EXPORT_SYMBOL(pgmap_publish);

/* The pages have their references to the pgmap from here to memunmap_pages(). */
void (pagemap_range)(struct dev_pagemap *pgmap)
{
	pgmap_publish(pgmap);
	memmap_init_zone_device(pgmap);
	if (pgmap->type != MEMORY_DEVICE_PRIVATE && pgmap->type != MEMORY_DEVICE_COHERENT)
		percpu_ref_get_many(&pgmap->ref, pfn_len(pgmap));
}

/*
 * The memmap goes. From here on each access to one of its pages is an oops, and
 * whatever still names or holds one has outlived the device.
 */
static void arch_remove_memory(struct dev_pagemap *pgmap)
{
	const struct mmref_site *site = SITE("arch_remove_memory");

	announce(site, pgmap->memmap, pgmap->nr_pages * sizeof(struct page), MMREF_WRITE, false);
	ledger_touch_all(pgmap);
	world_set_area(current->world, pgmap->memmap, "the memmap was removed by memunmap_pages()");
	for (unsigned long i = 0; i < pgmap->nr_pages; i++)
		if (ledger_held(&pgmap->memmap[i]))
			violation(MMREF_USE_AFTER_UNPLUG, site, &pgmap->memmap[i],
				  "the memmap is removed under a page that is mapped or held");
}

/* No look-up finds the pgmap after it, and those under way are over. */
static void pgmap_array_delete(struct dev_pagemap *pgmap)
{
	WRITE_ONCE(current->world->pgmap_array[pgmap->slot], NULL);
	synchronize_rcu();
}

void (pageunmap_range)(struct dev_pagemap *pgmap)
{
	arch_remove_memory(pgmap);
	pgmap_array_delete(pgmap);
}

bool pgmap_is_dying_peek(const struct dev_pagemap *pgmap)
{
	step_touches(&pgmap->ref.percpu_count_ptr, sizeof(pgmap->ref.percpu_count_ptr),
		     MMREF_READ);
	return PEEK(pgmap->ref.percpu_count_ptr) & PERCPU_REF_DEAD;
}
EXPORT_SYMBOL(pgmap_is_dying_peek);

void zone_device_page_taken_at(const struct mmref_site *site, struct page *page, bool dying)
{
	folio_set_count_at(site, (struct folio *)page, 1);
	ledger_pass(site, page, HELD_BY_BASE, HELD_BY_TRANSIENT, 1);
	if (dying)
		violation(MMREF_NEW_AFTER_KILL, site, page,
			  "a page is allocated from a device that is being removed");
}
EXPORT_SYMBOL(zone_device_page_taken_at);

/* A cached @pgmap that covers @pfn is held already. */
struct dev_pagemap *(get_dev_pagemap)(unsigned long pfn, struct dev_pagemap *pgmap)
{
	struct world *world = current->world;

	if (pgmap) {
		if (pgmap_has(pgmap, pfn))
			return pgmap;
		put_dev_pagemap(pgmap);
	}

	pgmap = NULL;
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

void (put_dev_pagemap)(struct dev_pagemap *pgmap)
{
	if (pgmap)
		percpu_ref_put(&pgmap->ref);
}
