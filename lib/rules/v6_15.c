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

/* validate_page_before_insert(), mm/memory.c, and the test of vmf_insert_folio_pmd() */
int v6_15_validate_page_before_insert(struct page *page, unsigned int order)
{
	struct folio *folio = page_folio(page);

	if (order)
		return WARN_ON_ONCE(folio_order(folio) != order) ? -EINVAL : 0;
	return folio_ref_count(folio) ? 0 : -EINVAL;
}

/* insert_page_into_pte_locked(), mm/memory.c */
void v6_15_insert_page_into_pte_locked(struct vm_area_struct *vma, pte_t *ptep,
				       struct page *page, bool write)
{
	struct folio *folio = page_folio(page);

	(void)vma;
	folio_get(folio, HELD_BY_PTE);
	folio_add_file_rmap_pte(folio, page);
	set_pte(ptep, mk_pte(page, write, 0));
}

/*
 * vmf_insert_folio_pmd() and insert_pfn_pmd(), mm/huge_memory.c: one reference for
 * the whole folio, and then the entry of a pfn that has none.
 */
static void insert_pfn_pmd(struct vm_area_struct *vma, pmd_t *pmdp, struct page *page, bool write)
{
	struct folio *folio = page_folio(page);

	(void)vma;
	folio_get(folio, HELD_BY_PMD);
	folio_add_file_rmap_pmd(folio);
	set_pmd(pmdp, mk_pte(page, write, PTE_SPECIAL));
}

/*
 * zap_huge_pmd() and __split_huge_pmd_locked(), mm/huge_memory.c: of a DAX VMA all
 * but the huge zero page is a page to be put, special or not.
 */
struct page *v6_15_pmd_page(struct vm_area_struct *vma, pmd_t pmd)
{
	(void)vma;
	return pte_page(pmd);
}

/* insert_page_into_pte_locked(), mm/memory.c: writable, and the store will make it dirty. */
int v6_15_insert_page_again(struct vm_area_struct *vma, pte_t *ptep, struct page *page,
			    bool mkwrite)
{
	pte_t pte = PEEK_SHARED(*ptep);

	(void)vma;
	if (!mkwrite)
		return -EBUSY;
	if (pte_page(pte) != page) {
		WARN_ON_ONCE(pte_pfn(pte));	/* !is_zero_pfn() */
		return -EFAULT;
	}
	ptep_change(ptep, pte | PTE_WRITE | PTE_YOUNG);
	return 0;
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
	folio_reset_order(folio, pgmap);
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

/*
 * do_swap_page(), mm/memory.c: the page is locked while the entry still names it. Whoever
 * finds it locked comes back at once, and as often as it takes.
 */
static unsigned int trylock_page_or_retry(struct vm_fault *vmf, struct page *page)
{
	vm_fault_t fault;

	if (!trylock_page(&page->flags)) {
		spin_unlock(&vmf->table->ptl);
		return 0;
	}
	folio_get(page_folio(page), HELD_BY_TRANSIENT);
	vmf->page = page;
	spin_unlock(&vmf->table->ptl);
	fault = READ_ONCE(page->pgmap)->ops->migrate_to_ram(vmf);
	unlock_page(&page->flags);
	put_page(page, HELD_BY_TRANSIENT);
	return fault;
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
			struct folio *folio = migrate_pfn_folio(mpfn);

			if (folio)
				folio_get(folio, HELD_BY_TRANSIENT);
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
		pte_t src = src_pfns[i], dst = dst_pfns[i];

		if (!pte_names(src) || !(src & MIGRATE_PFN_MIGRATE) || !pte_names(dst)) {
			if (pte_names(dst)) {
				unlock_page(migrate_pfn_flags(dst));
				migrate_pfn_put_unused(dst);
			}
			dst = src;
		}
		if (!pte_names(src))
			continue;
		remove_migration_ptes(pte_names(src), pte_names(dst));
		if (!migrate_pfn_is(src, fault_page))
			unlock_page(migrate_pfn_flags(src));
		migrate_pfn_put(src);
		if (dst != src) {
			unlock_page(migrate_pfn_flags(dst));
			migrate_pfn_put(dst);
		}
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
	MMREF_RULE(map_admit, v6_15_validate_page_before_insert),
	MMREF_RULE(map_pte, v6_15_insert_page_into_pte_locked),
	MMREF_RULE(map_existing, v6_15_insert_page_again),
	MMREF_RULE(map_pmd, insert_pfn_pmd),
	MMREF_RULE(zap_pmd_page, v6_15_pmd_page),

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


	MMREF_RULE(swap_in_private, trylock_page_or_retry),

	/* fs/dax.c, mm/truncate.c */

	/* mm/gup.c, mm/swap.c, io_uring */

	/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */

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
