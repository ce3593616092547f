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

/* __init_single_page() leaves 1; memmap_init_zone_device() resets what drivers allocate. */
int v6_1_one_unless_driver_allocates(enum mmref_memory_type type)
{
	return type != MEMORY_DEVICE_PRIVATE && type != MEMORY_DEVICE_COHERENT;
}

/* dax_busy_page(), fs/dax.c: page by page, and the first will do. */
struct page *v6_1_count_above_one(struct page *page, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++)
		if (atomic_read(&page[i]._refcount) > 1)
			return &page[i];
	return NULL;
}

/* The condition of ext4_break_layouts(), fs/ext4/inode.c */
bool v6_1_count_is_one(struct page *page)
{
	return atomic_read(&page->_refcount) == 1;
}

bool v6_1_count_is_one_peek(const struct page *page)
{
	return page_count_peek(page) == 1;
}

const volatile void *v6_1_address_of_refcount(struct page *page)
{
	return &page->_refcount;
}

static void (truncate_folio_batch_exceptionals)(struct address_space *mapping, pgoff_t index)
{
	dax_delete_mapping_entry(mapping, index);
}

/* dax_associate_entry(), fs/dax.c */
bool v6_1_dax_associate_entry(struct address_space *mapping, struct page *page,
			      unsigned long index, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++) {
		WARN_ON_ONCE(READ_ONCE(page[i].mapping));
		WRITE_ONCE(page[i].mapping, mapping);
		WRITE_ONCE(page[i].index, index + i);
	}
	return true;
}

/* dax_mapping_set_cow(), fs/dax.c: the index becomes a count, by two plain accesses. */
bool v6_1_dax_mapping_set_cow(struct address_space *mapping, struct page *page,
			      unsigned long index, unsigned int order)
{
	(void)mapping;
	(void)index;
	for (unsigned long i = 0; i < 1UL << order; i++) {
		struct address_space *old = READ_ONCE(page[i].mapping);
		unsigned long share;

		if (old != PAGE_MAPPING_DAX_SHARED) {
			if (old)
				WRITE_ONCE(page[i].share, 1);
			WRITE_ONCE(page[i].mapping, PAGE_MAPPING_DAX_SHARED);
		}
		share = READ_ONCE(page[i].share);
		WRITE_ONCE(page[i].share, share + 1);
	}
	return true;
}

/* page->index-- > 0, fs/dax.c: the last one finds 1 there, and keeps the page shared. */
bool v6_1_is_shared_still(struct page *page)
{
	unsigned long share = READ_ONCE(page->share);

	WRITE_ONCE(page->share, share - 1);
	return share > 0;
}

long v6_1_share_peek(const struct page *page)
{
	return PEEK(page->mapping) == PAGE_MAPPING_DAX_SHARED ? (long)PEEK(page->share) : -1;
}

/* dax_disassociate_entry(), fs/dax.c: warns of a page still held, and goes on. */
static void dax_disassociate_entry(struct address_space *mapping, struct page *page,
				   unsigned int order, bool trunc)
{
	for (unsigned long i = 0; i < 1UL << order; i++) {
		struct address_space *old;

		WARN_ON_ONCE(trunc && atomic_read(&page[i]._refcount) > 1);
		old = READ_ONCE(page[i].mapping);
		if (old == PAGE_MAPPING_DAX_SHARED) {
			if (v6_1_is_shared_still(&page[i]))
				continue;
		} else {
			WARN_ON_ONCE(old && old != mapping);
		}
		WRITE_ONCE(page[i].mapping, NULL);
		WRITE_ONCE(page[i].index, 0);
	}
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
		gup->pgmap = get_dev_pagemap(pfn);
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

/*
 * free_zone_device_page(), mm/memremap.c: not meant for dax pages, which have no page_free.
 * After page_free() the page is looked at again, whoever has it by then.
 */
void v6_1_free_zone_device_page(struct folio *folio)
{
	const struct dev_pagemap_ops *ops = READ_ONCE(folio->page.pgmap)->ops;
	struct dev_pagemap *pgmap;

	if (WARN_ON_ONCE(!ops))
		return;
	WRITE_ONCE(folio->page.mapping, NULL);
	ops->page_free(folio);
	pgmap = READ_ONCE(folio->page.pgmap);
	if (pgmap->type == MEMORY_DEVICE_PRIVATE || pgmap->type == MEMORY_DEVICE_COHERENT)
		put_dev_pagemap(pgmap);
	else
		folio_set_count(folio, 1);
}

/* dax_layout_busy_page_range(), fs/dax.c: a mapping without VMAs is taken to be idle. */
bool v6_1_mapping_mapped(struct address_space *mapping)
{
	return READ_ONCE(mapping->i_mmap);	/* mapping_mapped() */
}

/*
 * get_unlocked_entry(xas, 0) in the scan, fs/dax.c: xas_find_conflict() goes on
 * from the entry that xas_for_each() stands on, finds nothing else at its index,
 * and so the locked entry is never looked at.
 */
unsigned long v6_1_skip_locked_entry(struct xa_state *xas)
{
	(void)xas;
	return 0;
}

/* memremap_pages(), mm/memremap.c: percpu_ref_get_many(pfn_len). */
unsigned long v6_1_pfn_len(const struct dev_pagemap *pgmap)
{
	if (pgmap->type == MEMORY_DEVICE_PRIVATE || pgmap->type == MEMORY_DEVICE_COHERENT)
		return 0;
	return pgmap_len(pgmap);
}

/* The rest of memunmap_pages(), mm/memremap.c: ->ref goes when no look-up finds it any more. */
void v6_1_memunmap_pages(struct dev_pagemap *pgmap)
{
	wait_for_completion(&pgmap->done);
	pageunmap_range(pgmap);
	percpu_ref_exit(&pgmap->ref);
}

/*
 * del_gendisk(), block/genhd.c: sync, and __invalidate_device() of the inodes nobody holds.
 * get_super() waits for an umount that is under way, and then finds nothing there.
 */
void v6_1_invalidate_device(struct super_block *sb)
{
	down_read(&sb->s_umount);
	if (READ_ONCE(sb->active)) {
		sync_filesystem(sb);
		evict_inodes(sb);
	}
	up_read(&sb->s_umount);
}

/* zone_device_page_init(), mm/memremap.c: warns where the device is going, and goes on. */
bool v6_1_zone_device_page_init(struct page *page)
{
	struct dev_pagemap *pgmap = READ_ONCE(page->pgmap);
	bool live;

	rcu_read_lock();
	live = percpu_ref_tryget_live_rcu(&pgmap->ref);
	rcu_read_unlock();
	WARN_ON_ONCE(!live);
	zone_device_page_taken(page, !live);
	return true;
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
	fault = READ_ONCE(vmf->page->pgmap)->ops->migrate_to_ram(vmf, vmf->page);
	put_page(vmf->page, HELD_BY_TRANSIENT);
	return fault;
}

const struct mmref_rules mmref_v6_1 = {
	.name			= "v6.1",
	.summary		= "an idle page counts 1, page tables hold nothing",

	MMREF_RULE(initial_count, v6_1_one_unless_driver_allocates),
	MMREF_RULE(busy, v6_1_count_above_one),
	MMREF_RULE(idle, v6_1_count_is_one),
	MMREF_RULE(idle_peek, v6_1_count_is_one_peek),
	MMREF_RULE(wait_address, v6_1_address_of_refcount),

	.truncate_folio_batch_exceptionals = truncate_folio_batch_exceptionals,

	MMREF_RULE(read_fault_dirties, true),
	MMREF_RULE(punch_writes_back, true),
	MMREF_RULE(associate, v6_1_dax_associate_entry),
	MMREF_RULE(disassociate, dax_disassociate_entry),
	MMREF_RULE(associate_shared, v6_1_dax_mapping_set_cow),
	MMREF_RULE(share_peek, v6_1_share_peek),
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
	MMREF_RULE(free, v6_1_free_zone_device_page),

	MMREF_RULE(break_layout, dax_break_layout),
	MMREF_RULE(layout_busy_page, dax_layout_busy_page),
	MMREF_RULE(layout_worth_scanning, v6_1_mapping_mapped),
	MMREF_RULE(scan_locked_entry, v6_1_skip_locked_entry),

	MMREF_RULE(pgmap_references, v6_1_pfn_len),
	MMREF_RULE(pgmap_teardown, v6_1_memunmap_pages),
	MMREF_RULE(bdev_dead, v6_1_invalidate_device),

	MMREF_RULE(device_page_init, v6_1_zone_device_page_init),

	/* fs/dax.c, mm/truncate.c */

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

	/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */
};
