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
 * put that brings a count down to 1 wakes a truncate that waits, through a hook
 * that put_page() has and folio_put() has not.
 *
 * Of files that share a block only the copy that a write makes is told: its page has a
 * mapping of 1, and counts its entries in its index. Readers take the page from each other.
 */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/hooks.h"
#include "fs/blocks.h"
#include "fs/ext4/ext4.h"
#include "fs/fuse/fuse.h"
#include "fs/xfs/xfs.h"
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
 * A fault that only reads marks the entry dirty, too. Only a write learns that an extent is shared. A
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

/* --- mm/gup.c, mm/swap.c, include/linux/mm.h --- */

static void (__folio_put)(struct folio *folio)
{
	free_zone_device_page(&folio->page);
}

static bool put_devmap_managed_page_refs(struct folio *folio, int refs, enum mmref_holder held)
{
	if (!static_branch_unlikely(&devmap_managed_key))
		return false;
	return __put_devmap_managed_page_refs(&folio->page, refs, held);
}

static void (put_page)(struct page *page, enum mmref_holder held)
{
	struct folio *folio = page_folio(page);

	if (put_devmap_managed_folio_refs(folio, 1, held))
		return;
	folio_put(folio, held);
}

static void release_pages(struct folio **folios, unsigned int nr, enum mmref_holder held)
{
	for (unsigned int i = 0; i < nr; i++) {
		if (put_devmap_managed_folio_refs(folios[i], 1, held))
			continue;
		if (folio_ref_sub_return(folios[i], 1, held) == 0)
			__folio_put(folios[i]);
	}
}

/* A page that turns out to be of another folio once it is held goes back to the first. */
static struct folio *(try_get_folio)(struct page *page, int refs)
{
	struct folio *folio;

	for (;;) {
		folio = page_folio(page);
		if (!folio_ref_add_unless_zero(folio, refs, HELD_BY_TRANSIENT))
			return NULL;
		if (page_folio(page) == folio)
			return folio;
		if (!put_devmap_managed_folio_refs(folio, refs))
			folio_put_refs(folio, refs);
	}
}

/* One reference each first, and the rest of a pin once they hold. */
static struct folio *(try_grab_folio)(struct page *page, int refs, unsigned int flags)
{
	struct folio *folio;

	if (flags & FOLL_GET)
		return try_get_folio(page, refs);
	if ((flags & FOLL_LONGTERM) && folio_type(page_folio_peek(page)) == MEMORY_DEVICE_COHERENT)
		return NULL;	/* is_longterm_pinnable_page(), before it is held */
	folio = try_get_folio(page, refs);
	if (!folio)
		return NULL;
	if (folio_test_large(folio))
		atomic_add(refs, &folio_second(folio)->_pincount);
	else
		folio_ref_add(folio, refs * (GUP_PIN_COUNTING_BIAS - 1), HELD_BY_TRANSIENT);
	return folio;
}

static void (gup_put_folio)(struct folio *folio, int refs, unsigned int flags,
			    enum mmref_holder held)
{
	if (flags & FOLL_PIN) {
		if (folio_test_large(folio))
			atomic_sub(refs, &folio_second(folio)->_pincount);
		else
			refs *= GUP_PIN_COUNTING_BIAS;
	}
	if (!put_devmap_managed_folio_refs(folio, refs, held))
		folio_put_refs(folio, refs, held);
}

/* A look at the count, and then the reference all the same. */
static bool (try_grab_page)(struct page *page, unsigned int flags)
{
	struct folio *folio = page_folio(page);

	if (WARN_ON_ONCE(folio_ref_count(folio) <= 0))
		return false;
	if (flags & FOLL_GET) {
		folio_ref_inc(folio, HELD_BY_TRANSIENT);
	} else if (folio_test_large(folio)) {
		folio_ref_add(folio, 1, HELD_BY_TRANSIENT);
		atomic_add(1, &folio_second(folio)->_pincount);
	} else {
		folio_ref_add(folio, GUP_PIN_COUNTING_BIAS, HELD_BY_TRANSIENT);
	}
	return true;
}

/* The pages that a walk took before a pgmap turned out to be dying, the last first. */
static void undo_dev_pagemap(int *nr, int nr_start, unsigned int flags, struct page **pages)
{
	while (*nr - nr_start) {
		struct page *page = pages[--*nr];

		if (!page)
			continue;
		ClearPageReferenced(page);
		if (flags & FOLL_PIN)
			unpin_user_page(page);
		else
			put_page(page);
	}
}

/*
 * Asked of an entry that is not writable. An anonymous page has one only since a fork, and is shared
 * from then on until a write makes it one process's again: PageAnonExclusive() is false. The
 * mapping of a page that files share looks like that of an anonymous one.
 */
static bool (gup_must_unshare)(struct vm_area_struct *vma, unsigned int flags, struct page *page)
{
	(void)vma;
	if ((flags & (FOLL_WRITE | FOLL_PIN)) != FOLL_PIN)
		return false;
	return folio_test_anon(page_folio_peek(page));
}

/* An entry that is devmap has no page without a live pgmap, which is held until the table is done. */
static int gup_pte_range(pmd_t pmd, pmd_t *pmdp, unsigned long addr, unsigned long end,
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
				undo_dev_pagemap(nr, nr_start, flags, pages);
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

/* Page by page, and not a look whether a count is 0. */
static int __gup_device_huge(unsigned long pfn, unsigned long addr, unsigned long end,
			     unsigned int flags, struct page **pages, int *nr)
{
	struct dev_pagemap *pgmap = NULL;
	int nr_start = *nr;

	do {
		struct page *page = pfn_to_page(pfn);

		pgmap = get_dev_pagemap(pfn, pgmap);
		if (!pgmap) {
			gup_fast_undo_dev_pagemap(nr, nr_start, flags, pages);
			break;
		}
		SetPageReferenced(page);
		pages[*nr] = page;
		if (!try_grab_page(page, flags)) {
			gup_fast_undo_dev_pagemap(nr, nr_start, flags, pages);
			break;
		}
		(*nr)++;
		pfn++;
	} while (++addr != end);
	put_dev_pagemap(pgmap);
	return addr == end;
}

/* The pgmap is put before the PMD is looked at again. */
static int __gup_device_huge_pmd(pmd_t orig, pmd_t *pmdp, unsigned long addr, unsigned long end,
				 unsigned int flags, struct page **pages, int *nr)
{
	unsigned long fault_pfn = pte_pfn(orig) + (addr & (ptrs_per_pte() - 1));
	int nr_start = *nr;

	if (!gup_fast_devmap_leaf(fault_pfn, addr, end, flags, pages, nr))
		return 0;
	if (READ_ONCE(*pmdp) != orig) {
		gup_fast_undo_dev_pagemap(nr, nr_start, flags, pages);
		return 0;
	}
	return 1;
}

static int gup_huge_pmd(pmd_t orig, pmd_t *pmdp, unsigned long addr, unsigned long end,
			unsigned int flags, struct page **pages, int *nr)
{
	struct folio *folio;
	struct page *page;
	int refs;

	if (!pmd_access_permitted(orig, flags & FOLL_WRITE))
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
	if (READ_ONCE(*pmdp) != orig ||
	    (!pte_write(orig) && gup_must_unshare(NULL, flags, &folio->page))) {
		gup_put_folio(folio, refs, flags);
		return 0;
	}
	*nr += refs;
	folio_set_referenced(folio);
	return 1;
}

/* Until v6.11 a page for long is taken under mmap_lock, and not marked as accessed. */
static int internal_get_user_pages_fast(struct mm_struct *mm, unsigned long start,
					unsigned long nr_pages, unsigned int gup_flags,
					struct page **pages)
{
	unsigned long nr_pinned = gup_fast(mm, start, start + nr_pages, gup_flags, pages);
	int locked = !!(gup_flags & FOLL_LONGTERM);
	long ret;

	if (nr_pinned == nr_pages || (gup_flags & FOLL_FAST_ONLY))
		return nr_pinned;
	start += nr_pinned;
	pages += nr_pinned;
	nr_pages -= nr_pinned;
	if (gup_flags & FOLL_LONGTERM) {
		down_read(&mm->mmap_lock);
		ret = __gup_longterm_locked(mm, start, nr_pages, pages, &locked, gup_flags);
		up_read(&mm->mmap_lock);
	} else {
		ret = __get_user_pages_locked(mm, start, nr_pages, pages, &locked,
					      gup_flags | FOLL_TOUCH);
	}
	if (ret < 0)
		return nr_pinned ? (long)nr_pinned : ret;
	return ret + nr_pinned;
}

/* An entry without a live pgmap is faulted in again. */
static struct page *(follow_page_pte)(struct vm_area_struct *vma, unsigned long address, pmd_t *pmd,
				      unsigned int flags, struct dev_pagemap **pgmap)
{
	struct pte_table *table;
	struct page *page = NULL;
	pte_t *ptep, pte;

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
	if (!pte_write(pte) && gup_must_unshare(vma, flags, page)) {
		page = ERR_PTR(-EMLINK);
		goto out;
	}
	if (!try_grab_page(page, flags)) {
		page = ERR_PTR(-ENOMEM);
		goto out;
	}
	if (flags & FOLL_TOUCH)
		folio_mark_accessed(page_folio_peek(page));
out:
	spin_unlock(&table->ptl);
	return page;
}

static struct page *follow_trans_huge_pmd(struct vm_area_struct *vma, unsigned long addr,
					  pmd_t *pmd, unsigned int flags,
					  struct follow_page_context *ctx)
{
	pmd_t pmdval = PEEK_SHARED(*pmd);
	struct page *page = pte_page(pmdval);

	(void)ctx;
	if (!pmd_access_permitted(pmdval, flags & FOLL_WRITE))
		return NULL;
	if (!page)
		return NO_STRUCT_PAGE;
	if (!pte_write(pmdval) && gup_must_unshare(vma, flags, page))
		return ERR_PTR(-EMLINK);
	if (!try_grab_page(page, flags))
		return ERR_PTR(-ENOMEM);
	return page + (addr & (ptrs_per_pte() - 1));
}

/* Without a live pgmap it fails, where follow_page_pte() faults. */
static struct page *(follow_devmap_pmd)(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd,
					unsigned int flags, struct dev_pagemap **pgmap)
{
	pmd_t pmdval = PEEK_SHARED(*pmd);
	unsigned long pfn = pte_pfn(pmdval) + (addr & (ptrs_per_pte() - 1));
	struct page *page;

	(void)vma;
	if (!pmd_access_permitted(pmdval, flags & FOLL_WRITE) || !(pmdval & PTE_DEVMAP))
		return NULL;
	*pgmap = get_dev_pagemap(pfn, *pgmap);
	if (!*pgmap)
		return ERR_PTR(-EFAULT);
	page = pfn_to_page(pfn);
	return try_grab_page(page, flags) ? page : ERR_PTR(-ENOMEM);
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
		return follow_page_pte(vma, address, pmd, flags, &ctx->pgmap);
	spin_lock(&mm->page_table_lock);
	if (pmdval & PTE_DEVMAP)
		page = follow_devmap_pmd(vma, address, pmd, flags, &ctx->pgmap);
	else if (pmd_leaf(PEEK_SHARED(*pmd)))
		page = follow_huge_pmd(vma, address, pmd, flags, ctx);
	spin_unlock(&mm->page_table_lock);
	return page;
}

static long (__get_user_pages)(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			       unsigned int gup_flags, struct page **pages)
{
	struct follow_page_context ctx = { NULL, 0 };
	struct vm_area_struct *vma = NULL;
	long ret = 0, i = 0;

	while (nr_pages) {
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
		pages[i] = page == NO_STRUCT_PAGE ? NULL : page;
		gup_hand_over(&pages[i], 1, gup_flags);
		i++;
		start++;
		nr_pages--;
	}
	put_dev_pagemap(ctx.pgmap);
	return i ? i : ret;
}

static long (check_and_migrate_movable_pages)(unsigned long nr_pages, struct page **pages)
{
	LIST_HEAD(movable_page_list);

	if (!collect_longterm_unpinnable_folios(&movable_page_list, nr_pages, pages))
		return 0;
	return migrate_longterm_unpinnable_folios(&movable_page_list, nr_pages, pages);
}

/* --- io_uring --- */

/* Pages of a file are pinned first, and given back. */
static int (io_pin_pages)(struct mm_struct *mm, unsigned long uaddr, unsigned long nr_pages,
			  struct page **pages)
{
	long pret;
	int ret = 0;

	down_read(&mm->mmap_lock);
	pret = pin_user_pages(mm, uaddr, nr_pages, FOLL_WRITE | FOLL_LONGTERM, pages);
	if (pret != (long)nr_pages)
		ret = pret < 0 ? pret : -EFAULT;
	for (unsigned long i = 0; !ret && i < nr_pages; i++)
		if (vma_lookup(mm, uaddr + i)->vm_file)
			ret = -EOPNOTSUPP;
	up_read(&mm->mmap_lock);
	if (ret && pret > 0)
		unpin_user_pages(pages, pret);
	return ret;
}

static int (io_sqe_buffer_register)(struct io_ring_ctx *ctx, unsigned long uaddr,
				    unsigned long nr_pages, struct io_mapped_ubuf *imu)
{
	int ret = io_pin_pages(ctx->mm_account, uaddr, nr_pages, imu->bvec);

	if (!ret)
		imu->nr_bvecs = nr_pages;
	return ret;
}

static void (io_buffer_unmap)(struct io_ring_ctx *ctx, struct io_mapped_ubuf *imu)
{
	(void)ctx;
	for (unsigned int i = 0; i < imu->nr_bvecs; i++)
		if (imu->bvec[i])
			unpin_user_page(imu->bvec[i], HELD_BY_PIN);
}

static int (io_sqe_buffers_unregister)(struct io_ring_ctx *ctx, struct io_mapped_ubuf *imu)
{
	io_buffer_unmap(ctx, imu);
	return 0;
}

/* A task that exits leaves the ring under the lock that an unregister holds. */
static void (io_uring_del_tctx_node)(struct io_ring_ctx *ctx)
{
	mutex_lock(&ctx->uring_lock);
	mutex_unlock(&ctx->uring_lock);
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

/* The device is aligned to PMDs, and a PTE will not do. */
static vm_fault_t (__dev_dax_pmd_fault)(struct dax_device *dev_dax, struct vm_fault *vmf)
{
	unsigned long fault_size = 1UL << vmf->order, pfn;

	if (check_vma(dev_dax, vmf->vma))
		return VM_FAULT_SIGBUS;
	if (!vmf->order || vmf->pgoff >= vmf->vma->vm_file->f_inode->i_size)
		return VM_FAULT_SIGBUS;
	pfn = dax_direct_access(dev_dax, vmf->pgoff & ~(fault_size - 1));
	dax_set_mapping(vmf, pfn, fault_size);
	return vmf_insert_pfn_pmd(vmf, pfn, vmf->write);
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
			struct folio *folio = migrate_pfn_folio(mpfn);

			if (folio)
				folio_get(folio, HELD_BY_TRANSIENT);
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
		unlock_page(migrate_pfn_flags(src));
		migrate_pfn_put(src);
		if (dst != src) {
			unlock_page(migrate_pfn_flags(dst));
			migrate_pfn_put(dst);
		}
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

/* The file system is synced and loses the inodes that nobody holds; nobody notifies it. */
static void (del_gendisk)(struct pmem_device *disk)
{
	fsync_bdev(disk);
	__invalidate_device(disk, true);
}

static int (ext4_break_layouts)(struct inode *inode)
{
	struct page *page;
	int error = 0;

	if (WARN_ON_ONCE(!rwsem_is_locked(&inode->i_mapping.invalidate_lock)))
		return -EINVAL;
	while (!error && (page = dax_layout_busy_page(&inode->i_mapping)))
		error = ___wait_var_event(&page->_refcount, count_is_one, page, TASK_INTERRUPTIBLE,
					  rules()->ext4_wait_dax_page, inode);
	return error;
}

/* Writes back what is dirty of the range first. Nothing past the end of the file is punched. */
static int (ext4_punch_hole)(struct inode *inode, pgoff_t first, pgoff_t last)
{
	int ret = 0;

	dax_writeback_mapping_range(&inode->i_mapping, first, last);
	down_write(&inode->i_rwsem);
	durable_cut(inode, first, last + 1);
	if (first >= inode->i_size)
		goto out_mutex;
	if (last >= inode->i_size)
		last = inode->i_size - 1;

	down_write(&inode->i_mapping.invalidate_lock);
	ret = ext4_break_layouts(inode);
	if (ret)
		goto out_dio;
	truncate_pagecache_range(inode, first, last);
	ret = ext4_journal_check_start(inode);
	if (!ret)
		ext4_ext_remove_space(inode, first, last);
out_dio:
	up_write(&inode->i_mapping.invalidate_lock);
out_mutex:
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return ret;
}

static int (ext4_zero_range)(struct inode *inode, pgoff_t first, pgoff_t last)
{
	int ret;

	down_write(&inode->i_rwsem);
	durable_cut(inode, first, last + 1);
	down_write(&inode->i_mapping.invalidate_lock);
	ret = ext4_break_layouts(inode);
	if (!ret) {
		truncate_pagecache_range(inode, first, last);
		ret = ext4_alloc_file_blocks(inode, first, last);
	}
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return ret;
}

static int (ext4_collapse_range)(struct inode *inode, pgoff_t first, pgoff_t last)
{
	int ret = -EINVAL;

	down_write(&inode->i_rwsem);
	durable_cut(inode, first, last + 1);
	if (last + 1 >= inode->i_size)	/* that would be a truncate */
		goto out_mutex;

	down_write(&inode->i_mapping.invalidate_lock);
	ret = ext4_break_layouts(inode);
	if (!ret)
		ret = ext4_do_collapse_range(inode, first, last);
	up_write(&inode->i_mapping.invalidate_lock);
out_mutex:
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return ret;
}

/* Each mode takes the locks that it needs. */
static int (ext4_fallocate)(struct inode *inode, int mode, pgoff_t first, pgoff_t last)
{
	int ret;

	down_write(&inode->i_rwsem);	/* around ext4_convert_inline_data() */
	up_write(&inode->i_rwsem);

	switch (mode) {
	case FALLOC_FL_PUNCH_HOLE:
		return ext4_punch_hole(inode, first, last);
	case FALLOC_FL_COLLAPSE_RANGE:
		return ext4_collapse_range(inode, first, last);
	case FALLOC_FL_ZERO_RANGE:
		return ext4_zero_range(inode, first, last);
	}
	down_write(&inode->i_rwsem);
	ret = ext4_do_fallocate(inode, first, last);
	up_write(&inode->i_rwsem);
	return ret;
}

/* After a shutdown it frees no blocks. */
static void (ext4_evict_inode)(struct inode *inode)
{
	truncate_inode_pages_final(&inode->i_mapping);
	if (!PEEK(inode->i_nlink))
		ext4_evict_truncate(inode);
	clear_inode(inode);
}

/* A read of an extent that several files share is not told so. */
static int (xfs_read_iomap_begin)(struct inode *inode, pgoff_t pgoff, unsigned int order,
				  struct iomap *iomap)
{
	if (xfs_is_shutdown(inode->i_sb))
		return -EIO;
	return map_blocks(inode, pgoff, false, order, iomap);
}

static int (xfs_break_dax_layouts)(struct inode *inode, bool *retry)
{
	struct page *page = dax_layout_busy_page(&inode->i_mapping);

	if (!page)
		return 0;
	*retry = true;
	return ___wait_var_event(&page->_refcount, count_is_one, page, TASK_INTERRUPTIBLE,
				 rules()->xfs_wait_dax_page, inode);
}

/* BREAK_UNMAP. There are no leases to break. */
static int (xfs_break_layouts)(struct inode *inode)
{
	bool retry;
	int error;

	do {
		retry = false;
		error = xfs_break_dax_layouts(inode, &retry);
	} while (!error && retry);
	return error;
}

/*
 * By number. It sleeps for no page of the second file: it unlocks both and begins again, unless the
 * one page that it found is idle by now; no other page of the file is looked at then.
 */
static int (xfs_mmaplock_two_inodes_and_break_dax_layout)(struct inode *ip1, struct inode *ip2)
{
	struct page *page;
	bool retry;
	int error;

	if (ip1->i_ino > ip2->i_ino)
		swap(ip1, ip2);
again:
	retry = false;
	down_write(&ip1->i_mapping.invalidate_lock);
	error = xfs_break_dax_layouts(ip1, &retry);
	if (error || retry) {
		up_write(&ip1->i_mapping.invalidate_lock);
		if (!error)
			goto again;
		return error;
	}

	down_write(&ip2->i_mapping.invalidate_lock);
	page = dax_layout_busy_page(&ip2->i_mapping);
	if (page && atomic_read(&page->_refcount) != 1) {
		up_write(&ip2->i_mapping.invalidate_lock);
		up_write(&ip1->i_mapping.invalidate_lock);
		goto again;
	}
	return 0;
}

/* xfs has no evict_inode() yet: what evict(), fs/inode.c, does instead. */
static void (xfs_fs_evict_inode)(struct inode *inode)
{
	truncate_inode_pages_final(&inode->i_mapping);
	clear_inode(inode);
}

static int (__fuse_dax_break_layouts)(struct inode *inode, bool *retry, pgoff_t start, pgoff_t end)
{
	struct page *page = dax_layout_busy_page_range(&inode->i_mapping, start, end);

	if (!page)
		return 0;
	*retry = true;
	return ___wait_var_event(&page->_refcount, count_is_one, page, TASK_INTERRUPTIBLE,
				 rules()->fuse_wait_dax_page, inode);
}

static int (fuse_dax_break_layouts)(struct inode *inode, pgoff_t dmap_start, pgoff_t dmap_end)
{
	bool retry;
	int ret;

	do {
		retry = false;
		ret = __fuse_dax_break_layouts(inode, &retry, dmap_start, dmap_end);
	} while (!ret && retry);
	return ret;
}

/*
 * (0, 0) is meant to be the whole file, but dax_layout_busy_page_range() takes an end of 0 for what
 * it is: the layout of the first page alone is broken.
 */
static int (fuse_do_setattr)(struct inode *inode, pgoff_t size)
{
	int err;

	if (size > inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	durable_cut(inode, size, inode->max_pages);
	down_write(&inode->i_mapping.invalidate_lock);
	err = fuse_dax_break_layouts(inode, 0, 0);
	if (!err)
		fuse_change_size(inode, size);
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

static void (fuse_evict_inode)(struct inode *inode)
{
	truncate_inode_pages_final(&inode->i_mapping);
	clear_inode(inode);
	fuse_queue_forget(inode);
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
	if (!pte_unmap_same(vmf))
		return 0;
	folio_get(page_folio(vmf->page), HELD_BY_TRANSIENT);
	spin_unlock(&vmf->table->ptl);
	fault = READ_ONCE(vmf->page->pgmap)->ops->migrate_to_ram(vmf);
	put_page(vmf->page, HELD_BY_TRANSIENT);
	return fault;
}

const struct mmref_rules mmref_v6_1 = {
	.name = "v6.1",
	.summary = "an idle page counts 1, page tables hold nothing",

	/* fs/dax.c */
	.dax_mapping_is_cow = dax_mapping_is_cow,
	.dax_mapping_set_cow = dax_mapping_set_cow,
	.dax_associate_entry = dax_associate_entry,
	.dax_disassociate_entry = dax_disassociate_entry,
	.dax_busy_page = dax_busy_page,
	.dax_layout_busy_page_range = dax_layout_busy_page_range,
	.dax_insert_entry = dax_insert_entry,
	.dax_iomap_iter = dax_iomap_iter,
	.dax_fault_iter = dax_fault_iter,

	/* mm/truncate.c */
	.truncate_folio_batch_exceptionals = truncate_folio_batch_exceptionals,

	/* mm/gup.c */
	.try_get_folio = try_get_folio,
	.try_grab_folio_fast = try_grab_folio,
	.try_grab_page = try_grab_page,
	.gup_put_folio = gup_put_folio,
	.follow_page_pte = follow_page_pte,
	.follow_huge_pmd = follow_trans_huge_pmd,
	.follow_pmd_mask = follow_pmd_mask,
	.__get_user_pages = __get_user_pages,
	.check_and_migrate_movable_pages = check_and_migrate_movable_pages,
	.gup_fast_undo_dev_pagemap = undo_dev_pagemap,
	.gup_fast_pte_range = gup_pte_range,
	.gup_fast_devmap_leaf = __gup_device_huge,
	.gup_fast_devmap_pmd_leaf = __gup_device_huge_pmd,
	.gup_fast_pmd_leaf = gup_huge_pmd,
	.gup_fast_fallback = internal_get_user_pages_fast,

	/* mm/internal.h */
	.gup_must_unshare = gup_must_unshare,

	/* mm/huge_memory.c */
	.follow_devmap_pmd = follow_devmap_pmd,
	.vmf_insert_pfn_pmd = vmf_insert_pfn_pmd,
	.insert_pfn_pmd = insert_pfn_pmd,
	.copy_huge_pmd = copy_huge_pmd,
	.zap_huge_pmd = zap_huge_pmd,
	.__split_huge_pmd_locked = __split_huge_pmd_locked,

	/* include/linux/mm.h */
	.put_devmap_managed_folio_refs = put_devmap_managed_page_refs,
	.put_page = put_page,

	/* mm/swap.c */
	.folios_put_refs = release_pages,
	.__folio_put = __folio_put,

	/* io_uring/memmap.c */
	.io_pin_pages = io_pin_pages,

	/* io_uring/rsrc.c */
	.io_sqe_buffer_register = io_sqe_buffer_register,
	.io_buffer_unmap = io_buffer_unmap,
	.io_sqe_buffers_unregister = io_sqe_buffers_unregister,

	/* io_uring/tctx.c */
	.io_uring_del_tctx_node = io_uring_del_tctx_node,

	/* mm/memory.c */
	.zap_present_ptes = zap_present_ptes,
	.validate_page_before_insert = validate_page_before_insert,
	.insert_page_into_pte_locked = insert_page_into_pte_locked,
	.vm_insert_page = vm_insert_page,
	.insert_pfn = insert_pfn,
	.do_swap_page = do_swap_page,

	/* mm/memremap.c */
	.memremap_pages = memremap_pages,
	.memunmap_pages = memunmap_pages,
	.devmap_managed_enable_get = devmap_managed_enable_get,
	.devmap_managed_enable_put = devmap_managed_enable_put,
	.free_zone_device_page = free_zone_device_page,
	.zone_device_page_init = zone_device_page_init,
	.__put_devmap_managed_page_refs = __put_devmap_managed_page_refs,

	/* mm/mm_init.c */
	.__init_zone_device_page = __init_zone_device_page,

	/* mm/migrate_device.c */
	.migrate_vma_collect_pmd = migrate_vma_collect_pmd,
	.migrate_device_unmap = migrate_device_unmap,
	.migrate_device_finalize = migrate_device_finalize,
	.migrate_vma_finalize = migrate_vma_finalize,

	/* drivers/dax/super.c */
	.kill_dax = kill_dax,
	.fs_put_dax = fs_put_dax,

	/* drivers/dax/device.c */
	.__dev_dax_pmd_fault = __dev_dax_pmd_fault,

	/* block/genhd.c */
	.del_gendisk = del_gendisk,

	/* block/bdev.c */
	.__invalidate_device = __invalidate_device,

	/* fs/ext4/inode.c */
	.ext4_break_layouts = ext4_break_layouts,
	.ext4_punch_hole = ext4_punch_hole,
	.ext4_evict_inode = ext4_evict_inode,

	/* fs/ext4/extents.c */
	.ext4_zero_range = ext4_zero_range,
	.ext4_collapse_range = ext4_collapse_range,
	.ext4_fallocate = ext4_fallocate,

	/* fs/xfs/xfs_iomap.c */
	.xfs_read_iomap_begin = xfs_read_iomap_begin,

	/* fs/xfs/xfs_inode.c */
	.xfs_break_dax_layouts = xfs_break_dax_layouts,
	.xfs_break_layouts = xfs_break_layouts,
	.xfs_mmaplock_two_inodes_and_break_dax_layout = xfs_mmaplock_two_inodes_and_break_dax_layout,

	/* fs/xfs/xfs_super.c */
	.xfs_fs_evict_inode = xfs_fs_evict_inode,

	/* fs/fuse/dax.c */
	.__fuse_dax_break_layouts = __fuse_dax_break_layouts,
	.fuse_dax_break_layouts = fuse_dax_break_layouts,

	/* fs/fuse/dir.c */
	.fuse_do_setattr = fuse_do_setattr,

	/* fs/fuse/inode.c */
	.fuse_evict_inode = fuse_evict_inode,
};
