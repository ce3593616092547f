/* SPDX-License-Identifier: MIT */
/*
 * "Fix the DAX-gup mistake", Dan Williams, nvdimm, v3 of October 2022: the DAX entry
 * holds its pages, and a page that is held holds its device.
 *
 *	count = DAX entry that is not DAX_ZAP + gets + 1024 * pins	mapcount = 0, always
 *	idle  = 0; page tables hold nothing
 *	pgmap = 1 + one a folio whose count is not 0
 *
 * A fault requests the pages when its entry comes into being, under the SRCU section
 * in which the device was found alive. The first scan that breaks a layout puts what the
 * entry held and marks it DAX_ZAP; it stands, with pages that count 0 or what others
 * hold, until truncate deletes it. free_zone_device_page() puts the pgmap, so that a
 * removal waits for entries and pins alike.
 *
 * The loops are those of the posting, with their mistakes. A fault that finds an
 * entry which is DAX_ZAP maps it as it stands: nothing is requested again.
 */
#include <mmref/kernel.h>

#include "rules/rules.h"

struct page *williams_2022_first_not_idle(struct page *page, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++)
		if (!v6_15_count_is_zero(&page[i]))
			return &page[i];
	return NULL;
}

static struct folio *folio_next(struct folio *folio)
{
	return (struct folio *)folio_page(folio, folio_nr_pages(folio));
}

/*
 * The first loop looks at folio_next(folio) each
 * time; the count is raised and read in two steps; and that the pgmap may refuse is
 * not asked.
 */
static bool (pgmap_request_folios)(struct dev_pagemap *pgmap, struct folio *folio, int nr_folios,
				   enum mmref_holder held)
{
	struct folio *iter;
	int i;

	if (WARN_ON_ONCE(percpu_ref_is_dying(&pgmap->ref)))
		return false;

	for (iter = folio_next(folio), i = 1; i < nr_folios; iter = folio_next(folio), i++)
		if (WARN_ON_ONCE(folio_order(iter) != folio_order(folio)))
			return false;

	for (iter = folio, i = 0; i < nr_folios; iter = folio_next(iter), i++) {
		folio_ref_inc(iter, held);
		if (folio_ref_count(iter) == 1)
			percpu_ref_tryget(&pgmap->ref);
	}
	return true;
}

/* Of patch 23: from the second on it stays where it is. */
static void (pgmap_release_folios)(struct folio *folio, int nr_folios, enum mmref_holder held)
{
	struct folio *iter;
	int i;

	for (iter = folio, i = 0; i < nr_folios; iter = folio_next(folio), i++)
		folio_put(iter, held);
}

/* dax_associate_entry(), fs/dax.c: what was requested before a refusal is not given back. */
static bool dax_associate_entry(struct address_space *mapping, struct page *page,
				unsigned long index, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++) {
		WARN_ON_ONCE(READ_ONCE(page[i].mapping));
		if (!pgmap_request_folios(READ_ONCE(page[i].pgmap), page_folio(&page[i]), 1,
					  HELD_BY_DAX_ENTRY))
			return false;
		WRITE_ONCE(page[i].mapping, mapping);
		WRITE_ONCE(page[i].index, index + i);
	}
	return true;
}

/* dax_zap_pages(), fs/dax.c: the first scan puts the entry's references. */
static void dax_zap_pages(struct xa_state *xas, unsigned long entry)
{
	struct page *page = dax_to_page(entry);

	if (entry & DAX_ZAP)
		return;
	for (unsigned long i = 0; i < 1UL << dax_entry_order(entry); i++)
		pgmap_release_folios(page_folio(&page[i]), 1, HELD_BY_DAX_ENTRY);
	POKE(xas->mapping->entry[xas->index], entry | DAX_ZAP);
}

/* The entry that goes, which the kernel has in its hands: that of @page. xa_lock held. */
static unsigned long entry_of(const struct address_space *mapping, const struct page *page)
{
	unsigned long pfn = page_to_pfn(page);

	for (unsigned long i = 0; i < mapping->host->max_pages; i++)
		if (dax_to_pfn(mapping->entry[i]) == pfn)
			return mapping->entry[i];
	return 0;
}

/* dax_disassociate_entry(), fs/dax.c */
void williams_2022_dax_disassociate_entry(struct address_space *mapping, struct page *page,
					  unsigned int order, bool trunc)
{
	bool dax_is_zapped = entry_of(mapping, page) & DAX_ZAP;

	for (unsigned long i = 0; i < 1UL << order; i++) {
		struct address_space *old;

		WARN_ON_ONCE(trunc && !dax_is_zapped);
		WARN_ON_ONCE(trunc && !v6_15_count_is_zero(&page[i]));
		old = READ_ONCE(page[i].mapping);
		if (old == PAGE_MAPPING_DAX_SHARED) {
			if (v6_1_is_shared_still(&page[i]))
				continue;
		} else {
			WARN_ON_ONCE(old && old != mapping);
		}
		WRITE_ONCE(page[i].mapping, NULL);
		WRITE_ONCE(page[i].index, 0);
	}
}

/* gup_pte_range(), mm/gup.c: an entry that is devmap says no more than "not for long". */
bool williams_2022_devmap_but_for_longterm(struct gup *gup, pte_t pte)
{
	if (!(pte & PTE_DEVMAP))
		return !(pte & PTE_SPECIAL);
	return gup->locked || !(gup->flags & FOLL_LONGTERM);
}

/* __gup_device_huge(), mm/gup.c: where one page is not had, those before it stay. */
bool williams_2022_gup_device_huge(struct gup *gup, pmd_t pmd, struct page *page, int nr)
{
	if (!williams_2022_devmap_but_for_longterm(gup, pmd))
		return false;
	for (gup->kept = 0; gup->kept < nr; gup->kept++)
		if (v6_1_try_grab_page(gup, page + gup->kept))
			return false;
	return true;
}

/* A free page takes its pgmap for as long as it counts something: there is nothing to take before. */
static void (pagemap_range)(struct dev_pagemap *pgmap)
{
	pgmap_publish(pgmap);
	memmap_init_zone_device(pgmap);
}

static void (memunmap_pages)(struct dev_pagemap *pgmap)
{
	percpu_ref_kill(&pgmap->ref);
	wait_for_completion(&pgmap->done);
	pageunmap_range(pgmap);
	percpu_ref_exit(&pgmap->ref);
}

static void (__init_zone_device_page)(struct page *page, unsigned long pfn,
				      struct dev_pagemap *pgmap)
{
	__init_single_page(page, pfn);
	WRITE_ONCE(page->pgmap, pgmap);
	WRITE_ONCE(page->zone_device_data, NULL);
	set_page_count(page, 0);
}

static void (free_zone_device_page)(struct page *page)
{
	struct dev_pagemap *pgmap = READ_ONCE(page->pgmap);

	wake_up_var(page);
	WRITE_ONCE(page->mapping, NULL);
	if (pgmap->ops)
		pgmap->ops->page_free((struct folio *)page);
	put_dev_pagemap(pgmap);
}

/* A driver requests its pages like everyone else, and may be refused. */
static struct page *(dmirror_devmem_alloc_page)(struct dmirror_device *mdevice)
{
	struct page *page = dmirror_take_free_page(mdevice);

	if (!page || !pgmap_request_folios(READ_ONCE(page->pgmap), (struct folio *)page, 1))
		return NULL;
	lock_page(&page->flags);
	WRITE_ONCE(page->zone_device_data, dmirror_backing_page(page));
	return page;
}

const struct mmref_rules mmref_williams_2022 = {
	.name = "williams-2022",
	.ancestor = &mmref_v6_1,
	.summary = "v3: each DAX entry holds its pages, these their device",

	MMREF_RULE(busy, williams_2022_first_not_idle),
	MMREF_RULE(idle, v6_15_count_is_zero),
	MMREF_RULE(idle_peek, v6_15_count_is_zero_peek),
	MMREF_RULE(wait_address, v6_15_address_of_page),

	MMREF_RULE(read_fault_dirties, true),
	MMREF_RULE(punch_writes_back, true),
	MMREF_RULE(dax_lock_over_insert, true),
	MMREF_RULE(associate, dax_associate_entry),
	MMREF_RULE(disassociate, williams_2022_dax_disassociate_entry),
	MMREF_RULE(associate_shared, v6_1_dax_mapping_set_cow),
	MMREF_RULE(share_peek, v6_1_share_peek),
	MMREF_RULE(clone_looks_again, true),

	MMREF_RULE(gup_admit, williams_2022_devmap_but_for_longterm),
	MMREF_RULE(gup_admit_pmd, williams_2022_devmap_but_for_longterm),
	MMREF_RULE(gup_grab, v6_1_try_grab_folio),
	MMREF_RULE(gup_grab_leaf, williams_2022_gup_device_huge),
	MMREF_RULE(gup_grab_locked, v6_1_try_grab_page),
	MMREF_RULE(gup_unchanged, v6_1_pmd_and_pte_unchanged),
	MMREF_RULE(gup_keeps_leaf, true),
	MMREF_RULE(exit_takes_uring_lock, true),

	MMREF_RULE(put_page, v6_15_folio_put_page),
	MMREF_RULE(folio_put, v6_15_folio_put_refs),
	MMREF_RULE(free, v6_1_free),

	MMREF_RULE(break_layout, dax_break_layout),
	MMREF_RULE(layout_busy_page, dax_layout_busy_page),
	MMREF_RULE(scan_locked_entry, v6_1_skip_locked_entry),
	MMREF_RULE(zap_entry, dax_zap_pages),
	MMREF_RULE(truncate_final, dax_break_layout_final),



	/* fs/dax.c, mm/truncate.c */

	/* mm/gup.c, mm/swap.c, io_uring */

	/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */

	/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
	.devmap_managed_enable_get = MMREF_GONE,
	.devmap_managed_enable_put = MMREF_GONE,
	.__put_devmap_managed_page_refs = MMREF_GONE,
	.pagemap_range		= pagemap_range,
	.memunmap_pages		= memunmap_pages,
	.__init_zone_device_page = __init_zone_device_page,
	.pgmap_request_folios	= pgmap_request_folios,
	.pgmap_release_folios	= pgmap_release_folios,
	.free_zone_device_page	= free_zone_device_page,
	.zone_device_page_init	= MMREF_GONE,
	.dmirror_devmem_alloc_page = dmirror_devmem_alloc_page,

	/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */

	.taken = (const struct mmref_taken[]){
		/* fs/dax.c, mm/truncate.c */
		/* mm/gup.c, mm/swap.c, io_uring */
		/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */
		/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
		MMREF_TAKEN(mmref_v6_15, memremap_pages),
		/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */
		{ 0 },
	},
};
