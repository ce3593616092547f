/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>

void truncate_pagecache(struct inode *inode, unsigned long pages)
{
	unsigned long last = inode->max_pages - 1;

	if (pages > last)
		return;
	unmap_mapping_pages(&inode->i_mapping, pages, 0, true);
	truncate_dax_entries(&inode->i_mapping, pages, last);
}

void truncate_pagecache_range(struct inode *inode, unsigned long first, unsigned long last)
{
	unmap_mapping_pages(&inode->i_mapping, first, last - first + 1, false);
	truncate_dax_entries(&inode->i_mapping, first, last);
}

void truncate_inode_pages_final(struct inode *inode)
{
	if (rules()->truncate_final)
		rules()->truncate_final(inode);
	truncate_dax_entries(&inode->i_mapping, 0, inode->max_pages - 1);
}

/* Of DAX the page tables are cleared after the entries, and those of a dirty one too. */
void invalidate_inode_pages2_range(struct address_space *mapping, unsigned long first,
				   unsigned long last)
{
	for (unsigned long i = first; i <= last && i < mapping->host->max_pages; i++)
		dax_invalidate_mapping_entry(mapping, i);
	unmap_mapping_pages(mapping, first, last - first + 1, false);
}
