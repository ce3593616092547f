/* SPDX-License-Identifier: MIT */
/*
 * GUP-fast that cannot have a page of a PMD gives up, and keeps the pgmap.
 *
 * Until 6401c4eb57f9 (v5.16).
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static int __gup_device_huge(unsigned long pfn, unsigned long addr, unsigned long end,
			     unsigned int flags, struct page **pages, int *nr)
{
	struct dev_pagemap *pgmap = NULL;
	int nr_start = *nr;

	do {
		struct page *page = pfn_to_page(pfn);

		pgmap = get_dev_pagemap(pfn, pgmap);
		if (!pgmap) {
			gup_fast_undo_dev_pagemap(nr, nr_start, flags, pages);
			return 0;
		}
		SetPageReferenced(page);
		pages[*nr] = page;
		if (!try_grab_page(page, flags)) {
			gup_fast_undo_dev_pagemap(nr, nr_start, flags, pages);
			return 0;	/* without put_dev_pagemap() */
		}
		(*nr)++;
		pfn++;
	} while (++addr != end);
	put_dev_pagemap(pgmap);
	return 1;
}

const struct mmref_rules v6_1_huge_walk_keeps_pgmap = {
	.name = "v6.1/huge-walk-keeps-pgmap",
	.ancestor = &mmref_v6_1,
	.summary = "a walk that is refused a page keeps the pgmap",

	.gup_fast_devmap_leaf = __gup_device_huge,
};
