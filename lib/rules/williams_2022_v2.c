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

#include "fs/ext4/ext4.h"
#include "rules/rules.h"

/* get_dev_pagemap_many(), and then a reference to each page. */
static vm_fault_t (dax_associate_entry)(void *entry, struct address_space *mapping, pgoff_t index)
{
	unsigned long nr = dax_entry_size(entry), pfn;

	if (!nr)
		return 0;
	if (!get_dev_pagemap_many(dax_to_pfn(entry), NULL, nr))
		return VM_FAULT_SIGBUS;
	for_each_mapped_pfn(entry, pfn) {
		struct page *page = pfn_to_page(pfn);

		WARN_ON_ONCE(READ_ONCE(page->mapping));
		WRITE_ONCE(page->mapping, mapping);
		WRITE_ONCE(page->index, index++);
		folio_ref_inc(page_folio(page), HELD_BY_DAX_ENTRY);
	}
	return 0;
}

static void *(dax_insert_entry)(struct xa_state *xas, struct vm_fault *vmf,
				const struct iomap_iter *iter, void *entry, unsigned long pfn,
				unsigned long flags)
{
	return williams_2022_dax_insert_entry(xas, vmf, iter, entry, pfn, flags,
					      (dax_associate_entry));
}

/* The section is over when the pages are requested. */
static void *insert_after_srcu(struct vm_fault *vmf, const struct iomap_iter *iter,
			       struct xa_state *xas, void *entry, bool pmd, unsigned long *pfn)
{
	if (dax_iomap_direct_access(&iter->iomap, pfn))
		return xa_mk_internal(pmd ? VM_FAULT_FALLBACK : VM_FAULT_SIGBUS);
	return dax_insert_entry(xas, vmf, iter, entry, *pfn, pmd ? DAX_PMD : 0);
}

static vm_fault_t (dax_fault_iter)(struct vm_fault *vmf, const struct iomap_iter *iter,
				   struct xa_state *xas, void **entry, bool pmd)
{
	return williams_2022_dax_fault_iter(vmf, iter, xas, entry, pmd, insert_after_srcu);
}

/* dax_zap_pages(), fs/dax.c */
static void dax_zap_pages(void *entry)
{
	unsigned long pfn;

	for_each_mapped_pfn(entry, pfn)
		folio_ref_sub_return_at(SITE("page_ref_dec"), page_folio_peek(pfn_to_page(pfn)), 1,
					HELD_BY_DAX_ENTRY);
}

static struct page *(dax_layout_busy_page_range)(struct address_space *mapping, pgoff_t start,
						 pgoff_t end)
{
	return williams_2022_dax_layout_busy_page_range(mapping, start, end, dax_zap_pages);
}

/* A mapping just cleared is asked whether it is CoW. */
static void (dax_disassociate_entry)(void *entry, struct address_space *mapping, bool trunc)
{
	unsigned long nr = dax_entry_size(entry);
	struct page *page = dax_to_page(entry);

	MMREF_AS(mmref_williams_2022, dax_disassociate_entry)(entry, mapping, trunc);
	if (!trunc || !nr)
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

/* As in 6.1, but it waits for the page to be idle at 0, and on the page itself. */
static int (ext4_break_layouts)(struct inode *inode)
{
	struct page *page;
	int error = 0;

	if (WARN_ON_ONCE(!rwsem_is_locked(&inode->i_mapping.invalidate_lock)))
		return -EINVAL;
	while (!error && (page = dax_layout_busy_page(&inode->i_mapping)))
		error = wait_page_idle(page, rules()->ext4_wait_dax_page, inode);
	return error;
}

/* It breaks the layout of a file, and does not look at what came of the wait. */
static void (ext4_evict_inode)(struct inode *inode)
{
	down_write(&inode->i_mapping.invalidate_lock);
	ext4_break_layouts(inode);
	up_write(&inode->i_mapping.invalidate_lock);
	truncate_inode_pages_final(&inode->i_mapping);
	if (!PEEK(inode->i_nlink))
		ext4_evict_truncate(inode);
	clear_inode(inode);
}

static int (xfs_break_dax_layouts)(struct inode *inode, bool *retry)
{
	struct page *page = dax_layout_busy_page(&inode->i_mapping);

	if (!page)
		return 0;
	*retry = true;
	return wait_page_idle(page, rules()->xfs_wait_dax_page, inode);
}

static int (xfs_mmaplock_two_inodes_and_break_dax_layout)(struct inode *ip1, struct inode *ip2)
{
	struct page *page;
	bool retry;
	int error;

	if (ip1->i_ino > ip2->i_ino)
		swap(ip1, ip2);
again:
	retry = false;
	down_write(&ip1->i_mapping.invalidate_lock);
	error = xfs_break_dax_layouts(ip1, &retry);
	if (error || retry) {
		up_write(&ip1->i_mapping.invalidate_lock);
		if (!error)
			goto again;
		return error;
	}

	down_write(&ip2->i_mapping.invalidate_lock);
	page = dax_layout_busy_page(&ip2->i_mapping);
	if (page && !dax_page_is_idle(page)) {
		up_write(&ip2->i_mapping.invalidate_lock);
		up_write(&ip1->i_mapping.invalidate_lock);
		goto again;
	}
	return 0;
}

static void (xfs_fs_evict_inode)(struct inode *inode)
{
	down_write(&inode->i_mapping.invalidate_lock);
	xfs_break_layouts(inode);
	up_write(&inode->i_mapping.invalidate_lock);
	truncate_inode_pages_final(&inode->i_mapping);
	clear_inode(inode);
}

static int (__fuse_dax_break_layouts)(struct inode *inode, bool *retry, pgoff_t start, pgoff_t end)
{
	struct page *page = dax_layout_busy_page_range(&inode->i_mapping, start, end);

	if (!page)
		return 0;
	*retry = true;
	return wait_page_idle(page, rules()->fuse_wait_dax_page, inode);
}

const struct mmref_rules mmref_williams_2022_v2 = {
	.name = "williams-2022-v2",
	.ancestor = &mmref_v6_1,
	.summary = "v2: each DAX entry holds its pages and their device",

	/* fs/dax.c */
	.dax_disassociate_entry = dax_disassociate_entry,
	.dax_layout_busy_page_range = dax_layout_busy_page_range,
	.dax_insert_entry = dax_insert_entry,
	.dax_fault_iter = dax_fault_iter,

	/* mm/memremap.c */
	.get_dev_pagemap_many = get_dev_pagemap_many,
	.free_zone_device_page = free_zone_device_page,

	/* include/linux/memremap.h */
	.put_dev_pagemap_many = put_dev_pagemap_many,

	/* mm/mm_init.c */
	.__init_zone_device_page = __init_zone_device_page,

	/* fs/ext4/inode.c */
	.ext4_break_layouts = ext4_break_layouts,
	.ext4_evict_inode = ext4_evict_inode,

	/* fs/xfs/xfs_inode.c */
	.xfs_break_dax_layouts = xfs_break_dax_layouts,
	.xfs_mmaplock_two_inodes_and_break_dax_layout = xfs_mmaplock_two_inodes_and_break_dax_layout,

	/* fs/xfs/xfs_super.c */
	.xfs_fs_evict_inode = xfs_fs_evict_inode,

	/* fs/fuse/dax.c */
	.__fuse_dax_break_layouts = __fuse_dax_break_layouts,

	/* functions that this kernel does not have any more */
	.gup_fast_undo_dev_pagemap = MMREF_GONE,
	.put_devmap_managed_folio_refs = MMREF_GONE,
	.devmap_managed_enable_get = MMREF_GONE,
	.devmap_managed_enable_put = MMREF_GONE,
	.__put_devmap_managed_page_refs = MMREF_GONE,

	.taken = (const struct mmref_taken[]){
		MMREF_TAKEN(mmref_williams_2022, dax_busy_page),
		MMREF_TAKEN(mmref_v6_15, wait_page_idle),
		MMREF_TAKEN(mmref_v6_15, dax_page_is_idle),
		MMREF_TAKEN(mmref_v6_15, try_get_folio),
		MMREF_TAKEN(mmref_v6_15, gup_put_folio),
		MMREF_TAKEN(mmref_williams_2022, follow_page_pte),
		MMREF_TAKEN(mmref_williams_2022, gup_fast_pte_range),
		MMREF_TAKEN(mmref_williams_2022, gup_fast_devmap_leaf),
		MMREF_TAKEN(mmref_williams_2022, gup_fast_devmap_pmd_leaf),
		MMREF_TAKEN(mmref_williams_2022, follow_devmap_pmd),
		MMREF_TAKEN(mmref_v6_15, put_page),
		MMREF_TAKEN(mmref_v6_15, folios_put_refs),
		MMREF_TAKEN(mmref_v6_15, memremap_pages),
		MMREF_TAKEN(mmref_v6_15, memunmap_pages),
		{ 0 },
	},
};
