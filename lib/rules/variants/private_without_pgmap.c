/* SPDX-License-Identifier: MIT */
/*
 * A device-private or device-coherent page in use does not hold its pgmap.
 *
 * From 27674ef6c73f (v5.18), which took the reference that each free page had away, to
 * 0dc45ca1ce18 (v6.1). A free page counted 1 until ef233450898f, of the same series; that is
 * as in 6.1 here, and the removal asks for neither.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

/* What drivers did for themselves: set_page_count() and lock_page(). */
static void (zone_device_page_init)(struct page *page, struct dev_pagemap *pgmap, unsigned int order)
{
	(void)order;
	pgmap = READ_ONCE(page->pgmap);
	zone_device_page_taken(page, pgmap_is_dying_peek(pgmap));
	lock_page(&page->flags);
}

static void (free_zone_device_page)(struct page *page)
{
	const struct dev_pagemap_ops *ops = READ_ONCE(page->pgmap)->ops;

	if (WARN_ON_ONCE(!ops))
		return;
	WRITE_ONCE(page->mapping, NULL);
	ops->page_free((struct folio *)page);
}

const struct mmref_rules v6_1_private_without_pgmap = {
	.name = "v6.1/private-without-pgmap",
	.ancestor = &mmref_v6_1,
	.summary = "a page in use does not hold its pgmap",

	.zone_device_page_init = zone_device_page_init,
	.free_zone_device_page = free_zone_device_page,
};
