/* SPDX-License-Identifier: MIT */
/*
 * Linux 6.12: the old counting, and a block layer that tells the file system.
 *
 *	count, mapcount, idle and pgmap as in v6_1.c
 *
 * A page that several files share is told so by every fault, and counts its entries
 * down to none; 6.1 told the copies alone, and left the last of them marked.
 *
 * A fault that only reads leaves its entry clean. A walk without locks does not
 * hand out a page that its file has let go of. A dying disk shuts the file system
 * down, after it has evicted what nobody holds; nobody waits in that. A file system
 * that holds the dax device is told of a removal as of a removal, before all that.
 */
#include <errno.h>

#include <mmref/kernel.h>

#include "rules/rules.h"

static bool (dax_page_is_shared)(struct page *page)
{
	return READ_ONCE(page->mapping) == PAGE_MAPPING_DAX_SHARED;
}

static void (dax_page_share_get)(struct page *page)
{
	struct address_space *mapping = READ_ONCE(page->mapping);
	unsigned long share;

	if (mapping != PAGE_MAPPING_DAX_SHARED) {
		if (mapping)
			WRITE_ONCE(page->share, 1);
		WRITE_ONCE(page->mapping, PAGE_MAPPING_DAX_SHARED);
	}
	share = READ_ONCE(page->share);
	WRITE_ONCE(page->share, share + 1);
}

static unsigned long (dax_page_share_put)(struct page *page)
{
	unsigned long share = READ_ONCE(page->share) - 1;

	WRITE_ONCE(page->share, share);
	return share;
}

static void (dax_associate_entry)(void *entry, struct address_space *mapping,
				  struct vm_area_struct *vma, unsigned long address, bool shared)
{
	pgoff_t index = linear_page_index(vma, address & ~(dax_entry_size(entry) - 1));
	unsigned long pfn;

	for_each_mapped_pfn(entry, pfn) {
		struct page *page = pfn_to_page(pfn);

		if (shared) {
			dax_page_share_get(page);
			continue;
		}
		WARN_ON_ONCE(READ_ONCE(page->mapping));
		WRITE_ONCE(page->mapping, mapping);
		WRITE_ONCE(page->index, index++);
	}
}

/* The last entry finds that nobody else shares the page. */
static void (dax_disassociate_entry)(void *entry, struct address_space *mapping, bool trunc)
{
	unsigned long pfn;

	for_each_mapped_pfn(entry, pfn) {
		struct page *page = pfn_to_page(pfn);

		WARN_ON_ONCE(trunc && atomic_read(&page->_refcount) > 1);
		if (dax_page_is_shared(page)) {
			if (dax_page_share_put(page) > 0)
				continue;
		} else {
			struct address_space *old = READ_ONCE(page->mapping);

			WARN_ON_ONCE(old && old != mapping);
		}
		WRITE_ONCE(page->mapping, NULL);
		WRITE_ONCE(page->index, 0);
	}
}

/* A write alone marks the entry dirty, and every fault is told of a shared extent. */
static void *(dax_insert_entry)(struct xa_state *xas, struct vm_fault *vmf,
				const struct iomap_iter *iter, void *entry, unsigned long pfn,
				unsigned long flags)
{
	struct address_space *mapping = &vmf->vma->vm_file->f_inode->i_mapping;
	void *new_entry = dax_make_entry(pfn, flags);
	bool write = iter->flags & IOMAP_WRITE;
	bool shared = iter->iomap.flags & IOMAP_F_SHARED &&
		      dax_entry_order(entry) == dax_entry_order(new_entry);

	if (shared || (dax_is_zero_entry(entry) && !(flags & DAX_ZERO_PAGE)))
		dax_unmap_entry(xas, mapping, entry);

	xas_reset(xas);
	xas_lock_irq(xas);
	if (shared || dax_is_zero_entry(entry) || dax_is_empty_entry(entry)) {
		void *old;

		dax_disassociate_entry(entry, mapping, false);
		dax_associate_entry(new_entry, mapping, vmf->vma, vmf->address, shared);
		old = dax_lock_entry(xas, new_entry);
		WARN_ON_ONCE(old != xa_mk_value(xa_to_value(entry) | DAX_LOCKED));
		entry = new_entry;
	} else {
		xas_load(xas);
	}
	if (write)
		xas_set_mark(xas, PAGECACHE_TAG_DIRTY);
	if (write && shared)
		xas_set_mark(xas, PAGECACHE_TAG_TOWRITE);
	xas_unlock_irq(xas);
	return entry;
}

/* The walk stands at each entry: get_unlocked_entry() finds nothing more there, and puts nothing. */
static int (__dax_clear_dirty_range)(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	XA_STATE(xas, &mapping->i_pages, start);
	void *entry;

	xas_lock_irq(&xas);
	xas_for_each(&xas, entry, end) {
		entry = get_next_unlocked_entry(&xas, 0);
		xas_clear_mark(&xas, PAGECACHE_TAG_DIRTY);
		xas_clear_mark(&xas, PAGECACHE_TAG_TOWRITE);
		put_unlocked_entry(&xas, entry, WAKE_NEXT);
	}
	xas_unlock_irq(&xas);
	return 0;
}

/* What is mapped of an original goes too; a dirty entry would stay. */
static int (dax_iomap_iter)(struct iomap_iter *iomi, struct iov_iter *iter)
{
	struct address_space *mapping = &iomi->inode->i_mapping;
	bool cow = iter->write && iomi->iomap.flags & IOMAP_F_SHARED;

	if (!iter->write && !is_written(iomi->iomap.block))
		return 1;	/* iov_iter_zero() */
	if (cow)
		__dax_clear_dirty_range(mapping, iomi->pos, iomi->pos);
	if (cow || iomi->iomap.flags & IOMAP_F_NEW)
		invalidate_inode_pages2_range(mapping, iomi->pos, iomi->pos);
	return dax_copy_iter(iomi, iter);
}

/* try_grab_folio_fast(), mm/gup.c: it asks for the pgmap's type before it holds a reference. */
struct folio *v6_12_try_grab_folio_fast(struct gup *gup, struct page *page, int refs)
{
	unsigned int longterm_pin = FOLL_PIN | FOLL_LONGTERM;
	struct folio *folio;

	if (!(gup->flags & FOLL_PCI_P2PDMA) &&
	    folio_type(page_folio(page)) == MEMORY_DEVICE_PCI_P2PDMA)
		return NULL;
	folio = v6_1_try_get_folio(page, refs);
	if (!folio)
		return NULL;
	if ((gup->flags & longterm_pin) == longterm_pin && !folio_is_longterm_pinnable(folio)) {
		rules()->put_page(&folio->page, refs, HELD_BY_TRANSIENT);
		return NULL;
	}
	gup_complete_pin(gup, folio, refs);
	return folio;
}

/* gup_fast_devmap_leaf(), mm/gup.c: page by page, and none whose count is 0. */
static bool gup_fast_devmap_leaf(struct gup *gup, pmd_t pmd, struct page *page, int nr)
{
	int had = 0;

	while (had < nr && v6_1_pgmap_is_live(gup, pmd) &&
	       v6_12_try_grab_folio_fast(gup, page + had, 1))
		had++;
	if (had < nr)
		gup_put_pages(gup, page, had, HELD_BY_TRANSIENT);
	v6_1_put_walk_pgmap(gup);
	return had == nr;
}

/* try_grab_folio(), mm/gup.c: a look at the count, and then the reference all the same. */
int v6_12_try_grab_folio(struct gup *gup, struct page *page)
{
	struct folio *folio = page_folio(page);

	if (WARN_ON_ONCE(folio_ref_count(folio) <= 0))
		return -ENOMEM;
	if (!(gup->flags & FOLL_PCI_P2PDMA) && folio_type(folio) == MEMORY_DEVICE_PCI_P2PDMA)
		return -EREMOTEIO;
	folio_ref_add(folio, 1, HELD_BY_TRANSIENT);
	gup_complete_pin(gup, folio, 1);
	return 0;
}

/*
 * gup_fast_folio_allowed(), mm/gup.c: a single page could be secret memory, and one without a
 * mapping is not had; what is pinned for long to be written to must not be of a file.
 */
bool v6_12_gup_fast_folio_allowed(struct gup *gup, struct folio *folio)
{
	unsigned int longterm_write = FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE;
	bool reject_file_backed = (gup->flags & longterm_write) == longterm_write;
	uintptr_t mapping;

	if (!reject_file_backed && folio_test_large(folio))
		return true;
	mapping = (uintptr_t)READ_ONCE(folio->page.mapping);
	return mapping && (!reject_file_backed || (mapping & PAGE_MAPPING_ANON));
}

/* __folio_put(), mm/swap.c */
void v6_12_free(struct folio *folio)
{
	free_zone_device_folio(folio);
}

/* Not meant for dax pages. After page_free() the page is looked at again, as in 6.1. */
static void (free_zone_device_folio)(struct folio *folio)
{
	const struct dev_pagemap_ops *ops = READ_ONCE(folio->page.pgmap)->ops;
	struct dev_pagemap *pgmap;

	if (WARN_ON_ONCE(!ops))
		return;
	WRITE_ONCE(folio->page.mapping, NULL);
	ops->page_free(folio);
	pgmap = READ_ONCE(folio->page.pgmap);
	if (pgmap->type != MEMORY_DEVICE_PRIVATE && pgmap->type != MEMORY_DEVICE_COHERENT)
		folio_set_count(folio, 1);
	else
		put_dev_pagemap(pgmap);
}

static bool (__put_devmap_managed_folio_refs)(struct folio *folio, int refs, enum mmref_holder held)
{
	if (folio_type(folio) != MEMORY_DEVICE_FS_DAX)
		return false;
	if (folio_ref_sub_return(folio, refs, held) == 1)
		wake_up_var(&folio->page._refcount);
	return true;
}

/* The holder is told of a removal, while the device still lives. */
static void (kill_dax)(struct dax_device *dax_dev)
{
	if (dax_dev->holdable && READ_ONCE(dax_dev->holder_data))
		dax_holder_notify_failure(dax_dev, MF_MEM_PRE_REMOVE);
	WRITE_ONCE(dax_dev->alive, false);
	synchronize_srcu(dax_srcu());
	if (!dax_dev->holdable)
		return;
	WRITE_ONCE(dax_dev->holder_ops, NULL);
	WRITE_ONCE(dax_dev->holder_data, NULL);
}

/* Evict what nobody holds, and shut down what can be after that. */
static void (fs_bdev_mark_dead)(struct super_block *sb, bool surprise)
{
	sb = bdev_super_lock(sb);
	if (!sb)
		return;
	if (!surprise)
		sync_filesystem(sb);
	evict_inodes(sb);
	if (sb->s_type->has_shutdown)
		WRITE_ONCE(sb->shutdown, true);
	super_unlock_shared(sb);
}

static void (bdev_mark_dead)(struct pmem_device *bdev, bool surprise)
{
	fs_bdev_mark_dead(bdev->sb, surprise);
}

/* blk_report_disk_dead(): the file system is told. */
static void (del_gendisk)(struct pmem_device *disk)
{
	bdev_mark_dead(disk, false);
}

/* The count of 1 of each page goes over to its PTE. */
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

/* --- mm/memory.c, mm/huge_memory.c ------------------------------------------- */

/* The zero page can be inserted as well, and the count is looked at here. */
static int (validate_page_before_insert)(struct vm_area_struct *vma, struct page *page)
{
	struct folio *folio = page_folio(page);

	(void)vma;
	if (!folio_ref_count(folio))
		return -EINVAL;
	if (is_zero_folio(folio))
		return 0;
	return folio_test_anon(folio) ? -EINVAL : 0;
}

static int (insert_page_into_pte_locked)(struct vm_area_struct *vma, pte_t *pte,
					 unsigned long addr, struct page *page, bool mkwrite)
{
	struct folio *folio = page_folio(page);

	(void)addr;
	(void)mkwrite;
	if (PEEK(*pte))
		return -EBUSY;
	if (is_zero_folio(folio)) {
		set_pte(pte, mk_pte(page, false, PTE_SPECIAL));
		return 0;
	}
	folio_get(folio, HELD_BY_PTE);
	folio_add_file_rmap_pte(folio, page, vma);
	set_pte(pte, mk_pte(page, false, vm_page_prot(vma)));
	return 0;
}

static int (vm_insert_page)(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	vma->vm_flags |= VM_MIXEDMAP;
	return insert_page(vma, addr, page, false);
}

/* A special PMD is copied as it stands, for it holds nothing. */
static void (copy_huge_pmd)(struct mm_struct *dst_mm, struct mm_struct *src_mm, pmd_t *dst_pmd,
			    pmd_t *src_pmd, unsigned long addr, struct vm_area_struct *dst_vma,
			    struct vm_area_struct *src_vma)
{
	pmd_t pmd = READ_ONCE(*src_pmd);

	(void)src_mm;
	(void)addr;
	(void)dst_vma;
	(void)src_vma;
	if (!pmd_leaf(pmd) || !pmd_special(pmd) || is_huge_zero_pmd(pmd))
		return;
	spin_lock(&dst_mm->page_table_lock);
	set_pmd(dst_pmd, pmd);
	spin_unlock(&dst_mm->page_table_lock);
}

/* The mapping of a dirty page goes after the flush. */
static void (zap_present_ptes)(struct mmu_gather *tlb, struct vm_area_struct *vma, pte_t *pte,
			       pte_t ptent, unsigned long addr, struct zap_details *details,
			       bool *force_flush, bool *force_break)
{
	struct page *page = vm_normal_page(vma, addr, ptent);
	struct folio *folio = page ? page_folio(page) : NULL;
	bool delay_rmap = false;

	if (!should_zap_pte(details, ptent, folio))
		return;
	ptent = ptep_get_and_clear(pte);
	tlb_remove_tlb_entry(tlb);
	if (!folio)
		return;
	if (!folio_test_anon(folio)) {
		if (pte_dirty(ptent)) {
			folio_set_flag(folio, PG_dirty);
			delay_rmap = *force_flush = true;
		}
		if (pte_young(ptent))
			folio_set_flag(folio, PG_referenced);
	}
	if (!delay_rmap)
		folio_remove_rmap_pte(folio, page, vma);
	if (tlb_remove_page(tlb, folio, page, delay_rmap))
		*force_flush = *force_break = true;
}

const struct mmref_rules mmref_v6_12 = {
	.name			= "v6.12",
	.ancestor		= &mmref_v6_1,
	.summary		= "as v6.1; a dying disk shuts the file system down",

	MMREF_RULE(fallocate_breaks_first, true),
	MMREF_RULE(read_finds_shared, true),
	MMREF_RULE(clone_looks_again, true),

	MMREF_RULE(gup_admit, v6_1_pgmap_is_live),
	MMREF_RULE(gup_admit_pmd, v6_1_pgmap_is_live),
	MMREF_RULE(gup_grab, v6_12_try_grab_folio_fast),
	MMREF_RULE(gup_grab_leaf, gup_fast_devmap_leaf),
	MMREF_RULE(gup_grab_locked, v6_12_try_grab_folio),
	MMREF_RULE(gup_unchanged, v6_1_pmd_and_pte_unchanged),
	MMREF_RULE(gup_fast_allowed, v6_12_gup_fast_folio_allowed),
	MMREF_RULE(gup_finish, v6_1_put_walk_pgmap),
	MMREF_RULE(io_uring_takes_files, true),
	MMREF_RULE(exit_takes_uring_lock, true),

	MMREF_RULE(put_page, v6_1_put_devmap_managed_page),
	MMREF_RULE(folio_put, v6_1_folio_put_unhooked),
	MMREF_RULE(free, v6_12_free),

	MMREF_RULE(break_layout, v6_1_break_layouts),

	/* fs/dax.c, mm/truncate.c */
	.dax_mapping_is_cow = MMREF_GONE,
	.dax_mapping_set_cow = MMREF_GONE,
	.dax_page_is_shared = dax_page_is_shared,
	.dax_page_share_get = dax_page_share_get,
	.dax_page_share_put = dax_page_share_put,
	.dax_associate_entry = dax_associate_entry,
	.dax_disassociate_entry = dax_disassociate_entry,
	.dax_insert_entry = dax_insert_entry,
	.__dax_clear_dirty_range = __dax_clear_dirty_range,
	.dax_iomap_iter = dax_iomap_iter,

	/* mm/gup.c, mm/swap.c, io_uring */

	/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */
	.validate_page_before_insert = validate_page_before_insert,
	.insert_page_into_pte_locked = insert_page_into_pte_locked,
	.vm_insert_page = vm_insert_page,
	.copy_huge_pmd = copy_huge_pmd,
	.zap_present_ptes = zap_present_ptes,

	/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
	.free_zone_device_page	= MMREF_GONE,
	.free_zone_device_folio	= free_zone_device_folio,
	.__put_devmap_managed_page_refs = MMREF_GONE,
	.__put_devmap_managed_folio_refs = __put_devmap_managed_folio_refs,
	.kill_dax		= kill_dax,
	.__invalidate_device	= MMREF_GONE,
	.bdev_mark_dead		= bdev_mark_dead,
	.fs_bdev_mark_dead	= fs_bdev_mark_dead,
	.del_gendisk		= del_gendisk,
	.p2pmem_alloc_mmap	= p2pmem_alloc_mmap,

	/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */
};
