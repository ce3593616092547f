/* SPDX-License-Identifier: MIT */

#include <mmref/kernel.h>

#include "check/durable.h"
#include "world.h"

/* tag_pages_for_writeback(): what is dirty now is to be written, and nothing later. */
static void tag_for_writeback(struct address_space *mapping, unsigned long first,
			      unsigned long last)
{
	xa_lock(mapping);
	for (unsigned long i = first; i <= last && i < mapping->host->max_pages; i++)
		if (mapping->tags[i] & PAGECACHE_TAG_DIRTY)
			mapping->tags[i] |= PAGECACHE_TAG_TOWRITE;
	xa_unlock(mapping);
}

/* dax_flush(), drivers/dax/super.c: of the zero page nothing is left to flush. */
static void dax_flush(unsigned long entry)
{
	struct page *page = dax_to_page(entry);
	unsigned long nr = 1UL << dax_entry_order(entry);

	if (!page)
		return;
	announce(SITE("dax_flush"), media_of(page_to_pfn(page)), nr, MMREF_READ, false);
	durable_flush(page, nr);
}

/*
 * The @old entry is locked: up to 6.14 it is passed over, as by the scan for busy pages, and left
 * with its tag. Later it is waited for, and 0 where nothing is left to do. xa_lock held.
 */
static unsigned long wait_for_locked_entry(struct xa_state *xas, unsigned long old)
{
	unsigned long entry = rules()->scan_locked_entry(xas);

	if (entry && dax_to_pfn(old) == dax_to_pfn(entry) &&
	    !WARN_ON_ONCE(entry & (DAX_EMPTY | DAX_ZERO_PAGE)) &&
	    (xas->mapping->tags[xas->index] & PAGECACHE_TAG_TOWRITE))
		return entry;
	put_unlocked_entry(xas, entry);
	return 0;
}

/*
 * dax_writeback_one(): with the entry locked no fault can make a page table
 * entry writable again between the write-protecting and the flush. xa_lock held.
 */
static void dax_writeback_one(struct xa_state *xas)
{
	struct address_space *mapping = xas->mapping;
	unsigned long entry = mapping->entry[xas->index];

	if (dax_is_locked(entry))
		entry = wait_for_locked_entry(xas, entry);
	if (!entry)
		return;
	dax_lock_entry(xas, entry);
	mapping->tags[xas->index] &= ~PAGECACHE_TAG_TOWRITE;
	xa_unlock(mapping);

	mapping_mkclean(mapping, xas->index, dax_entry_order(entry), dax_to_pfn(entry));
	dax_flush(entry);

	xa_lock(mapping);
	dax_store_unlocked(xas, entry);
	mapping->tags[xas->index] &= ~PAGECACHE_TAG_DIRTY;
}

/* A PMD is found from wherever the range begins in it, and written back as a whole. */
void dax_writeback_range(struct address_space *mapping, unsigned long first, unsigned long last)
{
	struct xa_state xas = { .mapping = mapping, .index = first };

	if (PEEK(mapping->entry[first]) == DAX_SIBLING)
		first &= ~((1UL << current->world->pmd_order) - 1);
	xas.index = first;
	tag_for_writeback(mapping, first, last);
	xa_lock(mapping);
	for (; xas.index <= last && xas.index < mapping->host->max_pages; xas.index++)
		if (mapping->tags[xas.index] & PAGECACHE_TAG_TOWRITE)
			dax_writeback_one(&xas);
	xa_unlock(mapping);
}

void dax_writeback_mapping(struct address_space *mapping)
{
	dax_writeback_range(mapping, 0, mapping->host->max_pages - 1);
}
