/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>
#include "world.h"

#include "check/mapping.h"

static unsigned long *slot(const struct xa_state *xas)
{
	return &xas->mapping->entry[xas->index];
}

/* One queue a world, keyed by the entry's place, as the kernel's hashed table. */
static struct wait_queue *entry_queue(void)
{
	return &current->world->dax_waiters;
}

/* xas_load(): a PMD entry is found from every offset that it covers. */
static unsigned long load(struct xa_state *xas)
{
	if (*slot(xas) == DAX_SIBLING)
		xas->index &= ~((1UL << current->world->pmd_order) - 1);
	return *slot(xas);
}

/* Store @entry over all that it covers; 0 over what stood there. */
static void store(struct xa_state *xas, unsigned long entry, unsigned int order)
{
	for (unsigned long i = 1; i < 1UL << order; i++)
		POKE(slot(xas)[i], entry ? DAX_SIBLING : 0);
	POKE(*slot(xas), entry);
}

static void touch_sharing(const struct address_space *mapping)
{
	const struct super_block *sb = mapping->host->i_sb;

	if (PEEK(sb->reflink))
		step_touches(sb, 1, MMREF_WRITE);
}

void xa_lock_at(const struct mmref_site *site, struct address_space *mapping)
{
	spin_lock_at(site, &mapping->xa_lock);
	touch_sharing(mapping);
}

void xa_unlock_at(const struct mmref_site *site, struct address_space *mapping)
{
	spin_unlock_at(site, &mapping->xa_lock);
	touch_sharing(mapping);
}

unsigned long get_unlocked_entry(struct xa_state *xas)
{
	for (;;) {
		unsigned long entry = load(xas);

		if (!dax_is_locked(entry))
			return entry;
		wait_exclusive(entry_queue(), slot(xas), xa_unlock(xas->mapping));
		xa_lock(xas->mapping);
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
	xa_lock(xas->mapping);
	POKE(*slot(xas), entry & ~(unsigned long)DAX_LOCKED);
	check_unlocked_entry(SITE("dax_unlock_entry"), xas->mapping, xas->index);
	xa_unlock(xas->mapping);
	wake_queue(entry_queue(), slot(xas), false);
}

struct page *dax_lock_mapping_entry(struct xa_state *xas, unsigned long *locked)
{
	struct page *page = NULL;
	unsigned long entry;

	xa_lock(xas->mapping);
	entry = get_unlocked_entry(xas);
	if (entry)
		page = dax_to_page(entry);
	if (page)
		dax_lock_entry(xas, entry);
	else
		put_unlocked_entry(xas, entry);
	*locked = entry | DAX_LOCKED;
	xa_unlock(xas->mapping);
	return page;
}

/* Does anything smaller than a PMD stand where one is wanted? xa_lock held. */
static bool smaller_entry(const struct xa_state *xas, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++)
		if (slot(xas)[i] && slot(xas)[i] != DAX_SIBLING && !(slot(xas)[i] & DAX_PMD))
			return true;
	return false;
}

/*
 * pmd_downgrade: a PTE is wanted, and an empty PMD entry, or one of the huge zero
 * page, gives way to it. xa_lock held, dropped and taken again.
 */
static void downgrade(struct xa_state *xas, unsigned long entry)
{
	struct address_space *mapping = xas->mapping;

	if (entry & DAX_ZERO_PAGE) {
		dax_lock_entry(xas, entry);
		xa_unlock(mapping);
		unmap_mapping_pages(mapping, xas->index, 1UL << pmd_order(), false);
		xa_lock(mapping);
	}
	store(xas, 0, current->world->pmd_order);
	mapping->nrpages -= 1U << current->world->pmd_order;
	wake_queue(entry_queue(), slot(xas), true);
}

unsigned long grab_mapping_entry(struct xa_state *xas, unsigned int order)
{
	struct address_space *mapping = xas->mapping;
	unsigned long index = xas->index, entry;

	xa_lock(mapping);
	if (order) {
		xas->index &= ~((1UL << order) - 1);
		if (smaller_entry(xas, order)) {
			xa_unlock(mapping);
			return 0;
		}
	}
	entry = get_unlocked_entry(xas);
	if (!order && (entry & DAX_PMD) && (entry & (DAX_ZERO_PAGE | DAX_EMPTY))) {
		downgrade(xas, entry);
		xas->index = index;
		entry = 0;
	}
	if (!entry) {
		entry = DAX_EMPTY | (order ? DAX_PMD : 0);
		store(xas, entry, order);
		mapping->nrpages += 1U << order;
	}
	dax_lock_entry(xas, entry);
	xa_unlock(mapping);
	return entry | DAX_LOCKED;
}

/* The page of @entry gives way to that at @pfn, if there are such. xa_lock held. */
static bool change_page(struct xa_state *xas, unsigned long entry, unsigned long pfn,
			unsigned int order, bool shared)
{
	struct page *old = dax_to_page(entry);

	if (old)
		rules()->disassociate(xas->mapping, old, dax_entry_order(entry), false);
	if (!pfn)
		return true;
	return (shared ? rules()->associate_shared : rules()->associate)(
		xas->mapping, pfn_to_page(pfn), xas->index, order);
}

/*
 * A real page is associated behind a zero page or an empty entry only, but one that is
 * shared, or the copy of such a one, each time anew; not that of a PTE, where a PMD's
 * entry stands.
 */
unsigned long dax_insert_entry(struct xa_state *xas, struct vm_fault *vmf, unsigned long entry,
			       unsigned long pfn, bool shared)
{
	struct address_space *mapping = xas->mapping;
	unsigned int order = vmf->order;

	shared &= dax_entry_order(entry) == order;
	if (shared || ((entry & DAX_ZERO_PAGE) && pfn))
		unmap_mapping_pages(mapping, xas->index, 1UL << dax_entry_order(entry), false);

	xa_lock(mapping);
	if (shared || (entry & (DAX_ZERO_PAGE | DAX_EMPTY))) {
		if (!change_page(xas, entry, pfn, order, shared)) {
			xa_unlock(mapping);
			return 0;
		}
		entry = pfn << DAX_SHIFT | DAX_LOCKED | (pfn ? 0 : DAX_ZERO_PAGE) |
			(order ? DAX_PMD : 0);
		POKE(*slot(xas), entry);
	}
	if (vmf->write || rules()->read_fault_dirties)
		mapping->tags[xas->index] |= PAGECACHE_TAG_DIRTY;
	if (vmf->write && shared)
		mapping->tags[xas->index] |= PAGECACHE_TAG_TOWRITE;
	xa_unlock(mapping);
	return entry;
}

/* Remove the unlocked entry at @xas. xa_lock held. */
static void remove_entry(struct xa_state *xas, unsigned long entry, bool trunc)
{
	struct page *page = dax_to_page(entry);
	unsigned int order = dax_entry_order(entry);

	if (page)
		rules()->disassociate(xas->mapping, page, order, trunc);
	else if ((entry & DAX_ZERO_PAGE) && rules()->disassociate_zero)
		rules()->disassociate_zero(order);
	store(xas, 0, order);
	xas->mapping->tags[xas->index] = 0;
	xas->mapping->nrpages -= 1U << order;
	wake_queue(entry_queue(), slot(xas), true);
}

/* __dax_invalidate_entry(): one that is dirty goes only with its block. */
static void invalidate_entry(struct address_space *mapping, unsigned long index, bool trunc)
{
	struct xa_state xas = { .mapping = mapping, .index = index };
	unsigned long entry;

	xa_lock(mapping);
	entry = get_unlocked_entry(&xas);
	if (entry && (trunc || !mapping->tags[xas.index]))
		remove_entry(&xas, entry, trunc);
	else
		put_unlocked_entry(&xas, entry);
	xa_unlock(mapping);
}

void dax_delete_mapping_entry(struct address_space *mapping, unsigned long index)
{
	invalidate_entry(mapping, index, true);
}

void dax_invalidate_mapping_entry(struct address_space *mapping, unsigned long index)
{
	invalidate_entry(mapping, index, false);
}

void dax_clear_dirty(struct address_space *mapping, unsigned long index)
{
	struct xa_state xas = { .mapping = mapping, .index = index };
	unsigned long entry;

	xa_lock(mapping);
	entry = load(&xas);
	if (dax_is_locked(entry))
		entry = rules()->scan_locked_entry(&xas);
	mapping->tags[xas.index] = 0;
	put_unlocked_entry(&xas, entry);
	xa_unlock(mapping);
}

void dax_delete_mapping_range(struct address_space *mapping, unsigned long first,
			      unsigned long last)
{
	struct xa_state xas = { .mapping = mapping, .index = first };

	xa_lock(mapping);
	for (; xas.index <= last && xas.index < mapping->host->max_pages; xas.index++) {
		unsigned long entry = get_unlocked_entry(&xas);

		if (entry)
			remove_entry(&xas, entry, true);
	}
	xa_unlock(mapping);
}

void truncate_dax_entries(struct address_space *mapping, unsigned long first, unsigned long last)
{
	for (; first <= last && first < mapping->host->max_pages; first++) {
		if (!PEEK(mapping->entry[first]))
			continue;
		truncate_folio_batch_exceptionals(mapping, first);
	}
}
