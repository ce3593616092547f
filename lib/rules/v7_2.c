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

#include "fs/fuse/fuse.h"
#include "rules/rules.h"

static int (dax_folio_reset_order)(struct folio *folio)
{
	struct dev_pagemap *pgmap = READ_ONCE(folio->page.pgmap);
	int order = folio_order(folio);

	WRITE_ONCE(folio->page.mapping, NULL);
	WRITE_ONCE(folio->page.share, 0);
	if (order)
		v6_15_dax_folio_reset_order(folio, pgmap);
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
	if (!pte_unmap_same(vmf))
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

/* --- mm/gup.c: no entry is devmap, and no pgmap is looked up --- */

static int (gup_fast_pte_range)(pmd_t pmd, pmd_t *pmdp, unsigned long addr, unsigned long end,
				unsigned int flags, struct page **pages, int *nr)
{
	pte_t *ptep = pte_offset_kernel(pmd, addr);

	do {
		pte_t pte = ptep_get(ptep);
		struct folio *folio;
		struct page *page;

		if (!pte_access_permitted(pte, flags & FOLL_WRITE))
			return 0;
		if (pte & PTE_SPECIAL)
			return 0;
		page = pte_page(pte);
		if (page) {
			folio = try_grab_folio_fast(page, 1, flags);
			if (!folio)
				return 0;
			if (READ_ONCE(*pmdp) != pmd || ptep_get(ptep) != pte ||
			    !gup_fast_folio_allowed(folio, flags) ||
			    (!pte_write(pte) && gup_must_unshare(NULL, flags, page))) {
				gup_put_folio(folio, 1, flags);
				return 0;
			}
			folio_set_referenced(folio);
		}
		pages[(*nr)++] = page;
	} while (ptep++, ++addr != end);
	return 1;
}

static int (gup_fast_pmd_leaf)(pmd_t orig, pmd_t *pmdp, unsigned long addr, unsigned long end,
			       unsigned int flags, struct page **pages, int *nr)
{
	int refs = end - addr;
	struct folio *folio;
	struct page *page;

	if (!pmd_access_permitted(orig, flags & FOLL_WRITE))
		return 0;
	if (orig & PTE_SPECIAL)
		return 0;
	page = pte_page(orig) + (addr & (ptrs_per_pte() - 1));
	folio = try_grab_folio_fast(page, refs, flags);
	if (!folio)
		return 0;
	if (READ_ONCE(*pmdp) != orig || !gup_fast_folio_allowed(folio, flags) ||
	    (!pte_write(orig) && gup_must_unshare(NULL, flags, &folio->page))) {
		gup_put_folio(folio, refs, flags);
		return 0;
	}
	for (; refs; refs--)
		pages[(*nr)++] = page++;
	folio_set_referenced(folio);
	return 1;
}

static struct page *(follow_page_pte)(struct vm_area_struct *vma, unsigned long address, pmd_t *pmd,
				      unsigned int flags, struct dev_pagemap **pgmap)
{
	struct pte_table *table;
	struct page *page = NULL;
	struct folio *folio;
	pte_t *ptep, pte;
	int ret;

	(void)pmd;
	(void)pgmap;
	table = pte_offset_map(vma->vm_mm, address, &ptep);
	if (!table)
		return NULL;
	spin_lock(&table->ptl);
	pte = PEEK_SHARED(*ptep);
	if (!pte_access_permitted(pte, flags & FOLL_WRITE))
		goto out;
	page = vm_normal_page(vma, address, pte);
	if (!page) {
		page = pte_page(pte) ? ERR_PTR(-EEXIST) : NO_STRUCT_PAGE;
		goto out;
	}
	folio = page_folio(page);
	if (!pte_write(pte) && gup_must_unshare(vma, flags, page)) {
		page = ERR_PTR(-EMLINK);
		goto out;
	}
	ret = try_grab_folio(folio, 1, flags);
	if (ret) {
		page = ERR_PTR(ret);
		goto out;
	}
	if (flags & FOLL_TOUCH)
		folio_mark_accessed(folio);
out:
	spin_unlock(&table->ptl);
	return page;
}

static struct page *(follow_pmd_mask)(struct vm_area_struct *vma, unsigned long address,
				      unsigned int flags, struct follow_page_context *ctx)
{
	struct mm_struct *mm = vma->vm_mm;
	pmd_t *pmd = pmd_offset(mm, address);
	pmd_t pmdval = READ_ONCE(*pmd);
	struct page *page = NULL;

	if (!pmdval)
		return NULL;
	if (!pmd_leaf(pmdval))
		return follow_page_pte(vma, address, pmd, flags, NULL);
	spin_lock(&mm->page_table_lock);
	if (pmd_leaf(PEEK_SHARED(*pmd)))
		page = follow_huge_pmd(vma, address, pmd, flags, ctx);
	spin_unlock(&mm->page_table_lock);
	return page;
}

/* io_uring/tctx.c: a lock of its own, which no register or unregister takes. */
static void (io_uring_del_tctx_node)(struct io_ring_ctx *ctx)
{
	mutex_lock(&ctx->tctx_lock);
	mutex_unlock(&ctx->tctx_lock);
}

/* befd9a71d859: virtiofs, too, waits until nobody holds a page of the file. */
static void (fuse_evict_inode)(struct inode *inode)
{
	dax_break_layout_final(inode);
	truncate_inode_pages_final(&inode->i_mapping);
	clear_inode(inode);
	fuse_queue_forget(inode);
}

const struct mmref_rules mmref_v7_2 = {
	.name = "v7.2",
	.ancestor = &mmref_v6_15,
	.summary = "as v6.15; a PMD is found by GUP-fast like a PTE",

	/* fs/dax.c */
	.dax_folio_reset_order = dax_folio_reset_order,
	.dax_folio_put = dax_folio_put,

	/* mm/gup.c */
	.follow_page_pte = follow_page_pte,
	.follow_pmd_mask = follow_pmd_mask,
	.gup_fast_pte_range = gup_fast_pte_range,
	.gup_fast_pmd_leaf = gup_fast_pmd_leaf,

	/* mm/huge_memory.c */
	.vmf_insert_pfn_pmd = vmf_insert_pfn_pmd,
	.vmf_insert_folio_pmd = vmf_insert_folio_pmd,
	.insert_pmd = insert_pmd,
	.zap_huge_pmd = zap_huge_pmd,
	.zap_huge_pmd_folio = zap_huge_pmd_folio,

	/* io_uring/tctx.c */
	.io_uring_del_tctx_node = io_uring_del_tctx_node,

	/* mm/memory.c */
	.do_swap_page = do_swap_page,

	/* mm/memremap.c */
	.zone_device_page_init = zone_device_page_init,

	/* drivers/dax/super.c */
	.fs_put_dax = fs_put_dax,

	/* drivers/pci/p2pdma.c */
	.p2pmem_alloc_mmap = p2pmem_alloc_mmap,

	/* fs/fuse/inode.c */
	.fuse_evict_inode = fuse_evict_inode,

	/* functions that this kernel does not have any more */
	.gup_fast_undo_dev_pagemap = MMREF_GONE,
	.gup_fast_devmap_leaf = MMREF_GONE,
	.gup_fast_devmap_pmd_leaf = MMREF_GONE,
	.follow_devmap_pmd = MMREF_GONE,
	.insert_pfn_pmd = MMREF_GONE,

	.taken = (const struct mmref_taken[]){
		MMREF_TAKEN(mmref_v6_12, check_and_migrate_movable_pages),
		{ 0 },
	},
};
