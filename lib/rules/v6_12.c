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

#include "check/hooks.h"
#include "fs/blocks.h"
#include "fs/ext4/ext4.h"
#include "fs/xfs/xfs.h"
#include "fs/xfs/xfs_reflink.h"
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

/* Only a write marks the entry dirty; every fault learns that an extent is shared. */
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

/* Notify the holder of the removal while the device still lives. */
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

/* blk_report_disk_dead(): notify the file system. */
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

/* --- mm/gup.c --- */

static void (__folio_put)(struct folio *folio)
{
	free_zone_device_folio(folio);
}

static bool (put_devmap_managed_folio_refs)(struct folio *folio, int refs, enum mmref_holder held)
{
	if (!static_branch_unlikely(&devmap_managed_key))
		return false;
	return __put_devmap_managed_folio_refs(folio, refs, held);
}

/* It asks for the pgmap's type before it holds a reference. */
static struct folio *(try_grab_folio_fast)(struct page *page, int refs, unsigned int flags)
{
	struct folio *folio;

	if (!(flags & FOLL_PCI_P2PDMA) && folio_type(page_folio(page)) == MEMORY_DEVICE_PCI_P2PDMA)
		return NULL;
	if (flags & FOLL_GET)
		return try_get_folio(page, refs);
	folio = try_get_folio(page, refs);
	if (!folio)
		return NULL;
	if ((flags & FOLL_LONGTERM) && !folio_is_longterm_pinnable(folio)) {
		if (!put_devmap_managed_folio_refs(folio, refs))
			folio_put_refs(folio, refs);
		return NULL;
	}
	if (folio_test_large(folio))
		atomic_add(refs, &folio_second(folio)->_pincount);
	else
		folio_ref_add(folio, refs * (GUP_PIN_COUNTING_BIAS - 1), HELD_BY_TRANSIENT);
	return folio;
}

/* A look at the count, and then the references all the same. */
static int (try_grab_folio)(struct folio *folio, int refs, unsigned int flags)
{
	if (WARN_ON_ONCE(folio_ref_count(folio) <= 0))
		return -ENOMEM;
	if (!(flags & FOLL_PCI_P2PDMA) && folio_type(folio) == MEMORY_DEVICE_PCI_P2PDMA)
		return -EREMOTEIO;
	if (flags & FOLL_GET) {
		folio_ref_add(folio, refs, HELD_BY_TRANSIENT);
	} else if (folio_test_large(folio)) {
		folio_ref_add(folio, refs, HELD_BY_TRANSIENT);
		atomic_add(refs, &folio_second(folio)->_pincount);
	} else {
		folio_ref_add(folio, refs * GUP_PIN_COUNTING_BIAS, HELD_BY_TRANSIENT);
	}
	return 0;
}

static void (unpin_user_folio)(struct folio *folio, unsigned long npages, enum mmref_holder held)
{
	gup_put_folio(folio, npages, FOLL_PIN, held);
}

/*
 * A single page could be secret memory, and one without a mapping is not had; what is pinned for
 * long to be written to must not be of a file.
 */
static bool (gup_fast_folio_allowed)(struct folio *folio, unsigned int flags)
{
	unsigned int longterm_write = FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE;
	bool reject_file_backed = (flags & longterm_write) == longterm_write;
	uintptr_t mapping;

	if (!reject_file_backed && folio_test_large(folio))
		return true;
	mapping = (uintptr_t)READ_ONCE(folio->page.mapping);
	if (!mapping)
		return false;
	return (mapping & PAGE_MAPPING_ANON) || !reject_file_backed;
}

/* As in 6.1, and a page of a file that is pinned for long is to be copied first, where it will be. */
static bool (gup_must_unshare)(struct vm_area_struct *vma, unsigned int flags, struct page *page)
{
	if ((flags & (FOLL_WRITE | FOLL_PIN)) != FOLL_PIN)
		return false;
	if (!folio_test_anon(page_folio_peek(page))) {
		if (!(flags & FOLL_LONGTERM))
			return false;
		return !vma || !(vma->vm_flags & VM_SHARED);
	}
	return true;
}

static void (gup_fast_undo_dev_pagemap)(int *nr, int nr_start, unsigned int flags,
					struct page **pages)
{
	while (*nr - nr_start) {
		struct page *page = pages[--*nr];
		struct folio *folio = page ? page_folio(page) : NULL;

		if (!folio)
			continue;
		folio_clear_referenced(folio);
		gup_put_folio(folio, 1, flags);
	}
}

/* As in 6.1, but for gup_fast_folio_allowed(). */
static int (gup_fast_pte_range)(pmd_t pmd, pmd_t *pmdp, unsigned long addr, unsigned long end,
				unsigned int flags, struct page **pages, int *nr)
{
	struct dev_pagemap *pgmap = NULL;
	pte_t *ptep = pte_offset_kernel(pmd, addr);
	int nr_start = *nr, ret = 0;

	do {
		pte_t pte = ptep_get(ptep);
		struct folio *folio;
		struct page *page;

		if (!pte_access_permitted(pte, flags & FOLL_WRITE))
			goto pte_unmap;
		if (pte & PTE_DEVMAP) {
			if (flags & FOLL_LONGTERM)
				goto pte_unmap;
			pgmap = get_dev_pagemap(pte_pfn(pte), pgmap);
			if (!pgmap) {
				gup_fast_undo_dev_pagemap(nr, nr_start, flags, pages);
				goto pte_unmap;
			}
		} else if (pte & PTE_SPECIAL) {
			goto pte_unmap;
		}
		page = pte_page(pte);
		if (page) {
			folio = try_grab_folio_fast(page, 1, flags);
			if (!folio)
				goto pte_unmap;
			if (READ_ONCE(*pmdp) != pmd || ptep_get(ptep) != pte ||
			    !gup_fast_folio_allowed(folio, flags) ||
			    (!pte_write(pte) && gup_must_unshare(NULL, flags, page))) {
				gup_put_folio(folio, 1, flags);
				goto pte_unmap;
			}
			folio_set_referenced(folio);
		}
		pages[(*nr)++] = page;
	} while (ptep++, ++addr != end);
	ret = 1;

pte_unmap:
	put_dev_pagemap(pgmap);
	return ret;
}

/* Page by page, and none whose count is 0. */
static int (gup_fast_devmap_leaf)(unsigned long pfn, unsigned long addr, unsigned long end,
				  unsigned int flags, struct page **pages, int *nr)
{
	struct dev_pagemap *pgmap = NULL;
	int nr_start = *nr;

	do {
		struct page *page = pfn_to_page(pfn);
		struct folio *folio;

		pgmap = get_dev_pagemap(pfn, pgmap);
		if (!pgmap) {
			gup_fast_undo_dev_pagemap(nr, nr_start, flags, pages);
			break;
		}
		folio = try_grab_folio_fast(page, 1, flags);
		if (!folio) {
			gup_fast_undo_dev_pagemap(nr, nr_start, flags, pages);
			break;
		}
		folio_set_referenced(folio);
		pages[(*nr)++] = page;
		pfn++;
	} while (++addr != end);
	put_dev_pagemap(pgmap);
	return addr == end;
}

static int (gup_fast_pmd_leaf)(pmd_t orig, pmd_t *pmdp, unsigned long addr, unsigned long end,
			       unsigned int flags, struct page **pages, int *nr)
{
	struct folio *folio;
	struct page *page;
	int refs;

	if (!pmd_access_permitted(orig, flags & FOLL_WRITE))
		return 0;
	if ((orig & (PTE_SPECIAL | PTE_DEVMAP)) == PTE_SPECIAL)
		return 0;
	if (orig & PTE_DEVMAP) {
		if (flags & FOLL_LONGTERM)
			return 0;
		return gup_fast_devmap_pmd_leaf(orig, pmdp, addr, end, flags, pages, nr);
	}
	page = pte_page(orig) + (addr & (ptrs_per_pte() - 1));
	for (refs = 0; addr + refs != end; refs++)
		pages[*nr + refs] = page + refs;
	folio = try_grab_folio_fast(page, refs, flags);
	if (!folio)
		return 0;
	if (READ_ONCE(*pmdp) != orig || !gup_fast_folio_allowed(folio, flags) ||
	    (!pte_write(orig) && gup_must_unshare(NULL, flags, &folio->page))) {
		gup_put_folio(folio, refs, flags);
		return 0;
	}
	*nr += refs;
	folio_set_referenced(folio);
	return 1;
}

/* What is pinned for long is moved without mmap_lock. */
static int (gup_fast_fallback)(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			       unsigned int gup_flags, struct page **pages)
{
	unsigned long nr_pinned = gup_fast(mm, start, start + nr_pages, gup_flags, pages);
	int locked = 0;
	long ret;

	if (nr_pinned == nr_pages || (gup_flags & FOLL_FAST_ONLY))
		return nr_pinned;
	ret = __gup_longterm_locked(mm, start + nr_pinned, nr_pages - nr_pinned, pages + nr_pinned,
				    &locked, gup_flags | FOLL_TOUCH);
	if (ret < 0)
		return nr_pinned ? (long)nr_pinned : ret;
	return ret + nr_pinned;
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
	table = pte_offset_map(vma->vm_mm, address, &ptep);
	if (!table)
		return NULL;
	spin_lock(&table->ptl);
	pte = PEEK_SHARED(*ptep);
	if (!pte_access_permitted(pte, flags & FOLL_WRITE))
		goto out;
	page = vm_normal_page(vma, address, pte);
	if (!page && (pte & PTE_DEVMAP)) {
		*pgmap = get_dev_pagemap(pte_pfn(pte), *pgmap);
		if (!*pgmap)
			goto out;
		page = pte_page(pte);
	} else if (!page) {
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

static struct page *(follow_huge_pmd)(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd,
				      unsigned int flags, struct follow_page_context *ctx)
{
	pmd_t pmdval = PEEK_SHARED(*pmd);
	struct page *page = pte_page(pmdval);
	int ret;

	if (!pmd_access_permitted(pmdval, flags & FOLL_WRITE))
		return NULL;
	if (!page)
		return NO_STRUCT_PAGE;
	if (!pte_write(pmdval) && gup_must_unshare(vma, flags, page))
		return ERR_PTR(-EMLINK);
	ret = try_grab_folio(page_folio(page), 1, flags);
	if (ret)
		return ERR_PTR(ret);
	ctx->page_mask = ptrs_per_pte() - 1;
	return page + (addr & (ptrs_per_pte() - 1));
}

/* Without a live pgmap it fails, where follow_page_pte() faults. */
static struct page *(follow_devmap_pmd)(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd,
					unsigned int flags, struct dev_pagemap **pgmap)
{
	pmd_t pmdval = PEEK_SHARED(*pmd);
	unsigned long pfn = pte_pfn(pmdval) + (addr & (ptrs_per_pte() - 1));
	struct page *page;
	int ret;

	(void)vma;
	if (!pmd_access_permitted(pmdval, flags & FOLL_WRITE) || !(pmdval & PTE_DEVMAP))
		return NULL;
	*pgmap = get_dev_pagemap(pfn, *pgmap);
	if (!*pgmap)
		return ERR_PTR(-EFAULT);
	page = pfn_to_page(pfn);
	ret = try_grab_folio(page_folio(page), 1, flags);
	return ret ? ERR_PTR(ret) : page;
}

/* Of a PMD the first page is taken under its lock, and the others of the folio after that. */
static long (__get_user_pages)(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			       unsigned int gup_flags, struct page **pages)
{
	struct follow_page_context ctx = { NULL, 0 };
	struct vm_area_struct *vma = NULL;
	long ret = 0, i = 0;

	while (nr_pages) {
		unsigned long page_increm;
		struct page *page;

		if (!vma || start >= vma->vm_end) {
			vma = vma_lookup(mm, start);
			ret = vma ? check_vma_flags(vma, gup_flags) : -EFAULT;
			if (ret)
				break;
		}
		page = follow_page_mask(vma, start, gup_flags, &ctx);
		if (!page || PTR_ERR(page) == -EMLINK) {
			ret = faultin_page(vma, start, gup_flags, PTR_ERR(page) == -EMLINK);
			if (ret)
				break;
			continue;
		}
		if (IS_ERR(page)) {
			ret = PTR_ERR(page);
			break;
		}
		page_increm = 1 + (~start & ctx.page_mask);
		if (page_increm > nr_pages)
			page_increm = nr_pages;
		if (page_increm > 1) {
			struct folio *folio = page_folio(page);

			if (try_grab_folio(folio, page_increm - 1, gup_flags)) {
				gup_put_folio(folio, 1, gup_flags);
				ret = -EFAULT;
				break;
			}
		}
		for (unsigned long j = 0; j < page_increm; j++)
			pages[i + j] = page == NO_STRUCT_PAGE ? NULL : page + j;
		gup_hand_over(&pages[i], page_increm, gup_flags);
		i += page_increm;
		start += page_increm;
		nr_pages -= page_increm;
	}
	put_dev_pagemap(ctx.pgmap);
	return i ? i : ret;
}

/* --- io_uring --- */

static int (io_pin_pages)(struct mm_struct *mm, unsigned long uaddr, unsigned long nr_pages,
			  struct page **pages)
{
	int ret = pin_user_pages_fast(mm, uaddr, nr_pages, FOLL_WRITE | FOLL_LONGTERM, pages);

	if (ret == (int)nr_pages)
		return 0;
	if (ret < 0)
		return ret;
	unpin_user_pages(pages, ret);
	return -EFAULT;
}

/* In each folio one pin is kept, and its head stands for it. */
static bool io_do_coalesce_buffer(struct page **pages, int *nr_pages,
				  struct io_imu_folio_data *data)
{
	int left = *nr_pages, j = 0;

	for (unsigned int i = 0; i < data->nr_folios; i++) {
		int nr = i ? data->nr_pages_mid : data->nr_pages_head;
		struct page *head = &page_folio(pages[j])->page;

		nr = nr < left ? nr : left;
		if (nr > 1)
			unpin_user_pages(&pages[j + 1], nr - 1);
		j += nr;
		left -= nr;
		pages[i] = head;
	}
	*nr_pages = data->nr_folios;
	return true;
}

static int (io_sqe_buffer_register)(struct io_ring_ctx *ctx, unsigned long uaddr,
				    unsigned long nr_pages, struct io_mapped_ubuf *imu)
{
	struct io_imu_folio_data data;
	int nr = nr_pages;
	int ret = io_pin_pages(ctx->mm_account, uaddr, nr_pages, imu->bvec);

	if (ret)
		return ret;
	if (nr > 1 && io_check_coalesce_buffer(imu->bvec, nr, &data) && data.nr_pages_mid != 1 &&
	    io_coalesce_buffer(imu->bvec, &nr, &data)) {
		imu->folio_shift = data.folio_shift;
		imu->first = data.first_folio_page_idx;
	}
	imu->nr_bvecs = nr;
	return 0;
}

static void (io_buffer_unmap)(struct io_ring_ctx *ctx, struct io_mapped_ubuf *imu)
{
	(void)ctx;
	for (unsigned int i = 0; i < imu->nr_bvecs; i++)
		if (imu->bvec[i])
			unpin_user_folio(page_folio(imu->bvec[i]), 1, HELD_BY_PIN);
}

/* The caller holds the locks and has broken the layout, even if the range is past the end. */
static int (ext4_punch_hole)(struct inode *inode, pgoff_t first, pgoff_t last)
{
	int ret;

	if (first >= inode->i_size)
		return 0;
	if (last >= inode->i_size)
		last = inode->i_size - 1;
	truncate_pagecache_range(inode, first, last);
	ret = ext4_journal_check_start(inode);
	if (!ret)
		ext4_ext_remove_space(inode, first, last);
	return ret;
}

static int (ext4_zero_range)(struct inode *inode, pgoff_t first, pgoff_t last)
{
	truncate_pagecache_range(inode, first, last);
	return ext4_alloc_file_blocks(inode, first, last);
}

static int (ext4_collapse_range)(struct inode *inode, pgoff_t first, pgoff_t last)
{
	if (last + 1 >= inode->i_size)	/* that would be a truncate */
		return -EINVAL;
	return ext4_do_collapse_range(inode, first, last);
}

/* It takes the locks and breaks the layout for all modes but that of an allocation. */
static int (ext4_fallocate)(struct inode *inode, int mode, pgoff_t first, pgoff_t last)
{
	int ret;

	down_write(&inode->i_rwsem);
	if (mode == FALLOC_FL_ALLOCATE_RANGE) {
		ret = ext4_do_fallocate(inode, first, last);
		goto out_inode_lock;
	}

	durable_cut(inode, first, last + 1);
	down_write(&inode->i_mapping.invalidate_lock);
	ret = ext4_break_layouts(inode);
	if (ret)
		goto out_invalidate_lock;

	if (mode == FALLOC_FL_PUNCH_HOLE)
		ret = ext4_punch_hole(inode, first, last);
	else if (mode == FALLOC_FL_COLLAPSE_RANGE)
		ret = ext4_collapse_range(inode, first, last);
	else
		ret = ext4_zero_range(inode, first, last);

out_invalidate_lock:
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
out_inode_lock:
	up_write(&inode->i_rwsem);
	return ret;
}

/* A read of a DAX file also learns whether files share the extent. */
static int (xfs_read_iomap_begin)(struct inode *inode, pgoff_t pgoff, unsigned int order,
				  struct iomap *iomap)
{
	int error;

	if (xfs_is_shutdown(inode->i_sb))
		return -EIO;
	error = map_blocks(inode, pgoff, false, order, iomap);
	return error ? error : xfs_reflink_trim_around_shared(inode, pgoff, order, iomap);
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
	.name = "v6.12",
	.ancestor = &mmref_v6_1,
	.summary = "as v6.1; a dying disk shuts the file system down",

	/* fs/dax.c */
	.dax_page_is_shared = dax_page_is_shared,
	.dax_page_share_get = dax_page_share_get,
	.dax_page_share_put = dax_page_share_put,
	.dax_associate_entry = dax_associate_entry,
	.dax_disassociate_entry = dax_disassociate_entry,
	.__dax_clear_dirty_range = __dax_clear_dirty_range,
	.dax_insert_entry = dax_insert_entry,
	.dax_iomap_iter = dax_iomap_iter,

	/* mm/gup.c */
	.try_grab_folio_fast = try_grab_folio_fast,
	.try_grab_folio = try_grab_folio,
	.unpin_user_folio = unpin_user_folio,
	.gup_fast_folio_allowed = gup_fast_folio_allowed,
	.follow_page_pte = follow_page_pte,
	.follow_huge_pmd = follow_huge_pmd,
	.__get_user_pages = __get_user_pages,
	.gup_fast_undo_dev_pagemap = gup_fast_undo_dev_pagemap,
	.gup_fast_pte_range = gup_fast_pte_range,
	.gup_fast_devmap_leaf = gup_fast_devmap_leaf,
	.gup_fast_pmd_leaf = gup_fast_pmd_leaf,
	.gup_fast_fallback = gup_fast_fallback,

	/* mm/internal.h */
	.gup_must_unshare = gup_must_unshare,

	/* mm/huge_memory.c */
	.follow_devmap_pmd = follow_devmap_pmd,
	.copy_huge_pmd = copy_huge_pmd,

	/* include/linux/mm.h */
	.put_devmap_managed_folio_refs = put_devmap_managed_folio_refs,

	/* mm/swap.c */
	.__folio_put = __folio_put,

	/* io_uring/memmap.c */
	.io_pin_pages = io_pin_pages,

	/* io_uring/rsrc.c */
	.io_coalesce_buffer = io_do_coalesce_buffer,
	.io_sqe_buffer_register = io_sqe_buffer_register,
	.io_buffer_unmap = io_buffer_unmap,

	/* mm/memory.c */
	.zap_present_ptes = zap_present_ptes,
	.validate_page_before_insert = validate_page_before_insert,
	.insert_page_into_pte_locked = insert_page_into_pte_locked,
	.vm_insert_page = vm_insert_page,

	/* mm/memremap.c */
	.free_zone_device_folio = free_zone_device_folio,
	.__put_devmap_managed_folio_refs = __put_devmap_managed_folio_refs,

	/* drivers/dax/super.c */
	.kill_dax = kill_dax,

	/* drivers/pci/p2pdma.c */
	.p2pmem_alloc_mmap = p2pmem_alloc_mmap,

	/* fs/super.c */
	.fs_bdev_mark_dead = fs_bdev_mark_dead,

	/* block/genhd.c */
	.del_gendisk = del_gendisk,

	/* block/bdev.c */
	.bdev_mark_dead = bdev_mark_dead,

	/* fs/ext4/inode.c */
	.ext4_punch_hole = ext4_punch_hole,

	/* fs/ext4/extents.c */
	.ext4_zero_range = ext4_zero_range,
	.ext4_collapse_range = ext4_collapse_range,
	.ext4_fallocate = ext4_fallocate,

	/* fs/xfs/xfs_iomap.c */
	.xfs_read_iomap_begin = xfs_read_iomap_begin,

	/* functions that this kernel does not have any more */
	.dax_mapping_is_cow = MMREF_GONE,
	.dax_mapping_set_cow = MMREF_GONE,
	.try_grab_page = MMREF_GONE,
	.free_zone_device_page = MMREF_GONE,
	.__put_devmap_managed_page_refs = MMREF_GONE,
	.__invalidate_device = MMREF_GONE,
};
