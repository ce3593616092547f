/* SPDX-License-Identifier: MIT */
/*
 * Linux 6.15: a device page is counted like any other page.
 *
 *	count = PTEs + gets + 1024 * pins	(order 0)	mapcount = PTEs
 *	count = PTEs + PMDs + gets + pins	(large folio; pins also in _pincount)
 *	idle  = 0; a DAX entry counts nothing, and a PMD's makes one folio of its pages
 *	pgmap = 1 + one a page from memremap_pages() to memunmap_pages(); GUP does
 *		not touch it, and a held page does not hold it
 *
 * The put that brings a count down to 0 wakes whoever truncates or evicts. A
 * truncate deletes the entries of the whole file once all of it is idle.
 *
 * A folio that several files share has no mapping, and counts its entries in share, which
 * is the word of its index. The first file that comes finds it free, and owns it.
 *
 * A PMD is set through insert_pfn_pmd(), which marks as special what is no
 * devmap: GUP-fast turns away from it, though it holds a reference, and the zap
 * must not ask vm_normal_page_pmd().
 */
#include <errno.h>

#include <mmref/kernel.h>

#include "rules/rules.h"

/* dax_busy_page(), fs/dax.c: of the folio, what is held beyond the page tables. */
struct page *v6_15_count_above_mapcount(struct page *page, unsigned int order)
{
	struct folio *folio = page_folio(page);

	(void)order;
	return folio_ref_count(folio) - folio_mapcount(folio) ? &folio->page : NULL;
}

/* dax_page_is_idle(), fs/dax.c */
bool v6_15_count_is_zero(struct page *page)
{
	return atomic_read(&page->_refcount) == 0;
}

bool v6_15_count_is_zero_peek(const struct page *page)
{
	return page_count_peek(page) == 0;
}

const volatile void *v6_15_address_of_page(struct page *page)
{
	return page;
}

/* dax_fault_iter(), fs/dax.c: the first reference is a plain increment, from 0 too. */
void v6_15_folio_ref_inc_from_any(struct folio *folio)
{
	folio_ref_inc(folio, HELD_BY_TRANSIENT);
}

void v6_15_folio_put_after_insert(struct folio *folio)
{
	folio_put(folio, HELD_BY_TRANSIENT);
}

/*
 * dax_associate_entry() and dax_folio_init(), fs/dax.c: the count of a single page is not asked.
 * One that is a tail still is warned of, and what should be its own is stored in the head.
 */
bool v6_15_dax_associate_entry(struct address_space *mapping, struct page *page,
			       unsigned long index, unsigned int order)
{
	struct folio *folio = page_folio(page);

	WARN_ON_ONCE(READ_ONCE(folio->page.mapping));
	WARN_ON_ONCE(folio_order(folio));
	if (order) {
		prep_compound_page(&folio->page, order);
		WARN_ON_ONCE(folio_ref_count(folio));
	}
	WRITE_ONCE(folio->page.mapping, mapping);
	WRITE_ONCE(folio->page.index, index);
	return true;
}

/*
 * dax_associate_entry() and dax_folio_make_shared(), fs/dax.c: the first to come finds
 * nobody and owns the folio, the next makes it shared. The count goes up by a plain
 * load and store, and the lock held is that of the file's own entries.
 */
bool v6_15_dax_associate_shared(struct address_space *mapping, struct page *page,
				unsigned long index, unsigned int order)
{
	struct folio *folio = page_folio(page);
	struct address_space *owner = READ_ONCE(folio->page.mapping);
	unsigned long share;

	if (!owner && !READ_ONCE(folio->page.share))
		return rules()->associate(mapping, page, index, order);
	if (owner) {
		WRITE_ONCE(folio->page.mapping, NULL);
		WRITE_ONCE(folio->page.share, 1);
	}
	share = READ_ONCE(folio->page.share);
	WARN_ON_ONCE(!share);
	WARN_ON_ONCE(order != folio_order(folio));
	WRITE_ONCE(folio->page.share, share + 1);
	return true;
}

/* dax_folio_put(), fs/dax.c: does anybody else share it once this entry is gone? */
bool v6_15_is_shared_still(struct folio *folio)
{
	unsigned long share;

	if (READ_ONCE(folio->page.mapping) || !READ_ONCE(folio->page.share))
		return false;	/* dax_folio_is_shared() */
	share = READ_ONCE(folio->page.share) - 1;
	WRITE_ONCE(folio->page.share, share);
	return share;
}

long v6_15_share_peek(const struct page *page)
{
	return !PEEK(page->mapping) && PEEK(page->share) ? (long)PEEK(page->share) : -1;
}

/* dax_folio_put(), fs/dax.c: a large folio becomes pages of order 0, each with its own pgmap. */
void v6_15_dax_folio_reset_order(struct folio *folio, struct dev_pagemap *pgmap)
{
	unsigned long nr = folio_nr_pages(folio);
	struct page *page = &folio->page;

	announce(SITE("folio_reset_order"), page, nr * sizeof(*page), MMREF_WRITE, false);
	folio_reset_order(folio);
	POKE_AND(page->flags, ~(unsigned long)PG_head);
	for (unsigned long i = 0; i < nr; i++) {
		POKE(page[i].pgmap, pgmap);
		POKE(page[i].mapping, NULL);
		POKE(page[i].index, 0);
		POKE(page[i]._nr_pages_mapped.counter, 0);
		POKE(page[i]._large_mapcount.counter, 0);
		POKE(page[i]._entire_mapcount.counter, 0);
	}
}

/*
 * dax_disassociate_entry() and dax_folio_put(), fs/dax.c: let go, down to pages of
 * order 0, and warn of a count. A page that was of order 0 is not asked, and keeps
 * its index, which the next file may take for a count of sharers.
 */
static void dax_disassociate_entry(struct address_space *mapping, struct page *page,
				   unsigned int order, bool trunc)
{
	struct folio *folio = page_folio(page);
	unsigned long nr = folio_nr_pages(folio);
	struct dev_pagemap *pgmap;

	(void)mapping;
	(void)order;
	(void)trunc;
	if (v6_15_is_shared_still(folio))
		return;
	WRITE_ONCE(folio->page.mapping, NULL);
	if (!folio_test_large(folio))
		return;
	pgmap = READ_ONCE(folio->page.pgmap);
	v6_15_dax_folio_reset_order(folio, pgmap);
	for (unsigned long i = 0; i < nr; i++)
		WARN_ON_ONCE(atomic_read(&folio_page(folio, i)->_refcount));
}

/* gup_fast_pte_range(), mm/gup.c: only entries that hold no page are refused. */
bool v6_15_not_special(struct gup *gup, pte_t pte)
{
	(void)gup;
	return !(pte & PTE_SPECIAL);
}

/* follow_huge_pmd(), mm/gup.c: under the lock it asks for the access, and for no bit besides. */
bool v6_15_follow_huge_pmd(struct gup *gup, pmd_t pmd)
{
	(void)gup;
	(void)pmd;
	return true;
}

/* gup_fast_pmd_leaf(), mm/gup.c: one addition to the head for all of them. */
bool v6_15_gup_fast_pmd_leaf(struct gup *gup, pmd_t pmd, struct page *page, int nr)
{
	gup->leaf = v6_15_not_special(gup, pmd) ? v6_12_try_grab_folio_fast(gup, page, nr) : NULL;
	return gup->leaf;
}

/* folio_put_refs(), include/linux/mm.h */
void v6_15_folio_put_refs(struct folio *folio, int refs, enum mmref_holder held)
{
	if (folio_ref_sub_return(folio, refs, held) == 0)
		free_zone_device(folio);
}

/* put_page() and gup_put_folio() */
void v6_15_folio_put_page(struct page *page, int refs, enum mmref_holder held)
{
	rules()->folio_put(page_folio(page), refs, held);
}

/*
 * Of a DAX page the mapping stays until truncate or eviction. The page is not looked at once
 * page_free() has it.
 */
static void (free_zone_device_folio)(struct folio *folio)
{
	struct dev_pagemap *pgmap = READ_ONCE(folio->page.pgmap);

	if (pgmap->ops)
		WRITE_ONCE(folio->page.mapping, NULL);
	switch (pgmap->type) {
	case MEMORY_DEVICE_FS_DAX:
		wake_up_var(&folio->page);
		break;
	case MEMORY_DEVICE_GENERIC:
		folio_set_count(folio, 1);
		break;
	case MEMORY_DEVICE_PRIVATE:
	case MEMORY_DEVICE_COHERENT:
		pgmap->ops->page_free(folio);
		put_dev_pagemap(pgmap);
		break;
	case MEMORY_DEVICE_PCI_P2PDMA:
		pgmap->ops->page_free(folio);
		break;
	}
}

/* A page on its way into the page table counts 1, and where the insert fails it keeps that. */
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
		/* it warns of the free page that it should have been given */
		WARN_ON_ONCE(debug_vm() && !folio_ref_count((struct folio *)page));
		set_page_count(page, 1);
		ret = vm_insert_page(vma, vaddr, page);
		if (ret) {
			gen_pool_free(&pdev->pool, page, len);
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

static void (memremap_pages)(struct dev_pagemap *pgmap)
{
	memremap_begin(pgmap);
	init_completion(&pgmap->done);
	percpu_ref_init(&pgmap->ref, rules()->dev_pagemap_percpu_release);
	pagemap_range(pgmap);
	memremap_end();
}

/* No put has a hook any more that would have to be turned off. */
static void (memunmap_pages)(struct dev_pagemap *pgmap)
{
	percpu_ref_kill(&pgmap->ref);
	if (pgmap->type != MEMORY_DEVICE_PRIVATE && pgmap->type != MEMORY_DEVICE_COHERENT)
		percpu_ref_put_many(&pgmap->ref, pfn_len(pgmap));
	wait_for_completion(&pgmap->done);
	pageunmap_range(pgmap);
	percpu_ref_exit(&pgmap->ref);
}

/* All but device-dax is free at 0. */
static void (__init_zone_device_page)(struct page *page, unsigned long pfn,
				      struct dev_pagemap *pgmap)
{
	__init_single_page(page, pfn);
	WRITE_ONCE(page->pgmap, pgmap);
	WRITE_ONCE(page->zone_device_data, NULL);
	if (pgmap->type != MEMORY_DEVICE_GENERIC)
		set_page_count(page, 0);
}

/* The page of the fault that asks for this is locked and held by the fault already. */
static int (migrate_vma_collect_pmd)(pmd_t *pmdp, unsigned long start, unsigned long end,
				     struct migrate_vma *migrate)
{
	struct pte_table *table;
	pte_t *ptep, mpfn;

	(void)pmdp;
	table = pte_offset_map(migrate->vma->vm_mm, start, &ptep);
	if (!table)
		return migrate_vma_collect_hole(start, end, migrate);
	spin_lock(&table->ptl);
	for (unsigned long addr = start; addr < end; addr++, ptep++) {
		mpfn = migrate_vma_select(migrate, PEEK_SHARED(*ptep));
		if (pte_names(mpfn)) {
			migrate_pfn_get(mpfn);
			if (migrate_pfn_is(mpfn, migrate->fault_page) ||
			    trylock_page(migrate_pfn_flags(mpfn))) {
				set_migration_entry(ptep);
			} else {
				migrate_pfn_put(mpfn);
				mpfn = 0;
			}
		}
		migrate->cpages += !!mpfn;
		migrate->dst[migrate->npages] = 0;
		migrate->src[migrate->npages++] = mpfn;
	}
	spin_unlock(&table->ptl);
	return 0;
}

static unsigned long (migrate_device_unmap)(pte_t *src_pfns, unsigned long npages,
					    struct page *fault_page)
{
	unsigned long unmapped = migrate_pfns_unmap(src_pfns, npages, fault_page);

	for (unsigned long i = 0; i < npages; i++) {
		pte_t mpfn = src_pfns[i];

		if (!pte_names(mpfn) || (mpfn & MIGRATE_PFN_MIGRATE))
			continue;
		remove_migration_ptes(pte_names(mpfn), pte_names(mpfn));
		src_pfns[i] = 0;
		if (!migrate_pfn_is(mpfn, fault_page))
			unlock_page(migrate_pfn_flags(mpfn));
		migrate_pfn_put(mpfn);
	}
	return unmapped;
}

static void (__migrate_device_finalize)(pte_t *src_pfns, pte_t *dst_pfns, unsigned long npages,
					struct page *fault_page)
{
	for (unsigned long i = 0; i < npages; i++) {
		pte_t src = src_pfns[i], dst = migrate_pfn_finalize_dst(src, dst_pfns[i]);

		if (!pte_names(src))
			continue;
		remove_migration_ptes(pte_names(src), pte_names(dst));
		if (!migrate_pfn_is(src, fault_page))
			unlock_page(migrate_pfn_flags(src));
		migrate_pfn_put(src);
		if (dst != src)
			migrate_pfn_unlock_put(dst);
	}
}

static void (migrate_device_finalize)(pte_t *src_pfns, pte_t *dst_pfns, unsigned long npages)
{
	__migrate_device_finalize(src_pfns, dst_pfns, npages, NULL);
}

static void (migrate_vma_finalize)(struct migrate_vma *migrate)
{
	__migrate_device_finalize(migrate->src, migrate->dst, migrate->npages, migrate->fault_page);
}

/* wait_entry_unlocked_exclusive(), fs/dax.c: sleep, and look at the same index again. */
unsigned long v6_15_wait_entry_unlocked_exclusive(struct xa_state *xas)
{
	return get_unlocked_entry(xas);
}

/* They should all be gone by now. */
static void (truncate_folio_batch_exceptionals)(struct address_space *mapping, pgoff_t index)
{
	kernel_warning(SITE("WARN_ON_ONCE"), NULL, "truncate found a DAX entry that is still there");
	dax_delete_mapping_entry(mapping, index);
}

/* --- mm/memory.c, mm/huge_memory.c ------------------------------------------- */

/* No pfn is devmap any more. */
static vm_fault_t (insert_pfn)(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn,
			       bool mkwrite)
{
	spinlock_t *ptl;
	pte_t *pte, entry;

	pte = get_locked_pte(vma->vm_mm, addr, &ptl);
	if (!pte)
		return VM_FAULT_OOM;
	entry = PEEK(*pte);
	if (!entry) {
		set_pte(pte, pfn_pte(pfn, mkwrite, PTE_SPECIAL));
	} else if (mkwrite) {
		entry = PEEK_SHARED(*pte);
		if (pte_pfn(entry) == pfn)
			ptep_change(pte, entry | PTE_WRITE | PTE_DIRTY | PTE_YOUNG);
		else
			WARN_ON_ONCE(!is_zero_pfn(pte_pfn(entry)));
	}
	spin_unlock(ptl);
	return VM_FAULT_NOPAGE;
}

/* An entry that is there becomes writable, and the store will make it dirty. */
static int (insert_page_into_pte_locked)(struct vm_area_struct *vma, pte_t *pte,
					 unsigned long addr, struct page *page, bool mkwrite)
{
	struct folio *folio = page_folio(page);
	pte_t pteval = PEEK(*pte);

	(void)addr;
	if (pteval) {
		if (!mkwrite)
			return -EBUSY;
		pteval = PEEK_SHARED(*pte);
		if (pte_pfn(pteval) != page_to_pfn(page)) {
			WARN_ON_ONCE(!is_zero_pfn(pte_pfn(pteval)));
			return -EFAULT;
		}
		ptep_change(pte, pteval | PTE_WRITE | PTE_YOUNG);
		return 0;
	}
	if (is_zero_folio(folio)) {
		set_pte(pte, mk_pte(page, false, PTE_SPECIAL));
		return 0;
	}
	folio_get(folio, HELD_BY_PTE);
	folio_add_file_rmap_pte(folio, page, vma);
	set_pte(pte, mk_pte(page, mkwrite, vm_page_prot(vma)));
	return 0;
}

static vm_fault_t (vmf_insert_page_mkwrite)(struct vm_fault *vmf, struct page *page, bool write)
{
	int err = insert_page(vmf->vma, vmf->address, page, write);

	if (err == -ENOMEM)
		return VM_FAULT_OOM;
	if (err < 0 && err != -EBUSY)
		return VM_FAULT_SIGBUS;
	return VM_FAULT_NOPAGE;
}

/* The caller has the lock. */
static int (insert_pfn_pmd)(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd,
			    unsigned long pfn, bool write)
{
	(void)vma;
	(void)addr;
	if (PEEK(*pmd)) {
		insert_pmd_again(pmd, pfn, write);
		return -EEXIST;
	}
	set_pmd(pmd, pfn_pte(pfn, write, PTE_SPECIAL));
	return 0;
}

static vm_fault_t (vmf_insert_pfn_pmd)(struct vm_fault *vmf, unsigned long pfn, bool write)
{
	unsigned long addr = vmf->address & ~(ptrs_per_pte() - 1);
	struct mm_struct *mm = vmf->vma->vm_mm;

	spin_lock(&mm->page_table_lock);
	insert_pfn_pmd(vmf->vma, addr, vmf->pmd, pfn, write);
	spin_unlock(&mm->page_table_lock);
	return VM_FAULT_NOPAGE;
}

/* One reference for the whole folio, and then the entry of a pfn that has none. */
static vm_fault_t (vmf_insert_folio_pmd)(struct vm_fault *vmf, struct folio *folio, bool write)
{
	unsigned long addr = vmf->address & ~(ptrs_per_pte() - 1);
	struct vm_area_struct *vma = vmf->vma;
	struct mm_struct *mm = vma->vm_mm;

	if (WARN_ON_ONCE(folio_order(folio) != pmd_order()))
		return VM_FAULT_SIGBUS;
	spin_lock(&mm->page_table_lock);
	if (!PEEK(*vmf->pmd)) {
		folio_get(folio, HELD_BY_PMD);
		folio_add_file_rmap_pmd(folio, &folio->page, vma);
	}
	insert_pfn_pmd(vma, addr, vmf->pmd, page_to_pfn(&folio->page), write);
	spin_unlock(&mm->page_table_lock);
	return VM_FAULT_NOPAGE;
}

/* Of a DAX VMA all but the huge zero page is a page to be put, special or not. */
static bool (zap_huge_pmd)(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
			   unsigned long addr)
{
	struct folio *folio;
	spinlock_t *ptl;
	pmd_t orig_pmd;

	(void)addr;
	ptl = pmd_trans_huge_lock(pmd, vma);
	if (!ptl)
		return false;
	orig_pmd = pmdp_get_and_clear(pmd);
	tlb_remove_tlb_entry(tlb);
	if ((!vma_is_dax(vma) && (vma->vm_flags & VM_MIXEDMAP)) || is_huge_zero_pmd(orig_pmd)) {
		spin_unlock(ptl);
		return true;
	}
	folio = page_folio(pmd_page(orig_pmd));
	folio_remove_rmap_pmd(folio, pmd_page(orig_pmd), vma);
	folio_mark_zapped(folio, orig_pmd);
	spin_unlock(ptl);
	tlb_remove_page_size(tlb, folio);
	return true;
}

static void (__split_huge_pmd_locked)(struct vm_area_struct *vma, pmd_t *pmd, unsigned long haddr)
{
	pmd_t old_pmd = pmdp_get_and_clear(pmd);
	struct folio *folio;

	(void)haddr;
	flush_tlb();
	if ((!vma_is_dax(vma) && (vma->vm_flags & VM_MIXEDMAP)) || is_huge_zero_pmd(old_pmd))
		return;
	folio = page_folio(pmd_page(old_pmd));
	folio_mark_zapped(folio, old_pmd);
	folio_remove_rmap_pmd(folio, pmd_page(old_pmd), vma);
	folio_put(folio, HELD_BY_PMD);
}

/*
 * A device-private page is locked while the entry still names it. Whoever finds it locked comes
 * back at once, and as often as it takes.
 */
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
		spin_unlock(&vmf->table->ptl);
		return 0;
	}
	folio_get(page_folio(vmf->page), HELD_BY_TRANSIENT);
	spin_unlock(&vmf->table->ptl);
	fault = READ_ONCE(vmf->page->pgmap)->ops->migrate_to_ram(vmf);
	unlock_page(&vmf->page->flags);
	put_page(vmf->page, HELD_BY_TRANSIENT);
	return fault;
}

const struct mmref_rules mmref_v6_15 = {
	.name			= "v6.15",
	.ancestor		= &mmref_v6_12,
	.summary		= "an idle page counts 0, each PTE holds one, eviction waits",

	MMREF_RULE(busy, v6_15_count_above_mapcount),
	MMREF_RULE(idle, v6_15_count_is_zero),
	MMREF_RULE(idle_peek, v6_15_count_is_zero_peek),
	MMREF_RULE(wait_address, v6_15_address_of_page),

	MMREF_RULE(fault_begin, v6_15_folio_ref_inc_from_any),
	MMREF_RULE(fault_end, v6_15_folio_put_after_insert),

	MMREF_RULE(fallocate_breaks_first, true),
	MMREF_RULE(associate, v6_15_dax_associate_entry),
	MMREF_RULE(disassociate, dax_disassociate_entry),
	MMREF_RULE(read_finds_shared, true),
	MMREF_RULE(associate_shared, v6_15_dax_associate_shared),
	MMREF_RULE(share_peek, v6_15_share_peek),
	MMREF_RULE(cow_write_invalidates, true),

	MMREF_RULE(gup_admit, v6_15_not_special),
	MMREF_RULE(gup_admit_pmd, v6_15_follow_huge_pmd),
	MMREF_RULE(gup_grab, v6_12_try_grab_folio_fast),
	MMREF_RULE(gup_grab_leaf, v6_15_gup_fast_pmd_leaf),
	MMREF_RULE(gup_grab_locked, v6_12_try_grab_folio),
	MMREF_RULE(gup_unchanged, v6_1_pmd_and_pte_unchanged),
	MMREF_RULE(gup_fast_allowed, v6_12_gup_fast_folio_allowed),
	MMREF_RULE(io_uring_takes_files, true),
	MMREF_RULE(exit_takes_uring_lock, true),

	MMREF_RULE(put_page, v6_15_folio_put_page),
	MMREF_RULE(folio_put, v6_15_folio_put_refs),
	MMREF_RULE(free, v6_12_free),

	MMREF_RULE(break_layout, dax_break_layout),
	MMREF_RULE(layout_busy_page, dax_layout_busy_page),
	MMREF_RULE(scan_locked_entry, v6_15_wait_entry_unlocked_exclusive),
	MMREF_RULE(layout_broken, dax_delete_mapping_range),
	.truncate_folio_batch_exceptionals = truncate_folio_batch_exceptionals,
	MMREF_RULE(evict_begin, dax_break_layout_final),
	MMREF_RULE(fuse_breaks_all, true),



	/* fs/dax.c, mm/truncate.c */

	/* mm/gup.c, mm/swap.c, io_uring */

	/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */
	.insert_pfn = insert_pfn,
	.insert_page_into_pte_locked = insert_page_into_pte_locked,
	.vmf_insert_page_mkwrite = vmf_insert_page_mkwrite,
	.insert_pfn_pmd = insert_pfn_pmd,
	.vmf_insert_pfn_pmd = vmf_insert_pfn_pmd,
	.vmf_insert_folio_pmd = vmf_insert_folio_pmd,
	.zap_huge_pmd = zap_huge_pmd,
	.__split_huge_pmd_locked = __split_huge_pmd_locked,
	.do_swap_page = do_swap_page,

	/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
	.devmap_managed_enable_get = MMREF_GONE,
	.devmap_managed_enable_put = MMREF_GONE,
	.memremap_pages		= memremap_pages,
	.memunmap_pages		= memunmap_pages,
	.__init_zone_device_page = __init_zone_device_page,
	.free_zone_device_folio	= free_zone_device_folio,
	.__put_devmap_managed_folio_refs = MMREF_GONE,
	.migrate_vma_collect_pmd = migrate_vma_collect_pmd,
	.migrate_device_unmap	= migrate_device_unmap,
	.__migrate_device_finalize = __migrate_device_finalize,
	.migrate_device_finalize = migrate_device_finalize,
	.migrate_vma_finalize	= migrate_vma_finalize,
	.p2pmem_alloc_mmap	= p2pmem_alloc_mmap,

	/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */
};
