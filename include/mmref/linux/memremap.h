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
	/* A CPU faults on vmf->page, which it cannot reach, and which is held. VM_FAULT_*. */
	unsigned int (*migrate_to_ram)(struct vm_fault *vmf);
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

/*
 * memremap_pages() is one step, between these two: the driver gives no page away before it is
 * over. The code in between reads like the kernel's; other tasks see all of it or nothing.
 */
void memremap_begin_at(const struct mmref_site *site, struct dev_pagemap *pgmap);
void memremap_end(void);
/* xa_store_range() and arch_add_memory() of pagemap_range(). */
void pgmap_publish(struct dev_pagemap *pgmap);

/* Was ->ref killed? For checks, no step. */
bool pgmap_is_dying_peek(const struct dev_pagemap *pgmap);
/*
 * set_page_count(page, 1) of zone_device_page_init(): the caller holds the free @page. @dying: the
 * pgmap was killed before it was asked, and the allocation is a violation.
 */
void zone_device_page_taken_at(const struct mmref_site *site, struct page *page, bool dying);

#define memremap_begin(pgmap)	memremap_begin_at(SITE("memremap_pages"), pgmap)
#define zone_device_page_taken(page, dying)                                                        \
	zone_device_page_taken_at(SITE("set_page_count"), page, dying)

static inline bool pgmap_has(const struct dev_pagemap *pgmap, unsigned long pfn)
{
	return pgmap && pfn - pgmap->start_pfn < pgmap->nr_pages;
}

#endif
