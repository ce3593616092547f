/* SPDX-License-Identifier: MIT */
/*
 * dev_pagemap: a device's memory made into struct pages, mm/memremap.c.
 *
 *	ref  = 1 + what the rule set takes at the start + GUP walks under way (old rules)
 *	         + 1 for each page that its driver has allocated
 *	done is completed when ref is killed and has reached 0
 *
 * A page that a driver allocates (device-private, device-coherent, p2pdma) has its
 * pgmap until it is free again. A reference to a page of the other types is in no rule
 * set of Linux a reference to its pgmap.
 */
#ifndef MM_MEMREMAP_H
#define MM_MEMREMAP_H

#include <mmref/linux/percpu-refcount.h>
#include <mmref/linux/wait.h>
#include <mmref/linux/mm_types.h>

struct page_ledger;
struct durability;
struct world;

/* What the driver is asked to do with its pages. */
struct dev_pagemap_ops {
	/* page_free(), folio_free() since v7.2: the count has reached 0. */
	void (*page_free)(struct folio *folio);
	/* A CPU faults on a page that it cannot reach, which is held. VM_FAULT_*. */
	unsigned int (*migrate_to_ram)(struct vm_fault *vmf, struct page *page);
};

struct dev_pagemap {
	struct percpu_ref ref;		/* first: its release finds the pgmap by it */
	struct completion done;
	enum mmref_memory_type type;
	unsigned int vmemmap_shift;	/* pages come as compounds of this order */
	const struct dev_pagemap_ops *ops;	/* or NULL */
	int slot;			/* in pgmap_array, and of the device */
	unsigned long start_pfn;
	unsigned long nr_pages;
	struct page *memmap;
	struct page_ledger *ledger;
	uint8_t *media;			/* the byte each page reads as */
	struct durability *durability;	/* and whether it would outlive the power */
};

/*
 * Room for a device of @nr_pages at slot @slot, in compounds of 2^@vmemmap_shift.
 * Before the run; NULL when the world is full.
 */
struct dev_pagemap *pgmap_new(struct world *world, int slot, enum mmref_memory_type type,
			      unsigned long nr_pages, unsigned int vmemmap_shift);

/* memremap_pages(): fresh struct pages, and a fresh reference. Takes no steps of its own. */
void memremap_pages(struct world *world, struct dev_pagemap *pgmap);

/* Kill the reference, wait for it alone, take the memmap away. Sleeps uninterruptibly. */
void memunmap_pages(struct dev_pagemap *pgmap);
/* The memmap and the way to the pgmap go; look-ups that are under way are over after it. */
void pageunmap_range(struct dev_pagemap *pgmap);

/* get_dev_pagemap(): the live pgmap that covers @pfn, referenced, or NULL. */
struct dev_pagemap *get_dev_pagemap(unsigned long pfn);
void put_dev_pagemap_at(const struct mmref_site *site, struct dev_pagemap *pgmap);

#define put_dev_pagemap(pgmap)	put_dev_pagemap_at(SITE("put_dev_pagemap"), pgmap)

/*
 * zone_device_page_init(): a free page becomes its driver's, counted 1 and locked; or
 * it is refused.
 */
bool zone_device_page_init(struct page *page);

/* Was ->ref killed? For checks, no step. */
bool pgmap_is_dying_peek(const struct dev_pagemap *pgmap);
/* The last of it: the count of @page, whose pgmap was (@dying) on its way out when it was asked. */
void zone_device_page_taken(struct page *page, bool dying);

/* pfn_len(): what a reference is taken for, a page or a compound. */
static inline unsigned long pgmap_len(const struct dev_pagemap *pgmap)
{
	return pgmap->nr_pages >> pgmap->vmemmap_shift;
}

static inline bool pgmap_has(const struct dev_pagemap *pgmap, unsigned long pfn)
{
	return pgmap && pfn - pgmap->start_pfn < pgmap->nr_pages;
}

#endif
