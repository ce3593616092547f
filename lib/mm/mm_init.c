/* SPDX-License-Identifier: MIT */
/* The struct pages of a device: all within the one step of memremap_pages(). */
#include <mmref/kernel.h>

#include "check/hooks.h"
#include "kernel/bodies.h"

/* Nothing is left of what the memory held before. */
void (__init_single_page)(struct page *page, unsigned long pfn)
{
	(void)pfn;
	*page = (struct page){ ._mapcount = { -1 } };
	ledger_init(page);
	set_page_count(page, 1);
}

/* The head is a page already; the tails lead to it. */
void (memmap_init_compound)(struct page *head, unsigned long head_pfn, struct dev_pagemap *pgmap,
			    unsigned long nr_pages)
{
	for (unsigned long i = 1; i < nr_pages; i++) {
		__init_zone_device_page(head + i, head_pfn + i, pgmap);
		set_page_count(head + i, 0);
	}
	prep_compound_page(head, pgmap->vmemmap_shift);
}

void (memmap_init_zone_device)(struct dev_pagemap *pgmap)
{
	unsigned long pfns_per_compound = 1UL << pgmap->vmemmap_shift;

	for (unsigned long i = 0; i < pgmap->nr_pages; i += pfns_per_compound) {
		unsigned long pfn = pgmap->start_pfn + i;

		__init_zone_device_page(pfn_to_page(pfn), pfn, pgmap);
		if (pfns_per_compound > 1)
			memmap_init_compound(pfn_to_page(pfn), pfn, pgmap, pfns_per_compound);
	}
}
