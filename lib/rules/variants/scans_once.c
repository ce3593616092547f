/* SPDX-License-Identifier: MIT */
/*
 * The layout counts as broken once the first page that was found busy is idle.
 *
 * Dan Williams on "fs/dax: Fix ZONE_DEVICE page reference counts", v5: after one page is idle the
 * file must be looked at anew, as "another DMA started, or ... there were originally more pages
 * active". Not merged so.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static int (dax_break_layout)(struct inode *inode, pgoff_t start, pgoff_t end,
			      void (*cb)(struct inode *))
{
	struct page *page = dax_layout_busy_page_range(&inode->i_mapping, start, end);
	int error = page ? wait_page_idle(page, cb, inode) : 0;

	if (!error)
		dax_delete_mapping_range(&inode->i_mapping, start, end);
	return error;
}

const struct mmref_rules v6_15_scans_once = {
	.name = "v6.15/scans-once",
	.ancestor = &mmref_v6_15,
	.summary = "a truncate waits for one page, and no other",

	.dax_break_layout = dax_break_layout,
};
