/* SPDX-License-Identifier: MIT */
/*
 * pgmap_release_folios() puts the page, looks at its count, and puts the pgmap if it finds 0.
 *
 * "Fix the DAX-gup mistake", v3, patches 10 to 22: the free of a page does not put its pgmap yet.
 * Jason Gunthorpe saw it in the review (October 2022): the put that finds 0 may be another's.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static void pgmap_release_folios(struct folio *folio)
{
	struct dev_pagemap *pgmap = READ_ONCE(folio->page.pgmap);

	folio_put(folio, HELD_BY_DAX_ENTRY);
	if (!folio_ref_count(folio))
		put_dev_pagemap(pgmap);
}

/* dax_zap_pages(), fs/dax.c */
static void dax_zap_pages(void *entry)
{
	unsigned long pfn;

	for_each_mapped_pfn(entry, pfn)
		pgmap_release_folios(page_folio(pfn_to_page(pfn)));
}

static struct page *(dax_layout_busy_page_range)(struct address_space *mapping, pgoff_t start,
						 pgoff_t end)
{
	return williams_2022_layout_busy_page_range(mapping, start, end, dax_zap_pages);
}

/* free_zone_device_page(), mm/memremap.c, of a page of a file. */
static void wake_and_forget(struct folio *folio)
{
	wake_up_var(&folio->page);
	WRITE_ONCE(folio->page.mapping, NULL);
}

static void vary(struct mmref_rules *rules)
{
	rules->dax_layout_busy_page_range = dax_layout_busy_page_range;
	MMREF_REPLACE(rules, free, wake_and_forget);
}

const struct rules_variant williams_2022_release_puts_pgmap = {
	.name = "williams-2022/release-puts-pgmap",
	.of = &mmref_williams_2022,
	.summary = "a release looks whether it was the last",
	.vary = vary,
};
