/* SPDX-License-Identifier: MIT */
/*
 * The wait for a page is ended by a signal, and the truncate goes on as if the page were idle.
 *
 * Darrick Wong on "fs/dax: Fix ZONE_DEVICE page reference counts", v6 05/26: the posting lost
 * -ERESTARTSYS on its way out of the wait. Not merged so.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static int (dax_break_layout)(struct inode *inode, pgoff_t start, pgoff_t end,
			      void (*cb)(struct inode *))
{
	struct page *page;

	while ((page = dax_layout_busy_page_range(&inode->i_mapping, start, end)))
		if (wait_page_idle(page, cb, inode))
			break;
	dax_delete_mapping_range(&inode->i_mapping, start, end);
	return 0;
}

const struct mmref_rules v6_15_wait_result_lost = {
	.name = "v6.15/wait-result-lost",
	.ancestor = &mmref_v6_15,
	.summary = "an interrupted truncate goes on",

	.dax_break_layout = dax_break_layout,
};
