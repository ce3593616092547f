/* SPDX-License-Identifier: MIT */
#include "fs/dax.h"

#include "kernel/bug.h"

static unsigned long *slot(const struct xa_state *xas)
{
	return &xas->mapping->entry[xas->index];
}

/* One queue a world, keyed by the entry's place, as the kernel's hashed table. */
static struct wait_queue *entry_queue(void)
{
	return &current->world->dax_waiters;
}

unsigned long get_unlocked_entry(struct xa_state *xas)
{
	for (;;) {
		unsigned long entry = *slot(xas);

		if (!dax_is_locked(entry))
			return entry;
		wait_exclusive(entry_queue(), slot(xas), &xas->mapping->xa_lock);
		spin_lock(&xas->mapping->xa_lock);
	}
}

/* dax_wake_entry(WAKE_NEXT) */
void put_unlocked_entry(struct xa_state *xas, unsigned long entry)
{
	if (entry)
		wake_queue(entry_queue(), slot(xas), false);
}

void dax_lock_entry(struct xa_state *xas, unsigned long entry)
{
	POKE(*slot(xas), entry | DAX_LOCKED);
}

void dax_store_unlocked(struct xa_state *xas, unsigned long entry)
{
	POKE(*slot(xas), entry & ~(unsigned long)DAX_LOCKED);
	wake_queue(entry_queue(), slot(xas), false);
}

void dax_unlock_entry(struct xa_state *xas, unsigned long entry)
{
	spin_lock(&xas->mapping->xa_lock);
	POKE(*slot(xas), entry & ~(unsigned long)DAX_LOCKED);
	spin_unlock(&xas->mapping->xa_lock);
	wake_queue(entry_queue(), slot(xas), false);
}

unsigned long grab_mapping_entry(struct xa_state *xas)
{
	unsigned long entry;

	spin_lock(&xas->mapping->xa_lock);
	entry = get_unlocked_entry(xas);
	if (!entry) {
		entry = DAX_EMPTY;
		xas->mapping->nrpages++;
	}
	dax_lock_entry(xas, entry);
	spin_unlock(&xas->mapping->xa_lock);
	return entry | DAX_LOCKED;
}

/* A real page behind a zero page or an empty entry: only then is it associated. */
unsigned long dax_insert_entry(struct xa_state *xas, struct vm_fault *vmf, unsigned long entry,
			       unsigned long pfn)
{
	struct address_space *mapping = xas->mapping;

	if ((entry & DAX_ZERO_PAGE) && pfn)
		unmap_mapping_pages(mapping, xas->index, xas->index);

	spin_lock(&mapping->xa_lock);
	if (entry & (DAX_ZERO_PAGE | DAX_EMPTY)) {
		if (pfn)
			rules()->associate(mapping, pfn_to_page(pfn), xas->index);
		entry = pfn << DAX_SHIFT | DAX_LOCKED | (pfn ? 0 : DAX_ZERO_PAGE);
		POKE(*slot(xas), entry);
	}
	if (vmf->write || rules()->read_fault_dirties)
		mapping->tags[xas->index] |= PAGECACHE_TAG_DIRTY;
	spin_unlock(&mapping->xa_lock);
	return entry;
}

/* Remove the unlocked entry at @xas. xa_lock held. */
static void remove_entry(struct xa_state *xas, unsigned long entry, bool trunc)
{
	struct page *page = dax_to_page(entry);

	if (page)
		rules()->disassociate(xas->mapping, page, trunc);
	POKE(*slot(xas), 0);
	xas->mapping->tags[xas->index] = 0;
	xas->mapping->nrpages--;
	wake_queue(entry_queue(), slot(xas), true);
}

void dax_delete_mapping_entry(struct address_space *mapping, unsigned long index, bool trunc)
{
	struct xa_state xas = { .mapping = mapping, .index = index };
	unsigned long entry;

	spin_lock(&mapping->xa_lock);
	entry = get_unlocked_entry(&xas);
	if (entry)
		remove_entry(&xas, entry, trunc);
	spin_unlock(&mapping->xa_lock);
}

void dax_delete_mapping_range(struct address_space *mapping, unsigned long first,
			      unsigned long last)
{
	struct xa_state xas = { .mapping = mapping, .index = first };

	spin_lock(&mapping->xa_lock);
	for (; xas.index <= last && xas.index < mapping->host->max_pages; xas.index++) {
		unsigned long entry = get_unlocked_entry(&xas);

		if (entry)
			remove_entry(&xas, entry, true);
	}
	spin_unlock(&mapping->xa_lock);
}

void truncate_dax_entries(struct address_space *mapping, unsigned long first, unsigned long last)
{
	for (; first <= last && first < mapping->host->max_pages; first++) {
		if (!PEEK(mapping->entry[first]))
			continue;
		if (rules()->truncate_finds_entry)
			rules()->truncate_finds_entry();
		dax_delete_mapping_entry(mapping, first, true);
	}
}
