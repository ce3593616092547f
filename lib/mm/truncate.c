/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "kernel/bodies.h"

#define FOLIO_BATCH_SIZE	31

/*
 * find_lock_entries(), mm/filemap.c: the next entries from *@start on, under RCU alone. Nothing keeps
 * an entry where it was found.
 */
static unsigned int find_lock_entries(struct address_space *mapping, pgoff_t *start, pgoff_t end,
				      pgoff_t *indices)
{
	const struct xarray *xa = &mapping->i_pages;
	pgoff_t from = *start;
	unsigned int nr = 0;

	if (from > end || from >= xa->nr)
		return 0;
	announce(SITE("find_lock_entries"), &xa->slot[from], (xa->nr - from) * sizeof(*xa->slot),
		 MMREF_READ, true);
	for (; *start <= end && *start < xa->nr && nr < FOLIO_BATCH_SIZE; ++*start) {
		const void *entry = PEEK(xa->slot[*start]);

		if (entry && (entry != XA_SIBLING || *start == from))
			indices[nr++] = *start;
	}
	return nr;
}

void (truncate_inode_pages_range)(struct address_space *mapping, pgoff_t lstart, pgoff_t lend)
{
	pgoff_t indices[FOLIO_BATCH_SIZE];
	pgoff_t index = lstart;
	unsigned int nr;

	while ((nr = find_lock_entries(mapping, &index, lend, indices)))
		for (unsigned int i = 0; i < nr; i++)
			truncate_folio_batch_exceptionals(mapping, indices[i]);
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
