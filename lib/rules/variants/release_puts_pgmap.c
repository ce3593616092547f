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
static void dax_zap_pages(struct xa_state *xas, unsigned long entry)
{
	struct page *page = dax_to_page(entry);

	if (entry & DAX_ZAP)
		return;
	for (unsigned long i = 0; i < 1UL << dax_entry_order(entry); i++)
		pgmap_release_folios(page_folio(&page[i]));
	POKE(xas->mapping->entry[xas->index], entry | DAX_ZAP);
}

/* free_zone_device_page(), mm/memremap.c, of a page of a file. */
static void wake_and_forget(struct folio *folio)
{
	wake_up_var(&folio->page);
	WRITE_ONCE(folio->page.mapping, NULL);
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, zap_entry, dax_zap_pages);
	MMREF_REPLACE(rules, free, wake_and_forget);
}

const struct rules_variant williams_2022_release_puts_pgmap = {
	.name = "williams-2022/release-puts-pgmap",
	.of = &mmref_williams_2022,
	.summary = "a release looks whether it was the last",
	.vary = vary,
};
