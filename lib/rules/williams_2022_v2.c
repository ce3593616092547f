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

/*
 * __init_zone_device_page(), mm/page_alloc.c: INIT_PAGEMAP_IDLE, as pmem and device-dax ask.
 * What a driver allocates is free at 0 as in 6.1.
 */
static int zero_where_asked_for(enum mmref_memory_type type)
{
	return type == MEMORY_DEVICE_PCI_P2PDMA;
}

/* dax_associate_entry(), fs/dax.c: get_dev_pagemap_many(), and then a reference to each page. */
static bool dax_associate_entry(struct address_space *mapping, struct page *page,
				unsigned long index, unsigned int order)
{
	struct dev_pagemap *pgmap = get_dev_pagemap(page_to_pfn(page));
	unsigned long nr = 1UL << order;

	if (!pgmap)
		return false;
	if (nr > 1)
		percpu_ref_get_many_at(SITE("get_dev_pagemap_many"), &pgmap->ref, nr - 1);
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
	percpu_ref_put_many_at(SITE("put_dev_pagemap_many"), &READ_ONCE(page->pgmap)->ref, nr);
}

/* free_zone_device_page(), mm/memremap.c: the pgmap of a file's page is none of its business. */
static void free_zone_device_page(struct folio *folio)
{
	enum mmref_memory_type type = folio_type(folio);

	wake_up_var(&folio->page);
	if (type == MEMORY_DEVICE_FS_DAX || type == MEMORY_DEVICE_GENERIC)
		WRITE_ONCE(folio->page.mapping, NULL);
	else
		v6_1_free_zone_device_page(folio);
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

	MMREF_RULE(initial_count, zero_where_asked_for),
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
	MMREF_RULE(free, free_zone_device_page),

	MMREF_RULE(break_layout, dax_break_layout),
	MMREF_RULE(layout_busy_page, dax_layout_busy_page),
	MMREF_RULE(scan_locked_entry, v6_1_skip_locked_entry),
	MMREF_RULE(zap_entry, dax_zap_pages),
	MMREF_RULE(evict_begin, ext4_break_layouts),

	MMREF_RULE(pgmap_references, v6_1_pfn_len),
	MMREF_RULE(pgmap_teardown, v6_1_memunmap_pages),
	MMREF_RULE(bdev_dead, v6_1_invalidate_device),

	MMREF_RULE(device_page_init, v6_1_zone_device_page_init),

	/* fs/dax.c, mm/truncate.c */

	/* mm/gup.c, mm/swap.c, io_uring */

	/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */

	/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */

	/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */

	.taken = (const struct mmref_taken[]){
		/* fs/dax.c, mm/truncate.c */
		/* mm/gup.c, mm/swap.c, io_uring */
		/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */
		/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
		/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */
		{ 0 },
	},
};
