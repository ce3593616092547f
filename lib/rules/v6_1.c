/* SPDX-License-Identifier: MIT */
/*
 * Linux 6.1: a device page of a file counts 1 while nobody holds it.
 *
 *	count = 1 + gets + 1024 * pins		mapcount = 0, always
 *	idle  = 1; page tables hold nothing, a DAX entry counts nothing
 *	pgmap = 1 + one a page from memremap_pages() to memunmap_pages(), and one
 *		more while a GUP walk is under way; a held page does not hold it
 *
 * A PMD of a file stands over pages of order 0, each with a count of its own. The
 * put that brings a count down to 1 wakes whoever truncates, through a hook
 * that put_page() has and folio_put() has not.
 *
 * Of files that share a block only the copy that a write makes is told: its page has a
 * mapping of 1, and counts its entries in its index. Readers take the page from each other.
 */
#include <errno.h>

#include <mmref/kernel.h>

#include "rules/rules.h"

/* PAGE_MAPPING_DAX_COW */
static bool (dax_mapping_is_cow)(struct address_space *mapping)
{
	return mapping == PAGE_MAPPING_DAX_SHARED;
}

/* The index becomes a count of entries, by two plain accesses. */
static void (dax_mapping_set_cow)(struct page *page)
{
	struct address_space *mapping = READ_ONCE(page->mapping);
	unsigned long share;

	if (!dax_mapping_is_cow(mapping)) {
		if (mapping)
			WRITE_ONCE(page->share, 1);
		WRITE_ONCE(page->mapping, PAGE_MAPPING_DAX_SHARED);
	}
	share = READ_ONCE(page->share);
	WRITE_ONCE(page->share, share + 1);
}

static void (dax_associate_entry)(void *entry, struct address_space *mapping,
				  struct vm_area_struct *vma, unsigned long address, bool shared)
{
	pgoff_t index = linear_page_index(vma, address & ~(dax_entry_size(entry) - 1));
	unsigned long pfn;

	for_each_mapped_pfn(entry, pfn) {
		struct page *page = pfn_to_page(pfn);

		if (shared) {
			dax_mapping_set_cow(page);
			continue;
		}
		WARN_ON_ONCE(READ_ONCE(page->mapping));
		WRITE_ONCE(page->mapping, mapping);
		WRITE_ONCE(page->index, index++);
	}
}

/* Warns of a page still held, and goes on. The last entry finds 1, and leaves the page shared. */
static void (dax_disassociate_entry)(void *entry, struct address_space *mapping, bool trunc)
{
	unsigned long pfn;

	for_each_mapped_pfn(entry, pfn) {
		struct page *page = pfn_to_page(pfn);
		struct address_space *old;

		WARN_ON_ONCE(trunc && atomic_read(&page->_refcount) > 1);
		old = READ_ONCE(page->mapping);
		if (dax_mapping_is_cow(old)) {
			unsigned long share = READ_ONCE(page->share);

			WRITE_ONCE(page->share, share - 1);
			if (share > 0)
				continue;
		} else {
			WARN_ON_ONCE(old && old != mapping);
		}
		WRITE_ONCE(page->mapping, NULL);
		WRITE_ONCE(page->index, 0);
	}
}

/* Page by page, and the first will do. */
static struct page *(dax_busy_page)(void *entry)
{
	unsigned long pfn;

	for_each_mapped_pfn(entry, pfn) {
		struct page *page = pfn_to_page(pfn);

		if (atomic_read(&page->_refcount) > 1)
			return page;
	}
	return NULL;
}

/*
 * Clear every entry of every page table first, and look at the counts then. A GUP walk does it the
 * other way round: it takes the page and then looks at the entry again. One of the two sees the
 * other.
 *
 * A mapping without VMAs is taken to be idle. The walk stands at the entry that it finds locked, so
 * that get_unlocked_entry() finds nothing more at its index, and the entry is never looked at.
 */
static struct page *(dax_layout_busy_page_range)(struct address_space *mapping, pgoff_t start,
						 pgoff_t end)
{
	XA_STATE(xas, &mapping->i_pages, start);
	struct page *page = NULL;
	void *entry;

	if (!READ_ONCE(mapping->i_mmap))	/* mapping_mapped() */
		return NULL;

	unmap_mapping_pages(mapping, start, end - start + 1, false);

	xas_lock_irq(&xas);
	xas_for_each(&xas, entry, end) {
		if (dax_is_locked(entry))
			entry = get_next_unlocked_entry(&xas, 0);
		if (entry)
			page = dax_busy_page(entry);
		put_unlocked_entry(&xas, entry, WAKE_NEXT);
		if (page)
			break;
	}
	xas_unlock_irq(&xas);
	return page;
}

/*
 * A fault that only reads marks the entry dirty, too. Of a shared extent a write alone is told. A
 * PTE's fault leaves a PMD's entry as it is, shared or not.
 */
static void *(dax_insert_entry)(struct xa_state *xas, struct vm_fault *vmf,
				const struct iomap_iter *iter, void *entry, unsigned long pfn,
				unsigned long flags)
{
	struct address_space *mapping = &vmf->vma->vm_file->f_inode->i_mapping;
	void *new_entry = dax_make_entry(pfn, flags);
	bool cow = iter->flags & IOMAP_WRITE && iter->iomap.flags & IOMAP_F_SHARED &&
		   dax_entry_order(entry) == dax_entry_order(new_entry);

	if (cow || (dax_is_zero_entry(entry) && !(flags & DAX_ZERO_PAGE)))
		dax_unmap_entry(xas, mapping, entry);

	xas_reset(xas);
	xas_lock_irq(xas);
	if (cow || dax_is_zero_entry(entry) || dax_is_empty_entry(entry)) {
		void *old;

		dax_disassociate_entry(entry, mapping, false);
		dax_associate_entry(new_entry, mapping, vmf->vma, vmf->address, cow);
		old = dax_lock_entry(xas, new_entry);
		WARN_ON_ONCE(old != xa_mk_value(xa_to_value(entry) | DAX_LOCKED));
		entry = new_entry;
	} else {
		xas_load(xas);
	}
	xas_set_mark(xas, PAGECACHE_TAG_DIRTY);
	if (cow)
		xas_set_mark(xas, PAGECACHE_TAG_TOWRITE);
	xas_unlock_irq(xas);
	return entry;
}

/* What is mapped of a hole that has a block now goes; what is mapped of an original stays. */
static int (dax_iomap_iter)(struct iomap_iter *iomi, struct iov_iter *iter)
{
	if (!iter->write && !is_written(iomi->iomap.block))
		return 1;	/* iov_iter_zero() */
	if (iomi->iomap.flags & IOMAP_F_NEW)
		invalidate_inode_pages2_range(&iomi->inode->i_mapping, iomi->pos, iomi->pos);
	return dax_copy_iter(iomi, iter);
}

/* A copy is made once the entry names the new page, and mapped after that. */
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
		return vmf_insert_pfn_pmd(vmf, pfn, write);
	return write ? vmf_insert_mixed_mkwrite(vmf->vma, vmf->address, pfn) :
		       vmf_insert_mixed(vmf->vma, vmf->address, pfn);
}

static void (truncate_folio_batch_exceptionals)(struct address_space *mapping, pgoff_t index)
{
	dax_delete_mapping_entry(mapping, index);
}

static bool count_is_one(const void *page)
{
	return atomic_read(&((struct page *)(uintptr_t)page)->_refcount) == 1;
}

/* The wait of ext4_break_layouts(), xfs_break_layouts() and fuse_dax_break_layouts(). */
int v6_1_break_layouts(struct inode *inode, unsigned long first, unsigned long last)
{
	struct page *page;
	int err = 0;

	while (!err && (page = dax_layout_busy_page_range(&inode->i_mapping, first, last)))
		err = ___wait_var_event(&page->_refcount, count_is_one, page, TASK_INTERRUPTIBLE,
					wait_dax_page, inode);
	return err;
}

/* gup_pte_range() and follow_page_pte(), mm/gup.c: no page without its live pgmap. */
bool v6_1_pgmap_is_live(struct gup *gup, pte_t pte)
{
	unsigned long pfn = pte_pfn(pte);

	if (!(pte & PTE_DEVMAP))
		return !(pte & PTE_SPECIAL);
	if (!gup->locked && (gup->flags & FOLL_LONGTERM))
		return false;
	if (!pgmap_has(gup->pgmap, pfn)) {
		put_dev_pagemap(gup->pgmap);
		gup->pgmap = get_dev_pagemap(pfn, NULL);
	}
	gup->undo = !gup->pgmap;	/* undo_dev_pagemap() */
	return gup->pgmap;
}

/* try_get_folio(), mm/gup.c: what turns out to be of another folio goes back to the first. */
struct folio *v6_1_try_get_folio(struct page *page, int refs)
{
	struct folio *folio = page_folio(page);

	while (folio_ref_add_unless_zero(folio, refs, HELD_BY_TRANSIENT)) {
		struct folio *now = page_folio(page);

		if (now == folio)
			return folio;
		rules()->put_page(&folio->page, refs, HELD_BY_TRANSIENT);
		folio = page_folio(page);
	}
	return NULL;
}

/* try_grab_folio(), mm/gup.c: one reference first, and the rest of a pin once it holds. */
struct folio *v6_1_try_grab_folio(struct gup *gup, struct page *page, int refs)
{
	unsigned int longterm_pin = FOLL_PIN | FOLL_LONGTERM;
	struct folio *folio;

	if ((gup->flags & longterm_pin) == longterm_pin &&
	    folio_type(page_folio_peek(page)) == MEMORY_DEVICE_COHERENT)
		return NULL;	/* is_longterm_pinnable_page(), before it is held */
	folio = v6_1_try_get_folio(page, refs);
	if (folio)
		gup_complete_pin(gup, folio, refs);
	return folio;
}

/* try_grab_page(), mm/gup.c: a look at the count, and then the reference all the same. */
int v6_1_try_grab_page(struct gup *gup, struct page *page)
{
	struct folio *folio = page_folio(page);

	if (WARN_ON_ONCE(folio_ref_count(folio) <= 0))
		return -ENOMEM;
	folio_ref_add(folio, 1, HELD_BY_TRANSIENT);
	gup_complete_pin(gup, folio, 1);
	return 0;
}

/* The loop of __gup_device_huge(): page by page, and not a look whether a count is 0. */
bool v6_1_gup_device_pages(struct gup *gup, pmd_t pmd, struct page *page, int nr)
{
	for (int i = 0; i < nr; i++) {
		if (!v6_1_pgmap_is_live(gup, pmd) || v6_1_try_grab_page(gup, page + i)) {
			gup_put_pages(gup, page, i, HELD_BY_TRANSIENT);
			return false;
		}
	}
	return true;
}

/* The reference to the pgmap lasts while a table is walked, and not while a page is held. */
void v6_1_put_walk_pgmap(struct gup *gup)
{
	put_dev_pagemap(gup->pgmap);
	gup->pgmap = NULL;
}

/* __gup_device_huge(), mm/gup.c: the pgmap is put before the PMD is looked at again. */
bool v6_1_gup_device_huge(struct gup *gup, pmd_t pmd, struct page *page, int nr)
{
	bool had = v6_1_gup_device_pages(gup, pmd, page, nr);

	v6_1_put_walk_pgmap(gup);
	return had;
}

/* gup_pte_range() and __gup_device_huge_pmd(), mm/gup.c; of a leaf there is the PMD alone. */
bool v6_1_pmd_and_pte_unchanged(const struct gup *gup)
{
	return READ_ONCE(*gup->pmdp) == gup->pmd &&
	       (!gup->ptep || ptep_get(gup->ptep) == gup->pte);
}

/* folio_put() and folio_put_refs(), include/linux/mm.h */
void v6_1_folio_put_unhooked(struct folio *folio, int refs, enum mmref_holder held)
{
	if (folio_ref_sub_return(folio, refs, held) == 0)
		free_zone_device(folio);
}

/* put_page() and gup_put_folio(): put_devmap_managed_page_refs(), mm/memremap.c, first. */
void v6_1_put_devmap_managed_page(struct page *page, int refs, enum mmref_holder held)
{
	struct folio *folio = page_folio(page);

	if (folio_type(folio) != MEMORY_DEVICE_FS_DAX) {
		rules()->folio_put(folio, refs, held);
		return;
	}
	if (folio_ref_sub_return(folio, refs, held) == 1)
		wake_up_var(&page->_refcount);
}

/* __folio_put(), mm/swap.c */
void v6_1_free(struct folio *folio)
{
	free_zone_device_page(&folio->page);
}

static void (devmap_managed_enable_get)(struct dev_pagemap *pgmap)
{
	if (pgmap->type == MEMORY_DEVICE_FS_DAX)
		static_branch_inc(&devmap_managed_key);
}

static void (devmap_managed_enable_put)(struct dev_pagemap *pgmap)
{
	if (pgmap->type == MEMORY_DEVICE_FS_DAX)
		static_branch_dec(&devmap_managed_key);
}

static void (memremap_pages)(struct dev_pagemap *pgmap)
{
	memremap_begin(pgmap);
	init_completion(&pgmap->done);
	percpu_ref_init(&pgmap->ref, rules()->dev_pagemap_percpu_release);
	devmap_managed_enable_get(pgmap);
	pagemap_range(pgmap);
	memremap_end();
}

/* It waits for ->ref alone. That goes when no look-up finds it any more. */
static void (memunmap_pages)(struct dev_pagemap *pgmap)
{
	percpu_ref_kill(&pgmap->ref);
	if (pgmap->type != MEMORY_DEVICE_PRIVATE && pgmap->type != MEMORY_DEVICE_COHERENT)
		percpu_ref_put_many(&pgmap->ref, pfn_len(pgmap));
	wait_for_completion(&pgmap->done);
	pageunmap_range(pgmap);
	percpu_ref_exit(&pgmap->ref);
	devmap_managed_enable_put(pgmap);
}

/* What a driver allocates is free at 0; all others keep the 1 of __init_single_page(). */
static void (__init_zone_device_page)(struct page *page, unsigned long pfn,
				      struct dev_pagemap *pgmap)
{
	__init_single_page(page, pfn);
	WRITE_ONCE(page->pgmap, pgmap);
	WRITE_ONCE(page->zone_device_data, NULL);
	if (pgmap->type == MEMORY_DEVICE_PRIVATE || pgmap->type == MEMORY_DEVICE_COHERENT)
		set_page_count(page, 0);
}

/*
 * Not meant for dax pages, which have no page_free(). After page_free() the page is looked at again,
 * whoever has it by then.
 */
static void (free_zone_device_page)(struct page *page)
{
	const struct dev_pagemap_ops *ops = READ_ONCE(page->pgmap)->ops;
	struct dev_pagemap *pgmap;

	if (WARN_ON_ONCE(!ops))
		return;
	WRITE_ONCE(page->mapping, NULL);
	ops->page_free((struct folio *)page);
	pgmap = READ_ONCE(page->pgmap);
	if (pgmap->type != MEMORY_DEVICE_PRIVATE && pgmap->type != MEMORY_DEVICE_COHERENT)
		set_page_count(page, 1);
	else
		put_dev_pagemap(pgmap);
}

/* It warns where the device is going, and goes on. */
static void (zone_device_page_init)(struct page *page, struct dev_pagemap *pgmap, unsigned int order)
{
	bool live;

	(void)order;
	pgmap = READ_ONCE(page->pgmap);
	live = percpu_ref_tryget_live(&pgmap->ref);
	WARN_ON_ONCE(!live);
	zone_device_page_taken(page, !live);
	lock_page(&page->flags);
}

/* The count of a dax page is 1 when it is free: that put wakes. */
static bool (__put_devmap_managed_page_refs)(struct page *page, int refs, enum mmref_holder held)
{
	struct folio *folio = page_folio(page);

	if (folio_type(folio) != MEMORY_DEVICE_FS_DAX)
		return false;
	if (folio_ref_sub_return(folio, refs, held) == 1)
		wake_up_var(&page->_refcount);
	return true;
}

/* The holder hears of a failure; it is not told that the device is removed. */
static void (kill_dax)(struct dax_device *dax_dev)
{
	if (dax_dev->holdable && READ_ONCE(dax_dev->holder_data))
		dax_holder_notify_failure(dax_dev, 0);
	WRITE_ONCE(dax_dev->alive, false);
	synchronize_srcu(dax_srcu());
	if (!dax_dev->holdable)
		return;
	WRITE_ONCE(dax_dev->holder_ops, NULL);
	WRITE_ONCE(dax_dev->holder_data, NULL);
}

/* Another can come in between the two, and its operations go. */
static void (fs_put_dax)(struct dax_device *dax_dev, struct super_block *holder)
{
	if (holder && cmpxchg(&dax_dev->holder_data, holder, NULL) == holder)
		WRITE_ONCE(dax_dev->holder_ops, NULL);
}

/* Each page that can be moved is held and locked, and its entry becomes a migration entry. */
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
			if (trylock_page(migrate_pfn_flags(mpfn))) {
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

/* What cannot be moved is mapped again, unlocked and put. */
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
		unlock_page(migrate_pfn_flags(mpfn));
		migrate_pfn_put(mpfn);
	}
	return unmapped;
}

static void (migrate_device_finalize)(pte_t *src_pfns, pte_t *dst_pfns, unsigned long npages)
{
	for (unsigned long i = 0; i < npages; i++) {
		pte_t src = src_pfns[i], dst = migrate_pfn_finalize_dst(src, dst_pfns[i]);

		if (!pte_names(src))
			continue;
		remove_migration_ptes(pte_names(src), pte_names(dst));
		unlock_page(migrate_pfn_flags(src));
		migrate_pfn_put(src);
		if (dst != src)
			migrate_pfn_unlock_put(dst);
	}
}

static void (migrate_vma_finalize)(struct migrate_vma *migrate)
{
	migrate_device_finalize(migrate->src, migrate->dst, migrate->npages);
}

/* fsync_bdev(), block/bdev.c */
static void fsync_bdev(struct pmem_device *bdev)
{
	struct super_block *sb = get_super(bdev);

	if (!sb)
		return;
	sync_filesystem(sb);
	drop_super(sb);
}

static void (__invalidate_device)(struct pmem_device *bdev, bool kill_dirty)
{
	struct super_block *sb = get_super(bdev);

	(void)kill_dirty;	/* invalidate_inodes() that DAX has made clean */
	if (!sb)
		return;
	evict_inodes(sb);
	drop_super(sb);
}

/* The file system is synced and loses the inodes that nobody holds; it is told nothing. */
static void (del_gendisk)(struct pmem_device *disk)
{
	fsync_bdev(disk);
	__invalidate_device(disk, true);
}

/* --- mm/memory.c, mm/huge_memory.c ------------------------------------------- */

static int (validate_page_before_insert)(struct vm_area_struct *vma, struct page *page)
{
	(void)vma;
	return folio_test_anon((struct folio *)page) ? -EINVAL : 0;
}

static int (insert_page_into_pte_locked)(struct vm_area_struct *vma, pte_t *pte,
					 unsigned long addr, struct page *page, bool mkwrite)
{
	struct folio *folio = page_folio(page);

	(void)addr;
	(void)mkwrite;
	if (PEEK(*pte))
		return -EBUSY;
	folio_get(folio, HELD_BY_PTE);
	folio_add_file_rmap_pte(folio, page, vma);
	set_pte(pte, mk_pte(page, false, vm_page_prot(vma)));
	return 0;
}

static int (vm_insert_page)(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	if (!folio_ref_count(page_folio(page)))
		return -EINVAL;
	vma->vm_flags |= VM_MIXEDMAP;
	return insert_page(vma, addr, page, false);
}

/* pfn_t_devmap(): pmem and device-dax say PFN_DEV and PFN_MAP of their pages. */
static pte_t devmap_bits(unsigned long pfn)
{
	return is_zero_pfn(pfn) ? PTE_SPECIAL : PTE_SPECIAL | PTE_DEVMAP;
}

/* Nothing is counted. An entry that is there is at most made writable; the fault counts as served. */
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
		set_pte(pte, pfn_pte(pfn, mkwrite, devmap_bits(pfn)));
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

static int (insert_pfn_pmd)(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd,
			    unsigned long pfn, bool write)
{
	struct mm_struct *mm = vma->vm_mm;

	(void)addr;
	spin_lock(&mm->page_table_lock);
	if (PEEK(*pmd))
		insert_pmd_again(pmd, pfn, write);
	else
		set_pmd(pmd, pfn_pte(pfn, write, devmap_bits(pfn)));
	spin_unlock(&mm->page_table_lock);
	return 0;
}

static vm_fault_t (vmf_insert_pfn_pmd)(struct vm_fault *vmf, unsigned long pfn, bool write)
{
	unsigned long addr = vmf->address & ~(ptrs_per_pte() - 1);

	insert_pfn_pmd(vmf->vma, addr, vmf->pmd, pfn, write);
	return VM_FAULT_NOPAGE;
}

/* A PMD of a file comes back by a fault. */
static void (copy_huge_pmd)(struct mm_struct *dst_mm, struct mm_struct *src_mm, pmd_t *dst_pmd,
			    pmd_t *src_pmd, unsigned long addr, struct vm_area_struct *dst_vma,
			    struct vm_area_struct *src_vma)
{
	(void)dst_mm;
	(void)src_mm;
	(void)dst_pmd;
	(void)src_pmd;
	(void)addr;
	(void)dst_vma;
	(void)src_vma;
}

/* zap_pte_range() has this inline. The mapping goes before the flush. */
static void (zap_present_ptes)(struct mmu_gather *tlb, struct vm_area_struct *vma, pte_t *pte,
			       pte_t ptent, unsigned long addr, struct zap_details *details,
			       bool *force_flush, bool *force_break)
{
	struct page *page = vm_normal_page(vma, addr, ptent);
	struct folio *folio = page ? page_folio(page) : NULL;

	if (!should_zap_pte(details, ptent, folio))
		return;
	ptent = ptep_get_and_clear(pte);
	tlb_remove_tlb_entry(tlb);
	if (!folio)
		return;
	if (!folio_test_anon(folio)) {
		if (pte_dirty(ptent)) {
			*force_flush = true;
			folio_set_flag(folio, PG_dirty);
		}
		if (pte_young(ptent))
			folio_set_flag(folio, PG_referenced);
	}
	folio_remove_rmap_pte(folio, page, vma);
	if (tlb_remove_page(tlb, folio, page, false))
		*force_flush = *force_break = true;
}

/* vma_is_special_huge(): of a DAX VMA no PMD is a page to be put. */
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
	if (vma_is_dax(vma) || (vma->vm_flags & VM_MIXEDMAP) || is_huge_zero_pmd(orig_pmd)) {
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
	if (vma_is_dax(vma) || (vma->vm_flags & VM_MIXEDMAP))
		return;
	folio = page_folio(pmd_page(old_pmd));
	folio_mark_zapped(folio, old_pmd);
	folio_remove_rmap_pmd(folio, pmd_page(old_pmd), vma);
	folio_put(folio, HELD_BY_PMD);
}

/* A device-private page is held while the entry still names it, and nothing more. */
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
	folio_get(page_folio(vmf->page), HELD_BY_TRANSIENT);
	spin_unlock(&vmf->table->ptl);
	fault = READ_ONCE(vmf->page->pgmap)->ops->migrate_to_ram(vmf);
	put_page(vmf->page, HELD_BY_TRANSIENT);
	return fault;
}

const struct mmref_rules mmref_v6_1 = {
	.name			= "v6.1",
	.summary		= "an idle page counts 1, page tables hold nothing",

	MMREF_RULE(punch_writes_back, true),
	MMREF_RULE(clone_looks_again, true),

	MMREF_RULE(gup_admit, v6_1_pgmap_is_live),
	MMREF_RULE(gup_admit_pmd, v6_1_pgmap_is_live),
	MMREF_RULE(gup_grab, v6_1_try_grab_folio),
	MMREF_RULE(gup_grab_leaf, v6_1_gup_device_huge),
	MMREF_RULE(gup_grab_locked, v6_1_try_grab_page),
	MMREF_RULE(gup_unchanged, v6_1_pmd_and_pte_unchanged),
	MMREF_RULE(gup_finish, v6_1_put_walk_pgmap),
	MMREF_RULE(exit_takes_uring_lock, true),

	MMREF_RULE(put_page, v6_1_put_devmap_managed_page),
	MMREF_RULE(folio_put, v6_1_folio_put_unhooked),
	MMREF_RULE(free, v6_1_free),

	MMREF_RULE(break_layout, v6_1_break_layouts),

	/* fs/dax.c, mm/truncate.c */
	.dax_mapping_is_cow = dax_mapping_is_cow,
	.dax_mapping_set_cow = dax_mapping_set_cow,
	.dax_associate_entry = dax_associate_entry,
	.dax_disassociate_entry = dax_disassociate_entry,
	.dax_busy_page = dax_busy_page,
	.dax_layout_busy_page_range = dax_layout_busy_page_range,
	.dax_insert_entry = dax_insert_entry,
	.dax_iomap_iter = dax_iomap_iter,
	.dax_fault_iter = dax_fault_iter,
	.truncate_folio_batch_exceptionals = truncate_folio_batch_exceptionals,

	/* mm/gup.c, mm/swap.c, io_uring */

	/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */
	.validate_page_before_insert = validate_page_before_insert,
	.insert_page_into_pte_locked = insert_page_into_pte_locked,
	.vm_insert_page = vm_insert_page,
	.insert_pfn = insert_pfn,
	.insert_pfn_pmd = insert_pfn_pmd,
	.vmf_insert_pfn_pmd = vmf_insert_pfn_pmd,
	.copy_huge_pmd = copy_huge_pmd,
	.zap_present_ptes = zap_present_ptes,
	.zap_huge_pmd = zap_huge_pmd,
	.__split_huge_pmd_locked = __split_huge_pmd_locked,
	.do_swap_page = do_swap_page,

	/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
	.devmap_managed_enable_get = devmap_managed_enable_get,
	.devmap_managed_enable_put = devmap_managed_enable_put,
	.memremap_pages		= memremap_pages,
	.memunmap_pages		= memunmap_pages,
	.__init_zone_device_page = __init_zone_device_page,
	.free_zone_device_page	= free_zone_device_page,
	.zone_device_page_init	= zone_device_page_init,
	.__put_devmap_managed_page_refs = __put_devmap_managed_page_refs,
	.kill_dax		= kill_dax,
	.fs_put_dax		= fs_put_dax,
	.migrate_vma_collect_pmd = migrate_vma_collect_pmd,
	.migrate_device_unmap	= migrate_device_unmap,
	.migrate_device_finalize = migrate_device_finalize,
	.migrate_vma_finalize	= migrate_vma_finalize,
	.__invalidate_device	= __invalidate_device,
	.del_gendisk		= del_gendisk,

	/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */
};
