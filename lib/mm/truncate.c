/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "kernel/bodies.h"

/* Looks for entries without their lock, as find_lock_entries() does. */
void (truncate_inode_pages_range)(struct address_space *mapping, pgoff_t lstart, pgoff_t lend)
{
	const struct xarray *xa = &mapping->i_pages;

	for (pgoff_t index = lstart; index <= lend && index < xa->nr; index++)
		if (PEEK(xa->slot[index]))
			truncate_folio_batch_exceptionals(mapping, index);
}

void (truncate_inode_pages_final)(struct address_space *mapping)
{
	truncate_inode_pages_range(mapping, 0, ULONG_MAX);
}

/* What lies behind the new end goes, private copies too. */
void (truncate_pagecache)(struct inode *inode, pgoff_t newsize)
{
	struct address_space *mapping = &inode->i_mapping;

	if (newsize >= inode->max_pages)
		return;
	unmap_mapping_pages(mapping, newsize, inode->max_pages - newsize, true);
	truncate_inode_pages_range(mapping, newsize, ULONG_MAX);
}

void (truncate_pagecache_range)(struct inode *inode, pgoff_t lstart, pgoff_t lend)
{
	unmap_mapping_pages(&inode->i_mapping, lstart, lend - lstart + 1, false);
	truncate_inode_pages_range(&inode->i_mapping, lstart, lend);
}

/* Of DAX the page tables are cleared after the entries, and those of a dirty one too. */
int (invalidate_inode_pages2_range)(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	int ret = 0;

	for (pgoff_t index = start; index <= end && index < mapping->i_pages.nr; index++)
		if (!dax_invalidate_mapping_entry_sync(mapping, index) &&
		    PEEK(mapping->i_pages.slot[index]))
			ret = -EBUSY;
	unmap_mapping_pages(mapping, start, end - start + 1, false);
	return ret;
}
