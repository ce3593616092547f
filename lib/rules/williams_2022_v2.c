/* SPDX-License-Identifier: MIT */
/*
 * "Fix the DAX-gup mistake", Dan Williams, nvdimm, v2 of September 2022: the DAX entry
 * holds its pages and their device, and a page that is held does not hold its device.
 *
 *	count = DAX entry that is not DAX_ZAP + gets + 1024 * pins	mapcount = 0, always
 *	idle  = 0; page tables hold nothing
 *	pgmap = 1 + one a page from memremap_pages() to memunmap_pages(), and one
 *		more a page for as long as a DAX entry names it
 *
 * A fault takes the pgmap for all pages of its entry at once, and truncate puts that when
 * it deletes the entry, whoever holds a page by then. The scan takes the entry's
 * references off the counts with page_ref_dec(), which frees nothing and wakes nobody.
 * An eviction breaks the layout of its file first, as truncate does: a signal ends the
 * wait, and it goes on all the same.
 */
#include <mmref/kernel.h>

#include "rules/rules.h"

/* dax_associate_entry(), fs/dax.c: get_dev_pagemap_many(), and then a reference to each page. */
static bool dax_associate_entry(struct address_space *mapping, struct page *page,
				unsigned long index, unsigned int order)
{
	unsigned long nr = 1UL << order;

	if (!get_dev_pagemap_many(page_to_pfn(page), NULL, nr))
		return false;
	for (unsigned long i = 0; i < nr; i++) {
		WARN_ON_ONCE(READ_ONCE(page[i].mapping));
		WRITE_ONCE(page[i].mapping, mapping);
		WRITE_ONCE(page[i].index, index + i);
		folio_ref_inc(page_folio(&page[i]), HELD_BY_DAX_ENTRY);
	}
	return true;
}

/* dax_zap_pages(), fs/dax.c */
static void dax_zap_pages(struct xa_state *xas, unsigned long entry)
{
	struct page *page = dax_to_page(entry);

	if (entry & DAX_ZAP)
		return;
	for (unsigned long i = 0; i < 1UL << dax_entry_order(entry); i++)
		folio_ref_sub_return_at(SITE("page_ref_dec"), page_folio_peek(&page[i]), 1,
					HELD_BY_DAX_ENTRY);
	POKE(xas->mapping->entry[xas->index], entry | DAX_ZAP);
}

/* dax_disassociate_entry(), fs/dax.c: a mapping just cleared is asked whether it is CoW. */
static void dax_disassociate_entry(struct address_space *mapping, struct page *page,
				   unsigned int order, bool trunc)
{
	unsigned long nr = 1UL << order;

	williams_2022_dax_disassociate_entry(mapping, page, order, trunc);
	if (!trunc)
		return;
	(void)READ_ONCE(page[nr - 1].mapping);
	put_dev_pagemap_many(READ_ONCE(page->pgmap), nr);
}

static struct dev_pagemap *(get_dev_pagemap_many)(unsigned long pfn, struct dev_pagemap *pgmap,
						  int refs)
{
	pgmap = get_dev_pagemap(pfn, pgmap);
	if (pgmap && refs > 1)
		percpu_ref_get_many(&pgmap->ref, refs - 1);
	return pgmap;
}

static void (put_dev_pagemap_many)(struct dev_pagemap *pgmap, int refs)
{
	percpu_ref_put_many(&pgmap->ref, refs);
}

/* INIT_PAGEMAP_IDLE, as pmem and device-dax ask. What a driver allocates is free at 0 as in 6.1. */
static void (__init_zone_device_page)(struct page *page, unsigned long pfn,
				      struct dev_pagemap *pgmap)
{
	__init_single_page(page, pfn);
	WRITE_ONCE(page->pgmap, pgmap);
	WRITE_ONCE(page->zone_device_data, NULL);
	if (pgmap->type != MEMORY_DEVICE_PCI_P2PDMA)
		set_page_count(page, 0);
}

/* The pgmap of a file's page is none of its business. */
static void (free_zone_device_page)(struct page *page)
{
	enum mmref_memory_type type = READ_ONCE(page->pgmap)->type;

	wake_up_var(page);
	if (type == MEMORY_DEVICE_FS_DAX || type == MEMORY_DEVICE_GENERIC)
		WRITE_ONCE(page->mapping, NULL);
	else
		MMREF_AS(mmref_v6_1, free_zone_device_page)(page);
}

/* ext4_evict_inode(), fs/ext4/inode.c: what comes of the wait is not looked at. */
static void ext4_break_layouts(struct inode *inode)
{
	down_write(&inode->i_mapping.invalidate_lock);
	(void)dax_break_layout(inode, 0, inode->max_pages);
	up_write(&inode->i_mapping.invalidate_lock);
}

const struct mmref_rules mmref_williams_2022_v2 = {
	.name = "williams-2022-v2",
	.ancestor = &mmref_v6_1,
	.summary = "v2: each DAX entry holds its pages and their device",

	MMREF_RULE(busy, williams_2022_first_not_idle),
	MMREF_RULE(idle, v6_15_count_is_zero),
	MMREF_RULE(idle_peek, v6_15_count_is_zero_peek),
	MMREF_RULE(wait_address, v6_15_address_of_page),

	MMREF_RULE(read_fault_dirties, true),
	MMREF_RULE(punch_writes_back, true),
	MMREF_RULE(associate, dax_associate_entry),
	MMREF_RULE(disassociate, dax_disassociate_entry),
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
	MMREF_RULE(evict_begin, ext4_break_layouts),



	/* fs/dax.c, mm/truncate.c */

	/* mm/gup.c, mm/swap.c, io_uring */

	/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */

	/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
	.devmap_managed_enable_get = MMREF_GONE,
	.devmap_managed_enable_put = MMREF_GONE,
	.__put_devmap_managed_page_refs = MMREF_GONE,
	.get_dev_pagemap_many	= get_dev_pagemap_many,
	.put_dev_pagemap_many	= put_dev_pagemap_many,
	.__init_zone_device_page = __init_zone_device_page,
	.free_zone_device_page	= free_zone_device_page,

	/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */

	.taken = (const struct mmref_taken[]){
		/* fs/dax.c, mm/truncate.c */
		/* mm/gup.c, mm/swap.c, io_uring */
		/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */
		/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
		MMREF_TAKEN(mmref_v6_15, memremap_pages),
		MMREF_TAKEN(mmref_v6_15, memunmap_pages),
		/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */
		{ 0 },
	},
};
