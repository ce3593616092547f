/* SPDX-License-Identifier: MIT */
/*
 * A truncate looks whether pages are held, and clears the page tables after that.
 *
 * Nobody did so; see the comment in dax_layout_busy_page_range(), fs/dax.c.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static struct page *(dax_layout_busy_page_range)(struct address_space *mapping, pgoff_t start,
						 pgoff_t end)
{
	XA_STATE(xas, &mapping->i_pages, start);
	struct page *page = NULL;
	void *entry;

	xas_lock_irq(&xas);
	xas_for_each(&xas, entry, end) {
		entry = wait_entry_unlocked_exclusive(&xas, entry);
		if (entry)
			page = dax_busy_page(entry);
		put_unlocked_entry(&xas, entry, WAKE_NEXT);
		if (page)
			break;
	}
	xas_unlock_irq(&xas);

	unmap_mapping_pages(mapping, start, end - start + 1, false);
	return page;
}

const struct mmref_rules v7_2_scans_then_unmaps = {
	.name = "v7.2/scans-then-unmaps",
	.ancestor = &mmref_v7_2,
	.summary = "truncate looks at the counts first",

	.dax_layout_busy_page_range = dax_layout_busy_page_range,
};
