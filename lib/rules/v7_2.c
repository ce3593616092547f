/* SPDX-License-Identifier: MIT */
/*
 * Linux 7.2: the counting of 6.15, and a PMD that looks like what it is.
 *
 *	count, mapcount, idle and pgmap as in v6_15.c
 *
 * The PMD of a folio is not special any more, so that GUP-fast takes it and the
 * zap asks vm_normal_page_pmd(). An entry that goes warns of a single page that is
 * still held, too. An umount forgets the holder's operations before it gives the device up.
 */
#include <mmref/kernel.h>

#include "rules/rules.h"

static int (dax_folio_reset_order)(struct folio *folio)
{
	struct dev_pagemap *pgmap = READ_ONCE(folio->page.pgmap);
	int order = folio_order(folio);

	WRITE_ONCE(folio->page.mapping, NULL);
	WRITE_ONCE(folio->page.share, 0);
	if (order)
		v6_15_folio_to_pages(folio, pgmap);
	else
		WRITE_ONCE(folio->page.pgmap, pgmap);
	return order;
}

/* First let go, down to pages of order 0, and then warn of a count. */
static unsigned long (dax_folio_put)(struct folio *folio)
{
	int order;

	if (dax_folio_is_shared(folio)) {
		unsigned long share = READ_ONCE(folio->page.share) - 1;

		WRITE_ONCE(folio->page.share, share);
		if (share)
			return share;
	}
	order = dax_folio_reset_order(folio);
	for (unsigned long i = 0; i < 1UL << order; i++)
		WARN_ON_ONCE(atomic_read(&folio_page(folio, i)->_refcount));
	return 0;
}

/* percpu_ref_tryget_many() asks only whether the count is 0, and not whether the device is going. */
static void (zone_device_page_init)(struct page *page, struct dev_pagemap *pgmap, unsigned int order)
{
	bool live, dying;

	for (unsigned long i = 0; i < 1UL << order; i++) {
		WRITE_ONCE(page[i].flags, 0);	/* the bits of an order lie where these do */
		WRITE_ONCE(page[i].mapping, NULL);
		WRITE_ONCE(page[i].pgmap, pgmap);
		WRITE_ONCE(page[i].share, 0);
		WARN_ON_ONCE(debug_vm() && folio_ref_count((struct folio *)&page[i]));
	}
	dying = pgmap_is_dying_peek(pgmap);	/* before it is asked: no doubt is left */
	live = percpu_ref_tryget_many(&pgmap->ref, 1UL << order);
	WARN_ON_ONCE(!live);
	zone_device_page_taken(page, dying);
	lock_page(&page->flags);
	if (order)
		prep_compound_page(page, order);
}

/* The next holder finds no operations, and those that it stores stay. */
static void (fs_put_dax)(struct dax_device *dax_dev, struct super_block *holder)
{
	struct super_block *prev;

	if (!holder)
		return;
	WRITE_ONCE(dax_dev->holder_ops, NULL);
	prev = cmpxchg(&dax_dev->holder_data, holder, NULL);
	WARN_ON(prev && prev != holder);
}

/* A page on its way into the page table counts 1, and 0 again where the insert fails. */
static int (p2pmem_alloc_mmap)(struct p2pdma_device *pdev, struct vm_area_struct *vma)
{
	unsigned long len = vma->vm_end - vma->vm_start;
	struct percpu_ref *ref;
	struct page *page;
	int ret;

	page = p2pmem_alloc_pages(pdev, len, &ref);
	if (IS_ERR(page))
		return PTR_ERR(page);
	for (unsigned long vaddr = vma->vm_start; vaddr < vma->vm_end; vaddr++) {
		WARN_ON_ONCE(debug_vm() && folio_ref_count((struct folio *)page));
		set_page_count(page, 1);
		ret = vm_insert_page(vma, vaddr, page);
		if (ret) {
			gen_pool_free(&pdev->pool, page, len);
			set_page_count(page, 0);
			percpu_ref_put(ref);
			return ret;
		}
		percpu_ref_get(ref);
		put_page(page, HELD_BY_BASE);
		page++;
		len--;
	}
	percpu_ref_put(ref);
	return 0;
}

/* --- mm/memory.c, mm/huge_memory.c ------------------------------------------- */

/* One reference for the whole folio. A pfn without one, and the huge zero page, are special. */
static vm_fault_t (insert_pmd)(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd,
			       struct folio_or_pfn fop, bool write)
{
	unsigned long pfn = fop.is_folio ? page_to_pfn(&fop.folio->page) : fop.pfn;
	struct mm_struct *mm = vma->vm_mm;

	(void)addr;
	spin_lock(&mm->page_table_lock);
	if (PEEK(*pmd)) {
		insert_pmd_again(pmd, pfn, write);
	} else if (fop.is_folio && !is_zero_folio(fop.folio)) {
		folio_get(fop.folio, HELD_BY_PMD);
		folio_add_file_rmap_pmd(fop.folio, &fop.folio->page, vma);
		set_pmd(pmd, pfn_pte(pfn, write, 0));
	} else {
		set_pmd(pmd, pfn_pte(pfn, write, PTE_SPECIAL));
	}
	spin_unlock(&mm->page_table_lock);
	return VM_FAULT_NOPAGE;
}

static vm_fault_t (vmf_insert_pfn_pmd)(struct vm_fault *vmf, unsigned long pfn, bool write)
{
	struct folio_or_pfn fop = { .pfn = pfn };

	return insert_pmd(vmf->vma, vmf->address & ~(ptrs_per_pte() - 1), vmf->pmd, fop, write);
}

static vm_fault_t (vmf_insert_folio_pmd)(struct vm_fault *vmf, struct folio *folio, bool write)
{
	struct folio_or_pfn fop = { .folio = folio, .is_folio = true };

	if (WARN_ON_ONCE(folio_order(folio) != pmd_order()))
		return VM_FAULT_SIGBUS;
	return insert_pmd(vmf->vma, vmf->address & ~(ptrs_per_pte() - 1), vmf->pmd, fop, write);
}

static void (zap_huge_pmd_folio)(struct vm_area_struct *vma, pmd_t pmdval, struct folio *folio)
{
	folio_remove_rmap_pmd(folio, &folio->page, vma);
	if (!folio_test_anon(folio))
		folio_mark_zapped(folio, pmdval);
}

static struct folio *vm_normal_folio_pmd(struct vm_area_struct *vma, unsigned long addr, pmd_t pmd)
{
	struct page *page = vm_normal_page_pmd(vma, addr, pmd);

	return page ? page_folio(page) : NULL;
}

static bool (zap_huge_pmd)(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
			   unsigned long addr)
{
	struct folio *folio;
	spinlock_t *ptl;
	pmd_t orig_pmd;

	ptl = pmd_trans_huge_lock(pmd, vma);
	if (!ptl)
		return false;
	orig_pmd = pmdp_get_and_clear(pmd);
	tlb_remove_tlb_entry(tlb);
	folio = vm_normal_folio_pmd(vma, addr, orig_pmd);
	if (folio)
		zap_huge_pmd_folio(vma, orig_pmd, folio);
	spin_unlock(ptl);
	if (folio)
		tlb_remove_page_size(tlb, folio);
	return true;
}

/* Whoever finds a device-private page locked sleeps until it is not, and holds nothing of it. */
static vm_fault_t (do_swap_page)(struct vm_fault *vmf)
{
	vm_fault_t fault;

	if (vmf->orig_pte & PTE_MIGRATION) {
		migration_entry_wait(vmf->vma->vm_mm, vmf->pmd, vmf->address);
		return 0;
	}
	vmf->page = pte_page(vmf->orig_pte);
	if (!pte_lock_same(vmf))
		return 0;
	if (!trylock_page(&vmf->page->flags)) {
		migration_entry_wait_on_locked(&vmf->page->flags, &vmf->table->ptl);
		return 0;
	}
	folio_get(page_folio(vmf->page), HELD_BY_TRANSIENT);
	spin_unlock(&vmf->table->ptl);
	fault = READ_ONCE(vmf->page->pgmap)->ops->migrate_to_ram(vmf);
	unlock_page(&vmf->page->flags);
	put_page(vmf->page, HELD_BY_TRANSIENT);
	return fault;
}

const struct mmref_rules mmref_v7_2 = {
	.name			= "v7.2",
	.ancestor		= &mmref_v6_15,
	.summary		= "as v6.15; a PMD is found by GUP-fast like a PTE",

	MMREF_RULE(fallocate_breaks_first, true),
	MMREF_RULE(read_finds_shared, true),

	MMREF_RULE(gup_admit, v6_15_not_special),
	MMREF_RULE(gup_admit_pmd, v6_15_follow_huge_pmd),
	MMREF_RULE(gup_grab, v6_12_try_grab_folio_fast),
	MMREF_RULE(gup_grab_leaf, v6_15_gup_fast_pmd_leaf),
	MMREF_RULE(gup_grab_locked, v6_12_try_grab_folio),
	MMREF_RULE(gup_unchanged, v6_1_pmd_and_pte_unchanged),
	MMREF_RULE(gup_fast_allowed, v6_12_gup_fast_folio_allowed),
	MMREF_RULE(io_uring_takes_files, true),

	MMREF_RULE(put_page, v6_15_folio_put_page),
	MMREF_RULE(folio_put, v6_15_folio_put_refs),
	MMREF_RULE(free, v6_12_free),

	MMREF_RULE(break_layout, v6_15_break_layouts),
	MMREF_RULE(evict_begin, v6_15_break_layout_final),
	MMREF_RULE(fuse_breaks_all, true),
	MMREF_RULE(fuse_evict_begin, v6_15_break_layout_final),

	/* fs/dax.c, mm/truncate.c */
	.dax_folio_reset_order = dax_folio_reset_order,
	.dax_folio_put = dax_folio_put,

	/* mm/gup.c, mm/swap.c, io_uring */

	/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */
	.insert_pmd = insert_pmd,
	.insert_pfn_pmd = MMREF_GONE,
	.vmf_insert_pfn_pmd = vmf_insert_pfn_pmd,
	.vmf_insert_folio_pmd = vmf_insert_folio_pmd,
	.zap_huge_pmd = zap_huge_pmd,
	.zap_huge_pmd_folio = zap_huge_pmd_folio,
	.do_swap_page = do_swap_page,

	/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
	.zone_device_page_init	= zone_device_page_init,
	.fs_put_dax		= fs_put_dax,
	.p2pmem_alloc_mmap	= p2pmem_alloc_mmap,

	/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */
};
