/* SPDX-License-Identifier: MIT */
/*
 * 71389703839e, mm, zone_device: Replace {get, put}_zone_device_page() with a single reference
 * (v4.12), brought back: slow GUP takes the pgmap with the page and each put puts it, but GUP-fast
 * takes the page alone.
 */
#include <mmref/kernel.h>

static bool (try_grab_page)(struct page *page, unsigned int flags)
{
	struct dev_pagemap *pgmap = READ_ONCE(page->pgmap);

	if (!MMREF_AS(mmref_v6_1, try_grab_page)(page, flags))
		return false;
	if (pgmap)
		percpu_ref_get(&pgmap->ref);
	return true;
}

static void (put_page)(struct page *page, enum mmref_holder held)
{
	struct dev_pagemap *pgmap = READ_ONCE(page->pgmap);

	MMREF_AS(mmref_v6_1, put_page)(page, held);
	put_dev_pagemap(pgmap);
}

MMREF_RULES_FILE(.name = "put-of-a-pgmap-not-taken", .ancestor = &mmref_v6_1,
		 .summary = "71389703839e: put_page() puts a pgmap that GUP-fast never took",
		 .try_grab_page = try_grab_page, .put_page = put_page);
