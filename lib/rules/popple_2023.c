/* SPDX-License-Identifier: MIT */
/*
 * "fs/dax: Properly refcount fs dax pages", Alistair Popple's RFC: the counting that
 * v6.15 brought, without the reference that lets a fault begin. Of the posting of
 * November 2023 the crash is known, of that of April 2024 the text, which is this.
 *
 *	count = PTEs + gets + 1024 * pins	(order 0)	mapcount = PTEs
 *	count = PTEs + PMDs + gets + pins	(large folio; pins also in _pincount)
 *	idle  = 0; a DAX entry counts nothing, and goes with the last reference
 *	pgmap = as in v6_1.c; no entry is devmap, so that GUP does not touch it
 *
 * Whoever maps a page takes the reference with folio_get(), the first of them of a
 * folio that counts 0: a VM_BUG_ON. What it would do from there on is seen where
 * that check is off. Eviction and the scan for busy pages are those of v6.1.
 */
#include <mmref/kernel.h>

#include "rules/rules.h"

/* dax_busy_page(), fs/dax.c: page by page, a PTE not being told from a pin. */
static struct page *count_not_zero(struct page *page, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++)
		if (atomic_read(&page[i]._refcount))
			return &page[i];
	return NULL;
}

/*
 * dax_associate_new_entry() and dax_device_folio_init(), fs/dax.c: a folio is left as
 * it was made until a page of it comes back in another order. Only the head is
 * told; the tails go on leading to it.
 */
static bool dax_associate_new_entry(struct address_space *mapping, struct page *page,
				    unsigned long index, unsigned int order)
{
	struct folio *folio = page_folio(page);

	WARN_ON_ONCE(folio_ref_count(folio));
	WARN_ON_ONCE(READ_ONCE(folio->page.mapping));
	if (folio_order(folio) != order)
		WRITE_ONCE(folio->page.flags, PEEK(folio->page.flags) & ~(unsigned long)PG_head);
	if (order)
		prep_compound_page(&folio->page, order);
	WRITE_ONCE(folio->page.mapping, mapping);
	WRITE_ONCE(folio->page.index, index);
	return true;
}

/* dax_insert_entry(), fs/dax.c: of a shared extent no page is told. */
static bool nothing_to_associate(struct address_space *mapping, struct page *page,
				 unsigned long index, unsigned int order)
{
	(void)mapping;
	(void)page;
	(void)index;
	(void)order;
	return true;
}

/* __dax_invalidate_entry(), fs/dax.c: the page is not told that its entry goes. */
static void nothing_to_disassociate(struct address_space *mapping, struct page *page,
				    unsigned int order, bool trunc)
{
	(void)mapping;
	(void)page;
	(void)order;
	(void)trunc;
}

/* gup_huge_pmd(), mm/gup.c */
static bool gup_huge_pmd(struct gup *gup, pmd_t pmd, struct page *page, int nr)
{
	gup->leaf = v6_15_not_special(gup, pmd) ? v6_1_try_grab_folio(gup, page, nr) : NULL;
	return gup->leaf;
}

/* dax_page_free(), fs/dax.c: the last put removes the entry, and may sleep for it. */
static void dax_page_free(struct folio *folio)
{
	struct address_space *mapping = READ_ONCE(folio->page.mapping);

	if (!mapping) {
		kernel_bug(SITE("xas_lock_irq"), &folio->page, "a freed page has no mapping");
		return;
	}
	dax_delete_mapping_entry(mapping, READ_ONCE(folio->page.index));
	wake_up_var(&folio->page);
}

/* The mapping goes last, be it a new one by now. */
static void (free_zone_device_page)(struct page *page)
{
	struct dev_pagemap *pgmap = READ_ONCE(page->pgmap);

	switch (pgmap->type) {
	case MEMORY_DEVICE_FS_DAX:
		dax_page_free((struct folio *)page);
		break;
	case MEMORY_DEVICE_GENERIC:
		set_page_count(page, 1);
		break;
	default:	/* as in 6.1, but a p2pdma page is not reset to 1 */
		WRITE_ONCE(page->mapping, NULL);
		pgmap->ops->page_free((struct folio *)page);
		if (pgmap->type != MEMORY_DEVICE_PCI_P2PDMA)
			put_dev_pagemap(pgmap);
		return;
	}
	WRITE_ONCE(page->mapping, NULL);
}

/* dax_insert_pfn_pmd(), mm/huge_memory.c: the fault holds no reference that this would add to. */
static vm_fault_t (vmf_insert_folio_pmd)(struct vm_fault *vmf, struct folio *folio, bool write)
{
	struct mm_struct *mm = vmf->vma->vm_mm;
	unsigned long pfn = page_to_pfn(&folio->page);

	spin_lock(&mm->page_table_lock);
	if (PEEK(*vmf->pmd)) {
		insert_pmd_again(vmf->pmd, pfn, write);
	} else {
		folio_get(folio, HELD_BY_PMD);
		folio_add_file_rmap_pmd(folio, &folio->page, vmf->vma);
		set_pmd(vmf->pmd, pfn_pte(pfn, write, 0));
	}
	spin_unlock(&mm->page_table_lock);
	return VM_FAULT_NOPAGE;
}

const struct mmref_rules mmref_popple_2023 = {
	.name			= "popple-2023",
	.ancestor		= &mmref_v6_1,
	.summary		= "RFC: each PTE holds one, the first by folio_get() at 0",

	MMREF_RULE(busy, count_not_zero),
	MMREF_RULE(idle, v6_15_count_is_zero),
	MMREF_RULE(idle_peek, v6_15_count_is_zero_peek),
	MMREF_RULE(wait_address, v6_15_address_of_page),

	MMREF_RULE(punch_writes_back, true),
	MMREF_RULE(associate, dax_associate_new_entry),
	MMREF_RULE(disassociate, nothing_to_disassociate),
	MMREF_RULE(read_finds_shared, true),
	MMREF_RULE(associate_shared, nothing_to_associate),
	MMREF_RULE(clone_looks_again, true),
	MMREF_RULE(cow_write_invalidates, true),

	MMREF_RULE(gup_admit, v6_15_not_special),
	MMREF_RULE(gup_admit_pmd, v6_15_follow_huge_pmd),
	MMREF_RULE(gup_grab, v6_1_try_grab_folio),
	MMREF_RULE(gup_grab_leaf, gup_huge_pmd),
	MMREF_RULE(gup_grab_locked, v6_1_try_grab_page),
	MMREF_RULE(gup_unchanged, v6_1_pmd_and_pte_unchanged),
	MMREF_RULE(io_uring_takes_files, true),
	MMREF_RULE(exit_takes_uring_lock, true),

	MMREF_RULE(put_page, v6_15_folio_put_page),
	MMREF_RULE(folio_put, v6_15_folio_put_refs),
	MMREF_RULE(free, v6_1_free),

	MMREF_RULE(break_layout, dax_break_layout),
	MMREF_RULE(layout_busy_page, dax_layout_busy_page),
	MMREF_RULE(layout_worth_scanning, v6_1_mapping_mapped),
	MMREF_RULE(scan_locked_entry, v6_1_skip_locked_entry),



	/* fs/dax.c, mm/truncate.c */

	/* mm/gup.c, mm/swap.c, io_uring */

	/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */
	.vmf_insert_folio_pmd = vmf_insert_folio_pmd,

	/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
	.devmap_managed_enable_get = MMREF_GONE,
	.devmap_managed_enable_put = MMREF_GONE,
	.__put_devmap_managed_page_refs = MMREF_GONE,
	.__invalidate_device	= MMREF_GONE,
	.free_zone_device_page	= free_zone_device_page,

	/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */

	.taken = (const struct mmref_taken[]){
		/* fs/dax.c, mm/truncate.c */
		/* mm/gup.c, mm/swap.c, io_uring */
		/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */
		MMREF_TAKEN(mmref_v6_15, insert_page_into_pte_locked),
		MMREF_TAKEN(mmref_v6_15, vmf_insert_page_mkwrite),
		MMREF_TAKEN(mmref_v6_12, zap_present_ptes),
		MMREF_TAKEN(mmref_v6_15, zap_huge_pmd),
		MMREF_TAKEN(mmref_v6_15, __split_huge_pmd_locked),
		/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
		MMREF_TAKEN(mmref_v6_15, memremap_pages),
		MMREF_TAKEN(mmref_v6_15, memunmap_pages),
		MMREF_TAKEN(mmref_v6_15, __init_zone_device_page),
		MMREF_TAKEN(mmref_v6_12, kill_dax),
		MMREF_TAKEN(mmref_v6_12, del_gendisk),
		MMREF_TAKEN(mmref_v6_12, bdev_mark_dead),
		MMREF_TAKEN(mmref_v6_12, fs_bdev_mark_dead),
		/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */
		{ 0 },
	},
};
