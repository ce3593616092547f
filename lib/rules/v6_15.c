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

#include "check/hooks.h"
#include "fs/ext4/ext4.h"
#include "fs/fuse/fuse.h"
#include "rules/rules.h"

/* Waits for the entry at the same index, and looks at it again: one that is locked is not passed over. */
static void *(wait_entry_unlocked_exclusive)(struct xa_state *xas, void *entry)
{
	while (dax_is_locked(entry)) {
		struct exceptional_entry_key key;
		wait_queue_head_t *wq = dax_entry_waitqueue(xas, entry, &key);

		prepare_to_wait_exclusive(wq, exceptional_entry_key(&key));
		xas_reset(xas);
		xas_unlock_irq(xas);
		schedule();
		finish_wait(wq);
		xas_lock_irq(xas);
		entry = xas_load(xas);
	}
	return xa_is_internal(entry) ? NULL : entry;
}

static bool (dax_folio_is_shared)(struct folio *folio)
{
	return !READ_ONCE(folio->page.mapping) && READ_ONCE(folio->page.share);
}

static void (dax_folio_make_shared)(struct folio *folio)
{
	WRITE_ONCE(folio->page.mapping, NULL);
	WRITE_ONCE(folio->page.share, 1);
}

/* What dax_folio_put() does to a large folio: pages of order 0, each with its own pgmap. */
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
 * Let go, down to pages of order 0, and warn of a count. A page that was of order 0 is not asked, and
 * keeps its index, which the next file may take for a count of sharers.
 */
static unsigned long (dax_folio_put)(struct folio *folio)
{
	unsigned long nr = folio_nr_pages(folio);
	struct dev_pagemap *pgmap;

	if (dax_folio_is_shared(folio)) {
		unsigned long share = READ_ONCE(folio->page.share) - 1;

		WRITE_ONCE(folio->page.share, share);
		if (share)
			return share;
	}
	WRITE_ONCE(folio->page.mapping, NULL);
	if (!folio_test_large(folio))
		return 0;
	pgmap = READ_ONCE(folio->page.pgmap);
	v6_15_dax_folio_reset_order(folio, pgmap);
	for (unsigned long i = 0; i < nr; i++)
		WARN_ON_ONCE(atomic_read(&folio_page(folio, i)->_refcount));
	return 0;
}

/* The count of a single page is not asked. One that is a tail still is warned of. */
static void (dax_folio_init)(void *entry)
{
	struct folio *folio = dax_to_folio(entry);
	unsigned int order = dax_entry_order(entry);

	WARN_ON_ONCE(folio_order(folio));
	if (order) {
		prep_compound_page(&folio->page, order);
		WARN_ON_ONCE(folio_ref_count(folio));
	}
}

/*
 * Of files that share a folio the first to come finds nobody and owns it, the next makes it shared.
 * The count goes up by a plain load and store, and the lock held is that of the file's own entries.
 */
static void (dax_associate_entry)(void *entry, struct address_space *mapping,
				  struct vm_area_struct *vma, unsigned long address, bool shared)
{
	pgoff_t index = linear_page_index(vma, address & ~(dax_entry_size(entry) - 1));
	struct folio *folio;

	if (!dax_names_page(entry))
		return;
	folio = dax_to_folio(entry);
	if (shared && (READ_ONCE(folio->page.mapping) || dax_folio_is_shared(folio))) {
		unsigned long share;

		if (READ_ONCE(folio->page.mapping))
			dax_folio_make_shared(folio);
		share = READ_ONCE(folio->page.share);
		WARN_ON_ONCE(!share);
		WARN_ON_ONCE(dax_entry_order(entry) != folio_order(folio));
		WRITE_ONCE(folio->page.share, share + 1);
		return;
	}
	WARN_ON_ONCE(READ_ONCE(folio->page.mapping));
	dax_folio_init(entry);
	WRITE_ONCE(folio->page.mapping, mapping);
	WRITE_ONCE(folio->page.index, index);
}

static void (dax_disassociate_entry)(void *entry, struct address_space *mapping, bool trunc)
{
	(void)mapping;
	(void)trunc;
	if (dax_names_page(entry))
		dax_folio_put(dax_to_folio(entry));
}

/* Of the folio, what is held beyond the page tables. */
static struct page *(dax_busy_page)(void *entry)
{
	struct folio *folio;

	if (!dax_names_page(entry))
		return NULL;
	folio = dax_to_folio(entry);
	return folio_ref_count(folio) - folio_mapcount(folio) ? &folio->page : NULL;
}

/* Unmap first, then look: see v6_1.c. Whether there are VMAs is not asked. */
static struct page *(dax_layout_busy_page_range)(struct address_space *mapping, pgoff_t start,
						 pgoff_t end)
{
	XA_STATE(xas, &mapping->i_pages, start);
	struct page *page = NULL;
	void *entry;

	unmap_mapping_pages(mapping, start, end - start + 1, false);

	xas_lock_irq(&xas);
	xas_for_each(&xas, entry, end) {
		entry = wait_entry_unlocked_exclusive(&xas, entry);
		if (entry)
			page = dax_busy_page(entry);
		put_unlocked_entry(&xas, entry, WAKE_NEXT);
		if (page)
			break;
	}
	xas_unlock_irq(&xas);
	return page;
}

static int (__dax_clear_dirty_range)(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	XA_STATE(xas, &mapping->i_pages, start);
	void *entry;

	xas_lock_irq(&xas);
	xas_for_each(&xas, entry, end) {
		entry = wait_entry_unlocked_exclusive(&xas, entry);
		if (!entry)
			continue;
		xas_clear_mark(&xas, PAGECACHE_TAG_DIRTY);
		xas_clear_mark(&xas, PAGECACHE_TAG_TOWRITE);
		put_unlocked_entry(&xas, entry, WAKE_NEXT);
	}
	xas_unlock_irq(&xas);
	return 0;
}

static void (dax_delete_mapping_range)(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	XA_STATE(xas, &mapping->i_pages, start);
	void *entry;

	xas_lock_irq(&xas);
	xas_for_each(&xas, entry, end) {
		entry = wait_entry_unlocked_exclusive(&xas, entry);
		if (!entry)
			continue;
		dax_disassociate_entry(entry, mapping, true);
		xas_store(&xas, NULL);
		mapping->nrpages -= 1U << dax_entry_order(entry);
		put_unlocked_entry(&xas, entry, WAKE_ALL);
	}
	xas_unlock_irq(&xas);
}

static bool (dax_page_is_idle)(struct page *page)
{
	return atomic_read(&page->_refcount) == 0;
}

static bool page_is_idle(const void *page)
{
	return dax_page_is_idle((struct page *)(uintptr_t)page);
}

static int (wait_page_idle)(struct page *page, void (*cb)(struct inode *), struct inode *inode)
{
	return ___wait_var_event(page, page_is_idle, page, TASK_INTERRUPTIBLE, cb, inode);
}

static void (wait_page_idle_uninterruptible)(struct page *page, struct inode *inode)
{
	___wait_var_event(page, page_is_idle, page, TASK_UNINTERRUPTIBLE, NULL, inode);
}

/* -ERESTARTSYS where a signal ended the wait, or where there is none to be had, without @cb. */
static int (dax_break_layout)(struct inode *inode, pgoff_t start, pgoff_t end,
			      void (*cb)(struct inode *))
{
	struct page *page;
	int error = 0;

	do {
		page = dax_layout_busy_page_range(&inode->i_mapping, start, end);
		if (!page)
			break;
		if (!cb) {
			error = -ERESTARTSYS;
			break;
		}
		error = wait_page_idle(page, cb, inode);
	} while (!error);

	if (!page)
		dax_delete_mapping_range(&inode->i_mapping, start, end);
	return error;
}

static void (dax_break_layout_final)(struct inode *inode)
{
	struct page *page;

	while ((page = dax_layout_busy_page_range(&inode->i_mapping, 0, ULONG_MAX)))
		wait_page_idle_uninterruptible(page, inode);
	dax_delete_mapping_range(&inode->i_mapping, 0, ULONG_MAX);
}

/*
 * The first reference is a plain increment, from 0 too. A copy is made once the entry names the new
 * page, and mapped after that.
 */
static vm_fault_t (dax_fault_iter)(struct vm_fault *vmf, const struct iomap_iter *iter,
				   struct xa_state *xas, void **entry, bool pmd)
{
	bool write = iter->flags & IOMAP_WRITE;
	struct folio *folio;
	unsigned long pfn;
	vm_fault_t ret;

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

	folio = dax_to_folio(*entry);
	folio_ref_inc(folio, HELD_BY_TRANSIENT);
	if (pmd)
		ret = vmf_insert_folio_pmd(vmf, page_folio(pfn_to_page(pfn)), write);
	else
		ret = vmf_insert_page_mkwrite(vmf, pfn_to_page(pfn), write);
	folio_put(folio, HELD_BY_TRANSIENT);
	return ret;
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

/* As in 6.1, but the PMD holds a reference to the folio. */
static vm_fault_t (__dev_dax_pmd_fault)(struct dax_device *dev_dax, struct vm_fault *vmf)
{
	unsigned long fault_size = 1UL << vmf->order, pfn;

	if (check_vma(dev_dax, vmf->vma))
		return VM_FAULT_SIGBUS;
	if (!vmf->order || vmf->pgoff >= vmf->vma->vm_file->f_inode->i_size)
		return VM_FAULT_SIGBUS;
	pfn = dax_direct_access(dev_dax, vmf->pgoff & ~(fault_size - 1));
	dax_set_mapping(vmf, pfn, fault_size);
	return vmf_insert_folio_pmd(vmf, page_folio(pfn_to_page(pfn)), vmf->write);
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

/* They should all be gone by now. */
static void (truncate_folio_batch_exceptionals)(struct address_space *mapping, pgoff_t index)
{
	kernel_warning(SITE("WARN_ON_ONCE"), NULL, "truncate found a DAX entry that is still there");
	dax_delete_mapping_entry(mapping, index);
}

/* --- mm/gup.c, mm/swap.c, include/linux/mm.h: no put has a hook any more --- */

static void (put_page)(struct page *page, enum mmref_holder held)
{
	folio_put(page_folio(page), held);
}

static void (folios_put_refs)(struct folio **folios, unsigned int nr, enum mmref_holder held)
{
	for (unsigned int i = 0; i < nr; i++)
		if (folio_ref_sub_return(folios[i], 1, held) == 0)
			__folio_put(folios[i]);
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
		folio_put_refs(folio, refs);
	}
}

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
		folio_put_refs(folio, refs);
		return NULL;
	}
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
	folio_put_refs(folio, refs, held);
}

/*
 * 1aaf8c122918, v6.14: whether anything was collected is asked of the list, on which device-coherent
 * pages are never put. They stay where they are, pinned for long; 517f496e1e61 mended it in v6.16.
 */
static long (check_and_migrate_movable_pages)(unsigned long nr_pages, struct page **pages)
{
	LIST_HEAD(movable_folio_list);

	collect_longterm_unpinnable_folios(&movable_folio_list, nr_pages, pages);
	if (list_empty(&movable_folio_list))
		return 0;
	return migrate_longterm_unpinnable_folios(&movable_folio_list, nr_pages, pages);
}

/* --- io_uring --- */

static bool (io_coalesce_buffer)(struct page **pages, int *nr_pages, struct io_imu_folio_data *data)
{
	int left = *nr_pages, j = 0;

	for (unsigned int i = 0; i < data->nr_folios; i++) {
		int nr = i ? data->nr_pages_mid : data->nr_pages_head;
		struct folio *folio = page_folio(pages[j]);

		nr = nr < left ? nr : left;
		if (nr > 1)
			unpin_user_folio(folio, nr - 1, HELD_BY_PIN);
		j += nr;
		left -= nr;
		pages[i] = &folio->page;
	}
	*nr_pages = data->nr_folios;
	return true;
}

static void (io_release_ubuf)(struct io_mapped_ubuf *imu)
{
	for (unsigned int i = 0; i < imu->nr_bvecs; i++)
		if (imu->bvec[i])
			unpin_user_folio(page_folio(imu->bvec[i]), 1, HELD_BY_PIN);
}

static void (io_buffer_unmap)(struct io_ring_ctx *ctx, struct io_mapped_ubuf *imu)
{
	(void)ctx;
	io_release_ubuf(imu);
}

static void (io_free_rsrc_node)(struct io_ring_ctx *ctx, struct io_mapped_ubuf *imu)
{
	io_buffer_unmap(ctx, imu);
}

static int (io_sqe_buffers_unregister)(struct io_ring_ctx *ctx, struct io_mapped_ubuf *imu)
{
	io_free_rsrc_node(ctx, imu);
	return 0;
}

static int (ext4_break_layouts)(struct inode *inode)
{
	if (WARN_ON_ONCE(!rwsem_is_locked(&inode->i_mapping.invalidate_lock)))
		return -EINVAL;
	return dax_break_layout(inode, 0, ULONG_MAX, rules()->ext4_wait_dax_page);
}

/* It waits until nobody holds a page of the file. After a shutdown it frees no blocks. */
static void (ext4_evict_inode)(struct inode *inode)
{
	dax_break_layout_final(inode);
	truncate_inode_pages_final(&inode->i_mapping);
	if (!PEEK(inode->i_nlink))
		ext4_evict_truncate(inode);
	clear_inode(inode);
}

static int (xfs_break_dax_layouts)(struct inode *inode, bool *retry)
{
	(void)retry;
	return dax_break_layout(inode, 0, ULONG_MAX, rules()->xfs_wait_dax_page);
}

/* BREAK_UNMAP. There are no leases to break. */
static int (xfs_break_layouts)(struct inode *inode)
{
	return xfs_break_dax_layouts(inode, NULL);
}

/* By number. It sleeps for no page of the second file: it unlocks both and begins again. */
static int (xfs_mmaplock_two_inodes_and_break_dax_layout)(struct inode *ip1, struct inode *ip2)
{
	int error;

	if (ip1->i_ino > ip2->i_ino)
		swap(ip1, ip2);
again:
	down_write(&ip1->i_mapping.invalidate_lock);
	error = xfs_break_dax_layouts(ip1, NULL);
	if (error) {
		up_write(&ip1->i_mapping.invalidate_lock);
		return error;
	}

	down_write(&ip2->i_mapping.invalidate_lock);
	error = dax_break_layout(ip2, 0, ULONG_MAX, NULL);
	if (error) {
		up_write(&ip2->i_mapping.invalidate_lock);
		up_write(&ip1->i_mapping.invalidate_lock);
		goto again;
	}
	return 0;
}

static void (xfs_fs_evict_inode)(struct inode *inode)
{
	dax_break_layout_final(inode);
	truncate_inode_pages_final(&inode->i_mapping);
	clear_inode(inode);
}

static int (fuse_dax_break_layouts)(struct inode *inode, pgoff_t dmap_start, pgoff_t dmap_end)
{
	return dax_break_layout(inode, dmap_start, dmap_end, rules()->fuse_wait_dax_page);
}

static int (fuse_do_setattr)(struct inode *inode, pgoff_t size)
{
	int err;

	if (size > inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	durable_cut(inode, size, inode->max_pages);
	down_write(&inode->i_mapping.invalidate_lock);
	err = fuse_dax_break_layouts(inode, 0, ULONG_MAX);
	if (!err)
		fuse_change_size(inode, size);
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
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
	if (!pte_unmap_same(vmf))
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
	.name = "v6.15",
	.ancestor = &mmref_v6_12,
	.summary = "an idle page counts 0, each PTE holds one, eviction waits",

	/* fs/dax.c */
	.wait_entry_unlocked_exclusive = wait_entry_unlocked_exclusive,
	.dax_folio_is_shared = dax_folio_is_shared,
	.dax_folio_make_shared = dax_folio_make_shared,
	.dax_folio_put = dax_folio_put,
	.dax_folio_init = dax_folio_init,
	.dax_associate_entry = dax_associate_entry,
	.dax_disassociate_entry = dax_disassociate_entry,
	.dax_busy_page = dax_busy_page,
	.dax_layout_busy_page_range = dax_layout_busy_page_range,
	.__dax_clear_dirty_range = __dax_clear_dirty_range,
	.dax_delete_mapping_range = dax_delete_mapping_range,
	.wait_page_idle = wait_page_idle,
	.wait_page_idle_uninterruptible = wait_page_idle_uninterruptible,
	.dax_break_layout = dax_break_layout,
	.dax_break_layout_final = dax_break_layout_final,
	.dax_fault_iter = dax_fault_iter,

	/* include/linux/dax.h */
	.dax_page_is_idle = dax_page_is_idle,

	/* mm/truncate.c */
	.truncate_folio_batch_exceptionals = truncate_folio_batch_exceptionals,

	/* mm/gup.c */
	.try_get_folio = try_get_folio,
	.try_grab_folio_fast = try_grab_folio_fast,
	.gup_put_folio = gup_put_folio,
	.check_and_migrate_movable_pages = check_and_migrate_movable_pages,

	/* mm/huge_memory.c */
	.vmf_insert_pfn_pmd = vmf_insert_pfn_pmd,
	.insert_pfn_pmd = insert_pfn_pmd,
	.vmf_insert_folio_pmd = vmf_insert_folio_pmd,
	.zap_huge_pmd = zap_huge_pmd,
	.__split_huge_pmd_locked = __split_huge_pmd_locked,

	/* include/linux/mm.h */
	.put_page = put_page,

	/* mm/swap.c */
	.folios_put_refs = folios_put_refs,

	/* io_uring/rsrc.c */
	.io_coalesce_buffer = io_coalesce_buffer,
	.io_release_ubuf = io_release_ubuf,
	.io_buffer_unmap = io_buffer_unmap,
	.io_free_rsrc_node = io_free_rsrc_node,
	.io_sqe_buffers_unregister = io_sqe_buffers_unregister,

	/* mm/memory.c */
	.insert_page_into_pte_locked = insert_page_into_pte_locked,
	.insert_pfn = insert_pfn,
	.vmf_insert_page_mkwrite = vmf_insert_page_mkwrite,
	.do_swap_page = do_swap_page,

	/* mm/memremap.c */
	.memremap_pages = memremap_pages,
	.memunmap_pages = memunmap_pages,
	.free_zone_device_folio = free_zone_device_folio,

	/* mm/mm_init.c */
	.__init_zone_device_page = __init_zone_device_page,

	/* mm/migrate_device.c */
	.migrate_vma_collect_pmd = migrate_vma_collect_pmd,
	.migrate_device_unmap = migrate_device_unmap,
	.__migrate_device_finalize = __migrate_device_finalize,
	.migrate_device_finalize = migrate_device_finalize,
	.migrate_vma_finalize = migrate_vma_finalize,

	/* drivers/dax/device.c */
	.__dev_dax_pmd_fault = __dev_dax_pmd_fault,

	/* drivers/pci/p2pdma.c */
	.p2pmem_alloc_mmap = p2pmem_alloc_mmap,

	/* fs/ext4/inode.c */
	.ext4_break_layouts = ext4_break_layouts,
	.ext4_evict_inode = ext4_evict_inode,

	/* fs/xfs/xfs_inode.c */
	.xfs_break_dax_layouts = xfs_break_dax_layouts,
	.xfs_break_layouts = xfs_break_layouts,
	.xfs_mmaplock_two_inodes_and_break_dax_layout = xfs_mmaplock_two_inodes_and_break_dax_layout,

	/* fs/xfs/xfs_super.c */
	.xfs_fs_evict_inode = xfs_fs_evict_inode,

	/* fs/fuse/dax.c */
	.fuse_dax_break_layouts = fuse_dax_break_layouts,

	/* fs/fuse/dir.c */
	.fuse_do_setattr = fuse_do_setattr,

	/* functions that this kernel does not have any more */
	.dax_page_is_shared = MMREF_GONE,
	.dax_page_share_get = MMREF_GONE,
	.dax_page_share_put = MMREF_GONE,
	.put_devmap_managed_folio_refs = MMREF_GONE,
	.devmap_managed_enable_get = MMREF_GONE,
	.devmap_managed_enable_put = MMREF_GONE,
	.__put_devmap_managed_folio_refs = MMREF_GONE,
	.__fuse_dax_break_layouts = MMREF_GONE,
};
