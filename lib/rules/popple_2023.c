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
 * Each mapping takes its reference with folio_get(), the first of them of a
 * folio that counts 0: a VM_BUG_ON. What it would do from there on is seen where
 * that check is off. Eviction and the scan for busy pages are those of v6.1.
 */
#include <mmref/kernel.h>

#include "rules/rules.h"

/* Page by page, a PTE not being told from a pin. */
static struct page *(dax_busy_page)(void *entry)
{
	unsigned long pfn;

	for_each_mapped_pfn(entry, pfn) {
		struct page *page = pfn_to_page(pfn);

		if (atomic_read(&page->_refcount))
			return page;
	}
	return NULL;
}

/*
 * dax_associate_new_entry() and dax_device_folio_init(), fs/dax.c: a folio is left as it was made
 * until a page of it comes back in another order. Only the head is told; the tails go on leading to
 * it. Of a shared extent no page is told.
 */
static void (dax_associate_entry)(void *entry, struct address_space *mapping,
				  struct vm_area_struct *vma, unsigned long address, bool shared)
{
	pgoff_t index = linear_page_index(vma, address & ~(dax_entry_size(entry) - 1));
	unsigned int order = dax_entry_order(entry);
	struct folio *folio;

	if (shared || !dax_names_page(entry))
		return;
	folio = dax_to_folio(entry);
	WARN_ON_ONCE(folio_ref_count(folio));
	WARN_ON_ONCE(READ_ONCE(folio->page.mapping));
	if (folio_order(folio) != order)
		WRITE_ONCE(folio->page.flags, PEEK(folio->page.flags) & ~(unsigned long)PG_head);
	if (order)
		prep_compound_page(&folio->page, order);
	WRITE_ONCE(folio->page.mapping, mapping);
	WRITE_ONCE(folio->page.index, index);
}

/* The page is not told that its entry goes. */
static void (dax_disassociate_entry)(void *entry, struct address_space *mapping, bool trunc)
{
	(void)entry;
	(void)mapping;
	(void)trunc;
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

/* Nothing is held while the page is inserted. */
static vm_fault_t (dax_fault_iter)(struct vm_fault *vmf, const struct iomap_iter *iter,
				   struct xa_state *xas, void **entry, bool pmd)
{
	bool write = iter->flags & IOMAP_WRITE;
	unsigned long pfn;

	if (!pmd && vmf->cow_page)
		return dax_fault_cow_page(vmf, iter);
	if (!write && !is_written(iter->iomap.block))
		return pmd ? dax_pmd_load_hole(xas, vmf, iter, entry) :
			     dax_load_hole(xas, vmf, iter, entry);

	if (dax_iomap_direct_access(&iter->iomap, &pfn))
		return pmd ? VM_FAULT_FALLBACK : VM_FAULT_SIGBUS;

	*entry = dax_insert_entry(xas, vmf, iter, *entry, pfn, pmd ? DAX_PMD : 0);

	if (write && iter->iomap.flags & IOMAP_F_SHARED &&
	    dax_iomap_copy_around(iter->len, &iter->srcmap, pfn))
		return VM_FAULT_SIGBUS;

	if (pmd)
		return vmf_insert_folio_pmd(vmf, page_folio(pfn_to_page(pfn)), write);
	return vmf_insert_page_mkwrite(vmf, pfn_to_page(pfn), write);
}

const struct mmref_rules mmref_popple_2023 = {
	.name = "popple-2023",
	.ancestor = &mmref_v6_1,
	.summary = "RFC: each PTE holds one, the first by folio_get() at 0",

	/* fs/dax.c */
	.dax_associate_entry = dax_associate_entry,
	.dax_disassociate_entry = dax_disassociate_entry,
	.dax_busy_page = dax_busy_page,
	.dax_fault_iter = dax_fault_iter,

	/* mm/huge_memory.c */
	.vmf_insert_folio_pmd = vmf_insert_folio_pmd,

	/* mm/memremap.c */
	.free_zone_device_page = free_zone_device_page,

	/* functions that this kernel does not have any more */
	.put_devmap_managed_folio_refs = MMREF_GONE,
	.devmap_managed_enable_get = MMREF_GONE,
	.devmap_managed_enable_put = MMREF_GONE,
	.__put_devmap_managed_page_refs = MMREF_GONE,
	.__invalidate_device = MMREF_GONE,

	.taken = (const struct mmref_taken[]){
		MMREF_TAKEN(mmref_v6_12, __dax_clear_dirty_range),
		MMREF_TAKEN(mmref_v6_15, wait_page_idle),
		MMREF_TAKEN(mmref_v6_12, dax_insert_entry),
		MMREF_TAKEN(mmref_v6_12, dax_iomap_iter),
		MMREF_TAKEN(mmref_v6_15, dax_page_is_idle),
		MMREF_TAKEN(mmref_v6_15, try_get_folio),
		MMREF_TAKEN(mmref_v6_15, gup_put_folio),
		MMREF_TAKEN(mmref_v6_15, zap_huge_pmd),
		MMREF_TAKEN(mmref_v6_15, __split_huge_pmd_locked),
		MMREF_TAKEN(mmref_v6_15, put_page),
		MMREF_TAKEN(mmref_v6_15, folios_put_refs),
		MMREF_TAKEN(mmref_v6_12, io_pin_pages),
		MMREF_TAKEN(mmref_v6_12, zap_present_ptes),
		MMREF_TAKEN(mmref_v6_15, insert_page_into_pte_locked),
		MMREF_TAKEN(mmref_v6_15, vmf_insert_page_mkwrite),
		MMREF_TAKEN(mmref_v6_15, memremap_pages),
		MMREF_TAKEN(mmref_v6_15, memunmap_pages),
		MMREF_TAKEN(mmref_v6_15, __init_zone_device_page),
		MMREF_TAKEN(mmref_v6_12, kill_dax),
		MMREF_TAKEN(mmref_v6_15, __dev_dax_pmd_fault),
		MMREF_TAKEN(mmref_v6_12, fs_bdev_mark_dead),
		MMREF_TAKEN(mmref_v6_12, del_gendisk),
		MMREF_TAKEN(mmref_v6_12, bdev_mark_dead),
		MMREF_TAKEN(mmref_williams_2022_v2, ext4_break_layouts),
		MMREF_TAKEN(mmref_v6_12, xfs_read_iomap_begin),
		MMREF_TAKEN(mmref_williams_2022_v2, xfs_break_dax_layouts),
		MMREF_TAKEN(mmref_williams_2022_v2, xfs_mmaplock_two_inodes_and_break_dax_layout),
		MMREF_TAKEN(mmref_williams_2022_v2, __fuse_dax_break_layouts),
		{ 0 },
	},
};
