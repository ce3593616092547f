/* SPDX-License-Identifier: MIT */
/*
 * A truncate looks whether pages are held, and clears the page tables after that.
 *
 * Nobody did so; see the comment in dax_layout_busy_page_range(), fs/dax.c.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static struct page *scan_then_unmap(struct address_space *mapping, unsigned long first,
				    unsigned long last)
{
	struct page *page = dax_scan_layout(mapping, first, last);

	unmap_mapping_pages(mapping, first, last - first + 1, false);
	return page;
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, layout_busy_page, scan_then_unmap);
}

const struct rules_variant v7_2_scans_then_unmaps = {
	.name = "v7.2/scans-then-unmaps",
	.of = &mmref_v7_2,
	.summary = "truncate looks at the counts first",
	.vary = vary,
};
