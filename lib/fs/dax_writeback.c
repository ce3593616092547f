/* SPDX-License-Identifier: MIT */
#include "fs/dax.h"

/* tag_pages_for_writeback(): what is dirty now is to be written, and nothing later. */
static void tag_for_writeback(struct address_space *mapping, unsigned long first,
			      unsigned long last)
{
	spin_lock(&mapping->xa_lock);
	for (unsigned long i = first; i <= last && i < mapping->host->max_pages; i++)
		if (mapping->tags[i] & PAGECACHE_TAG_DIRTY)
			mapping->tags[i] |= PAGECACHE_TAG_TOWRITE;
	spin_unlock(&mapping->xa_lock);
}

/*
 * dax_writeback_one(): with the entry locked no fault can make a page table
 * entry writable again between the write-protecting and the flush. xa_lock held.
 */
static void dax_writeback_one(struct xa_state *xas)
{
	struct address_space *mapping = xas->mapping;
	unsigned long entry = get_unlocked_entry(xas);

	if (!entry || !(mapping->tags[xas->index] & PAGECACHE_TAG_TOWRITE)) {
		put_unlocked_entry(xas, entry);
		return;
	}
	dax_lock_entry(xas, entry);
	mapping->tags[xas->index] &= ~PAGECACHE_TAG_TOWRITE;
	spin_unlock(&mapping->xa_lock);

	mapping_mkclean(mapping, xas->index, dax_entry_order(entry));

	spin_lock(&mapping->xa_lock);
	dax_store_unlocked(xas, entry);
	mapping->tags[xas->index] &= ~PAGECACHE_TAG_DIRTY;
}

void dax_writeback_range(struct address_space *mapping, unsigned long first, unsigned long last)
{
	struct xa_state xas = { .mapping = mapping, .index = first };

	tag_for_writeback(mapping, first, last);
	spin_lock(&mapping->xa_lock);
	for (; xas.index <= last && xas.index < mapping->host->max_pages; xas.index++)
		if (mapping->tags[xas.index] & PAGECACHE_TAG_TOWRITE)
			dax_writeback_one(&xas);
	spin_unlock(&mapping->xa_lock);
}

void dax_writeback_mapping(struct address_space *mapping)
{
	dax_writeback_range(mapping, 0, mapping->host->max_pages - 1);
}
