/* SPDX-License-Identifier: MIT */
/*
 * pgmap_release_folios() puts the page, looks at its count, and puts the pgmap if it finds 0.
 *
 * "Fix the DAX-gup mistake", v3, patches 10 to 22: the free of a page does not put its pgmap yet.
 * Jason Gunthorpe saw it in the review (October 2022): the put that finds 0 may be another's.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static void (pgmap_release_folios)(struct folio *folio, int nr_folios, enum mmref_holder held)
{
	struct dev_pagemap *pgmap = READ_ONCE(folio->page.pgmap);

	(void)nr_folios;	/* one at a time */
	folio_put(folio, held);
	if (!folio_ref_count(folio))
		put_dev_pagemap(pgmap);
}

/* Of a page of a file. */
static void (free_zone_device_page)(struct page *page)
{
	wake_up_var(page);
	WRITE_ONCE(page->mapping, NULL);
}

const struct mmref_rules williams_2022_release_puts_pgmap = {
	.name = "williams-2022/release-puts-pgmap",
	.ancestor = &mmref_williams_2022,
	.summary = "a release looks whether it was the last",

	.pgmap_release_folios = pgmap_release_folios,
	.free_zone_device_page = free_zone_device_page,
};
