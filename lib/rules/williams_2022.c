/* SPDX-License-Identifier: MIT */
/*
 * "Fix the DAX-gup mistake", Dan Williams, nvdimm, v3 of October 2022: the DAX entry
 * holds its pages, and a page that is held holds its device.
 *
 *	count = DAX entry that is not DAX_ZAP + gets + 1024 * pins	mapcount = 0, always
 *	idle  = 0; page tables hold nothing
 *	pgmap = 1 + one a folio whose count is not 0
 *
 * A fault requests the pages when its entry comes into being, under the SRCU section
 * in which the device was found alive. The first scan that breaks a layout puts what the
 * entry held and marks it DAX_ZAP; it stands, with pages that count 0 or what others
 * hold, until truncate deletes it. free_zone_device_page() puts the pgmap, so that a
 * removal waits for entries and pins alike.
 *
 * The loops are those of the posting, with their mistakes. A fault that finds an
 * entry which is DAX_ZAP maps it as it stands: nothing is requested again.
 */
#include <mmref/kernel.h>

#include "rules/rules.h"

static struct folio *folio_next(struct folio *folio)
{
	return (struct folio *)folio_page(folio, folio_nr_pages(folio));
}

/*
 * The first loop looks at folio_next(folio) each
 * time; the count is raised and read in two steps; and that the pgmap may refuse is
 * not asked.
 */
static bool (pgmap_request_folios)(struct dev_pagemap *pgmap, struct folio *folio, int nr_folios,
				   enum mmref_holder held)
{
	struct folio *iter;
	int i;

	if (WARN_ON_ONCE(percpu_ref_is_dying(&pgmap->ref)))
		return false;

	for (iter = folio_next(folio), i = 1; i < nr_folios; iter = folio_next(folio), i++)
		if (WARN_ON_ONCE(folio_order(iter) != folio_order(folio)))
			return false;

	for (iter = folio, i = 0; i < nr_folios; iter = folio_next(iter), i++) {
		folio_ref_inc(iter, held);
		if (folio_ref_count(iter) == 1)
			percpu_ref_tryget(&pgmap->ref);
	}
	return true;
}

/* Of patch 23: from the second on it stays where it is. */
static void (pgmap_release_folios)(struct folio *folio, int nr_folios, enum mmref_holder held)
{
	struct folio *iter;
	int i;

	for (iter = folio, i = 0; i < nr_folios; iter = folio_next(folio), i++)
		folio_put(iter, held);
}

/* What was requested before a refusal is not given back. */
static vm_fault_t (dax_associate_entry)(void *entry, struct address_space *mapping, pgoff_t index)
{
	unsigned long pfn;

	for_each_mapped_pfn(entry, pfn) {
		struct page *page = pfn_to_page(pfn);

		WARN_ON_ONCE(READ_ONCE(page->mapping));
		if (!pgmap_request_folios(READ_ONCE(page->pgmap), page_folio(page), 1,
					  HELD_BY_DAX_ENTRY))
			return VM_FAULT_SIGBUS;
		WRITE_ONCE(page->mapping, mapping);
		WRITE_ONCE(page->index, index++);
	}
	return 0;
}

/*
 * dax_insert_entry(), where the pages may be refused: then the entry is what it was. @associate is
 * the part of dax_associate_entry() that requests them.
 */
void *williams_2022_dax_insert_entry(struct xa_state *xas, struct vm_fault *vmf,
				     const struct iomap_iter *iter, void *entry, unsigned long pfn,
				     unsigned long flags, associate_t *associate)
{
	struct address_space *mapping = &vmf->vma->vm_file->f_inode->i_mapping;
	void *new_entry = dax_make_entry(pfn, flags);
	pgoff_t index = linear_page_index(vmf->vma,
					  vmf->address & ~(dax_entry_size(new_entry) - 1));
	bool cow = iter->flags & IOMAP_WRITE && iter->iomap.flags & IOMAP_F_SHARED &&
		   dax_entry_order(entry) == dax_entry_order(new_entry);
	vm_fault_t refused = 0;
	void *old;

	if (cow || (dax_is_zero_entry(entry) && !(flags & DAX_ZERO_PAGE)))
		dax_unmap_entry(xas, mapping, entry);

	xas_reset(xas);
	xas_lock_irq(xas);
	if (cow || dax_is_zero_entry(entry) || dax_is_empty_entry(entry)) {
		dax_disassociate_entry(entry, mapping, false);
		if (cow)
			dax_associate_entry(new_entry, mapping, vmf->vma, vmf->address, cow);
		else
			refused = associate(new_entry, mapping, index);
		if (refused) {
			xas_unlock_irq(xas);
			return xa_mk_internal(refused);
		}
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

static void *(dax_insert_entry)(struct xa_state *xas, struct vm_fault *vmf,
				const struct iomap_iter *iter, void *entry, unsigned long pfn,
				unsigned long flags)
{
	return williams_2022_dax_insert_entry(xas, vmf, iter, entry, pfn, flags,
					      (dax_associate_entry));
}

/* The device is found alive in the SRCU section that lasts until the entry names the page. */
static void *insert_under_srcu(struct vm_fault *vmf, const struct iomap_iter *iter,
			       struct xa_state *xas, void *entry, bool pmd, unsigned long *pfn)
{
	struct dax_device *dax_dev = iter->iomap.dax_dev;

	dax_read_lock();
	if (dax_alive(dax_dev)) {
		*pfn = dax_direct_access(dax_dev, iter->iomap.block);
		entry = dax_insert_entry(xas, vmf, iter, entry, *pfn, pmd ? DAX_PMD : 0);
	} else {
		entry = xa_mk_internal(pmd ? VM_FAULT_FALLBACK : VM_FAULT_SIGBUS);
	}
	dax_read_unlock();
	return entry;
}

/* dax_fault_iter(), with @insert for the look whether the device lives, and dax_insert_entry(). */
vm_fault_t williams_2022_dax_fault_iter(struct vm_fault *vmf, const struct iomap_iter *iter,
					struct xa_state *xas, void **entry, bool pmd,
					insert_t *insert)
{
	bool write = iter->flags & IOMAP_WRITE;
	unsigned long pfn;
	void *inserted;

	if (!pmd && vmf->cow_page)
		return dax_fault_cow_page(vmf, iter);
	if (!write && !is_written(iter->iomap.block))
		return pmd ? dax_pmd_load_hole(xas, vmf, iter, entry) :
			     dax_load_hole(xas, vmf, iter, entry);

	inserted = insert(vmf, iter, xas, *entry, pmd, &pfn);
	if (xa_is_internal(inserted))
		return xa_to_internal(inserted);
	*entry = inserted;

	if (write && iter->iomap.flags & IOMAP_F_SHARED &&
	    dax_iomap_copy_around(iter->len, &iter->srcmap, pfn))
		return VM_FAULT_SIGBUS;

	if (pmd)
		return vmf_insert_pfn_pmd(vmf, pfn, write);
	return write ? vmf_insert_mixed_mkwrite(vmf->vma, vmf->address, pfn) :
		       vmf_insert_mixed(vmf->vma, vmf->address, pfn);
}

static vm_fault_t (dax_fault_iter)(struct vm_fault *vmf, const struct iomap_iter *iter,
				   struct xa_state *xas, void **entry, bool pmd)
{
	return williams_2022_dax_fault_iter(vmf, iter, xas, entry, pmd, insert_under_srcu);
}

static struct page *(dax_busy_page)(void *entry)
{
	unsigned long pfn;

	for_each_mapped_pfn(entry, pfn)
		if (!dax_page_is_idle(pfn_to_page(pfn)))
			return pfn_to_page(pfn);
	return NULL;
}

/* dax_zap_pages(): the first scan puts the entry's references. */
static void dax_zap_pages(void *entry)
{
	unsigned long pfn;

	for_each_mapped_pfn(entry, pfn)
		pgmap_release_folios(page_folio(pfn_to_page(pfn)), 1, HELD_BY_DAX_ENTRY);
}

/* @zap_pages puts what an entry holds that is not DAX_ZAP yet. */
struct page *williams_2022_dax_layout_busy_page_range(struct address_space *mapping, pgoff_t start,
						      pgoff_t end, void (*zap_pages)(void *entry))
{
	XA_STATE(xas, &mapping->i_pages, start);
	struct page *page = NULL;
	void *entry;

	unmap_mapping_pages(mapping, start, end - start + 1, false);

	xas_lock_irq(&xas);
	xas_for_each(&xas, entry, end) {
		if (dax_is_locked(entry))
			entry = get_next_unlocked_entry(&xas, 0);
		if (dax_names_page(entry) && !(xa_to_value(entry) & DAX_ZAP)) {
			zap_pages(entry);
			entry = xa_mk_value(xa_to_value(entry) | DAX_ZAP);
			xas_store(&xas, entry);
		}
		if (entry)
			page = dax_busy_page(entry);
		put_unlocked_entry(&xas, entry, WAKE_NEXT);
		if (page)
			break;
	}
	xas_unlock_irq(&xas);
	return page;
}

static struct page *(dax_layout_busy_page_range)(struct address_space *mapping, pgoff_t start,
						 pgoff_t end)
{
	return williams_2022_dax_layout_busy_page_range(mapping, start, end, dax_zap_pages);
}

static void (dax_disassociate_entry)(void *entry, struct address_space *mapping, bool trunc)
{
	bool dax_is_zapped = xa_to_value(entry) & DAX_ZAP;
	unsigned long pfn;

	for_each_mapped_pfn(entry, pfn) {
		struct page *page = pfn_to_page(pfn);
		struct address_space *old;

		WARN_ON_ONCE(trunc && !dax_is_zapped);
		WARN_ON_ONCE(trunc && !dax_page_is_idle(page));
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

/* Whoever evicts waits, of any file system, and no signal ends that. */
static void (truncate_inode_pages_final)(struct address_space *mapping)
{
	struct page *page;

	while ((page = dax_layout_busy_page(mapping)))
		wait_page_idle_uninterruptible(page, mapping->host);
	truncate_inode_pages_range(mapping, 0, ULONG_MAX);
}

/* A free page takes its pgmap for as long as it counts something: there is nothing to take before. */
static void (pagemap_range)(struct dev_pagemap *pgmap)
{
	pgmap_publish(pgmap);
	memmap_init_zone_device(pgmap);
}

static void (memunmap_pages)(struct dev_pagemap *pgmap)
{
	percpu_ref_kill(&pgmap->ref);
	wait_for_completion(&pgmap->done);
	pageunmap_range(pgmap);
	percpu_ref_exit(&pgmap->ref);
}

static void (__init_zone_device_page)(struct page *page, unsigned long pfn,
				      struct dev_pagemap *pgmap)
{
	__init_single_page(page, pfn);
	WRITE_ONCE(page->pgmap, pgmap);
	WRITE_ONCE(page->zone_device_data, NULL);
	set_page_count(page, 0);
}

static void (free_zone_device_page)(struct page *page)
{
	struct dev_pagemap *pgmap = READ_ONCE(page->pgmap);

	wake_up_var(page);
	WRITE_ONCE(page->mapping, NULL);
	if (pgmap->ops)
		pgmap->ops->page_free((struct folio *)page);
	put_dev_pagemap(pgmap);
}

/* A driver requests its pages like everyone else, and may be refused. */
static struct page *(dmirror_devmem_alloc_page)(struct dmirror_device *mdevice)
{
	struct page *dpage;

	spin_lock(&mdevice->lock);
	dpage = mdevice->free_pages;
	if (dpage)
		mdevice->free_pages = READ_ONCE(dpage->zone_device_data);
	spin_unlock(&mdevice->lock);
	if (!dpage || !pgmap_request_folios(READ_ONCE(dpage->pgmap), (struct folio *)dpage, 1))
		return NULL;
	lock_page(&dpage->flags);
	WRITE_ONCE(dpage->zone_device_data, dmirror_backing_page(dpage));
	return dpage;
}

/* --- mm/gup.c: an entry that is devmap says no more than "not for long" --- */

static int gup_pte_range(pmd_t pmd, pmd_t *pmdp, unsigned long addr, unsigned long end,
			 unsigned int flags, struct page **pages, int *nr)
{
	pte_t *ptep = pte_offset_kernel(pmd, addr);

	do {
		pte_t pte = ptep_get(ptep);
		struct folio *folio;
		struct page *page;

		if (!pte_access_permitted(pte, flags & FOLL_WRITE))
			return 0;
		if (pte & PTE_DEVMAP) {
			if (flags & FOLL_LONGTERM)
				return 0;
		} else if (pte & PTE_SPECIAL) {
			return 0;
		}
		page = pte_page(pte);
		if (page) {
			folio = try_grab_folio_fast(page, 1, flags);
			if (!folio)
				return 0;
			if (READ_ONCE(*pmdp) != pmd || ptep_get(ptep) != pte ||
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

/* Where one page is not had, those before it stay. */
static int __gup_device_huge(unsigned long pfn, unsigned long addr, unsigned long end,
			     unsigned int flags, struct page **pages, int *nr)
{
	do {
		struct page *page = pfn_to_page(pfn);

		SetPageReferenced(page);
		pages[*nr] = page;
		if (!try_grab_page(page, flags))
			return 0;
		(*nr)++;
		pfn++;
	} while (++addr != end);
	return 1;
}

/* And so they do where the PMD has changed since. */
static int __gup_device_huge_pmd(pmd_t orig, pmd_t *pmdp, unsigned long addr, unsigned long end,
				 unsigned int flags, struct page **pages, int *nr)
{
	unsigned long fault_pfn = pte_pfn(orig) + (addr & (ptrs_per_pte() - 1));

	if (!gup_fast_devmap_leaf(fault_pfn, addr, end, flags, pages, nr))
		return 0;
	return READ_ONCE(*pmdp) == orig;
}

static struct page *(follow_page_pte)(struct vm_area_struct *vma, unsigned long address, pmd_t *pmd,
				      unsigned int flags, struct dev_pagemap **pgmap)
{
	struct pte_table *table;
	struct page *page = NULL;
	pte_t *ptep, pte;

	(void)pmd;
	(void)pgmap;
	table = pte_offset_map(vma->vm_mm, address, &ptep);
	if (!table)
		return NULL;
	spin_lock(&table->ptl);
	pte = PEEK_SHARED(*ptep);
	if (!pte_access_permitted(pte, flags & FOLL_WRITE))
		goto out;
	page = pte & PTE_DEVMAP ? pte_page(pte) : vm_normal_page(vma, address, pte);
	if (!page) {
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

static struct page *(follow_devmap_pmd)(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd,
					unsigned int flags, struct dev_pagemap **pgmap)
{
	pmd_t pmdval = PEEK_SHARED(*pmd);
	struct page *page = pfn_to_page(pte_pfn(pmdval) + (addr & (ptrs_per_pte() - 1)));

	(void)vma;
	(void)pgmap;
	if (!pmd_access_permitted(pmdval, flags & FOLL_WRITE) || !(pmdval & PTE_DEVMAP))
		return NULL;
	return try_grab_page(page, flags) ? page : ERR_PTR(-ENOMEM);
}

const struct mmref_rules mmref_williams_2022 = {
	.name = "williams-2022",
	.ancestor = &mmref_v6_1,
	.summary = "v3: each DAX entry holds its pages, these their device",

	/* fs/dax.c */
	.dax_disassociate_entry = dax_disassociate_entry,
	.dax_busy_page = dax_busy_page,
	.dax_layout_busy_page_range = dax_layout_busy_page_range,
	.dax_insert_entry = dax_insert_entry,
	.dax_fault_iter = dax_fault_iter,

	/* mm/truncate.c */
	.truncate_inode_pages_final = truncate_inode_pages_final,

	/* mm/gup.c */
	.follow_page_pte = follow_page_pte,
	.gup_fast_pte_range = gup_pte_range,
	.gup_fast_devmap_leaf = __gup_device_huge,
	.gup_fast_devmap_pmd_leaf = __gup_device_huge_pmd,

	/* mm/huge_memory.c */
	.follow_devmap_pmd = follow_devmap_pmd,

	/* mm/memremap.c */
	.pagemap_range = pagemap_range,
	.memunmap_pages = memunmap_pages,
	.pgmap_request_folios = pgmap_request_folios,
	.pgmap_release_folios = pgmap_release_folios,
	.free_zone_device_page = free_zone_device_page,

	/* mm/mm_init.c */
	.__init_zone_device_page = __init_zone_device_page,

	/* lib/test_hmm.c */
	.dmirror_devmem_alloc_page = dmirror_devmem_alloc_page,

	/* functions that this kernel does not have any more */
	.gup_fast_undo_dev_pagemap = MMREF_GONE,
	.put_devmap_managed_folio_refs = MMREF_GONE,
	.devmap_managed_enable_get = MMREF_GONE,
	.devmap_managed_enable_put = MMREF_GONE,
	.zone_device_page_init = MMREF_GONE,
	.__put_devmap_managed_page_refs = MMREF_GONE,

	.taken = (const struct mmref_taken[]){
		MMREF_TAKEN(mmref_v6_15, wait_page_idle),
		MMREF_TAKEN(mmref_v6_15, wait_page_idle_uninterruptible),
		MMREF_TAKEN(mmref_v6_15, dax_page_is_idle),
		MMREF_TAKEN(mmref_v6_15, try_get_folio),
		MMREF_TAKEN(mmref_v6_15, gup_put_folio),
		MMREF_TAKEN(mmref_v6_15, put_page),
		MMREF_TAKEN(mmref_v6_15, folios_put_refs),
		MMREF_TAKEN(mmref_v6_15, memremap_pages),
		MMREF_TAKEN(mmref_williams_2022_v2, ext4_break_layouts),
		MMREF_TAKEN(mmref_williams_2022_v2, xfs_break_dax_layouts),
		MMREF_TAKEN(mmref_williams_2022_v2, xfs_mmaplock_two_inodes_and_break_dax_layout),
		MMREF_TAKEN(mmref_williams_2022_v2, __fuse_dax_break_layouts),
		{ 0 },
	},
};
