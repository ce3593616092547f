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

/* memmap_init_zone_device(), mm/mm_init.c */
int v6_15_zero_unless_generic(enum mmref_memory_type type)
{
	return type == MEMORY_DEVICE_GENERIC;
}

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

/*
 * free_zone_device_folio(), mm/memremap.c: of a DAX page the mapping stays until truncate or
 * eviction. The page is not looked at once page_free() has it.
 */
void v6_15_free_zone_device_folio(struct folio *folio)
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
	fault = READ_ONCE(page->pgmap)->ops->migrate_to_ram(vmf, page);
	unlock_page(&page->flags);
	put_page(page, HELD_BY_TRANSIENT);
	return fault;
}

/*
 * p2pmem_alloc_mmap(), drivers/pci/p2pdma.c: a page on its way into the page table counts 1.
 * It warns of the free page that it should have been given, and takes nothing back.
 */
static void warn_and_set_page_count(struct page *page, bool begin)
{
	if (!begin)
		return;
	WARN_ON_ONCE(debug_vm() && !folio_ref_count((struct folio *)page));
	folio_set_count((struct folio *)page, 1);
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

const struct mmref_rules mmref_v6_15 = {
	.name			= "v6.15",
	.ancestor		= &mmref_v6_12,
	.summary		= "an idle page counts 0, each PTE holds one, eviction waits",

	MMREF_RULE(initial_count, v6_15_zero_unless_generic),
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

	MMREF_RULE(free, v6_15_free_zone_device_folio),

	MMREF_RULE(break_layout, dax_break_layout),
	MMREF_RULE(layout_busy_page, dax_layout_busy_page),
	MMREF_RULE(scan_locked_entry, v6_15_wait_entry_unlocked_exclusive),
	MMREF_RULE(layout_broken, dax_delete_mapping_range),
	.truncate_folio_batch_exceptionals = truncate_folio_batch_exceptionals,
	MMREF_RULE(evict_begin, dax_break_layout_final),
	MMREF_RULE(fuse_breaks_all, true),

	MMREF_RULE(pgmap_references, v6_1_pfn_len),
	MMREF_RULE(pgmap_teardown, v6_1_memunmap_pages),
	MMREF_RULE(kill_dax_pre_remove, true),
	MMREF_RULE(bdev_dead, v6_12_fs_bdev_mark_dead),

	MMREF_RULE(device_page_init, v6_1_zone_device_page_init),
	MMREF_RULE(swap_in_private, trylock_page_or_retry),
	MMREF_RULE(fault_locks_page, true),
	MMREF_RULE(p2pmem_mmap, true),
	MMREF_RULE(p2pmem_page_begin, warn_and_set_page_count),

	/* fs/dax.c, mm/truncate.c */

	/* mm/gup.c, mm/swap.c, io_uring */
	.put_devmap_managed_folio_refs = MMREF_GONE,
	.put_page = put_page,
	.folios_put_refs = folios_put_refs,
	.try_get_folio = try_get_folio,
	.try_grab_folio_fast = try_grab_folio_fast,
	.gup_put_folio = gup_put_folio,
	.check_and_migrate_movable_pages = check_and_migrate_movable_pages,
	.io_coalesce_buffer = io_coalesce_buffer,
	.io_release_ubuf = io_release_ubuf,
	.io_buffer_unmap = io_buffer_unmap,
	.io_free_rsrc_node = io_free_rsrc_node,
	.io_sqe_buffers_unregister = io_sqe_buffers_unregister,

	/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */

	/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */

	/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */
};
