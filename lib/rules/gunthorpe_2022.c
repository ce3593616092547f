/* SPDX-License-Identifier: MIT */
/*
 * Jason Gunthorpe's proposal, linux-mm and nvdimm, 2021 and 2022: a page that is
 * used holds the device it is of.
 *
 *	count = PTEs + gets + 1024 * pins	(order 0)	mapcount = PTEs
 *	count = PTEs + PMDs + gets + pins	(large folio; pins also in _pincount)
 *	idle  = 0; a DAX entry counts nothing
 *	pgmap = 1 + one a folio whose count is not 0
 *
 * A fault asks for the live pgmap before it touches the page, and has it until the
 * folio is free again: where the count goes from 0 to 1 the reference stays with the
 * folio, and free_zone_device_page() puts it last. A removal waits for every page
 * that is still mapped or held, for ever if need be. Nothing looks at a page's
 * pgmap without a reference. Eviction and the scan for busy pages are those of
 * v6.1; the proposal is silent about them.
 */
#include <mmref/kernel.h>

#include "rules/rules.h"

/* No page is told who shares it. */
static void (dax_associate_entry)(void *entry, struct address_space *mapping,
				  struct vm_area_struct *vma, unsigned long address, bool shared)
{
	(void)shared;
	MMREF_AS(mmref_v6_15, dax_associate_entry)(entry, mapping, vma, address, false);
}

/*
 * "a tryget_live at the 0->1 point", by pfn, as page->pgmap is nothing to look at yet: before the
 * entry names the page. A folio in use has its pgmap already; otherwise the one just taken stays with
 * the first count.
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

	if (dax_iomap_direct_access(&iter->iomap, &pfn) || !get_dev_pagemap(pfn, NULL))
		return pmd ? VM_FAULT_FALLBACK : VM_FAULT_SIGBUS;

	*entry = dax_insert_entry(xas, vmf, iter, *entry, pfn, pmd ? DAX_PMD : 0);

	if (write && iter->iomap.flags & IOMAP_F_SHARED &&
	    dax_iomap_copy_around(iter->len, &iter->srcmap, pfn)) {
		put_dev_pagemap(page_device(pfn_to_page(pfn)));
		return VM_FAULT_SIGBUS;
	}

	folio = page_folio(pfn_to_page(pfn));
	if (folio_ref_add_unless_zero(folio, 1, HELD_BY_TRANSIENT))
		put_dev_pagemap(READ_ONCE(folio->page.pgmap));
	else
		folio_ref_inc(folio, HELD_BY_TRANSIENT);
	if (pmd)
		ret = vmf_insert_folio_pmd(vmf, page_folio(pfn_to_page(pfn)), write);
	else
		ret = vmf_insert_page_mkwrite(vmf, pfn_to_page(pfn), write);
	folio_put(folio, HELD_BY_TRANSIENT);
	return ret;
}

/* GUP-fast: a page that is held has a valid pgmap, and only then is it asked for the type. */
static struct folio *(try_grab_folio)(struct page *page, int refs, unsigned int flags)
{
	struct folio *folio = MMREF_AS(mmref_v6_1, try_grab_folio_fast)(page, refs, flags);

	if (folio && (flags & FOLL_LONGTERM) && folio_type(folio) == MEMORY_DEVICE_FS_DAX) {
		gup_put_folio(folio, refs, flags);
		return NULL;
	}
	return folio;
}

/* The pgmap is put after page_free(), to which it belongs. */
static void (free_zone_device_page)(struct page *page)
{
	struct dev_pagemap *pgmap;

	wake_up_var(page);
	pgmap = READ_ONCE(page->pgmap);
	if (pgmap->ops) {
		WRITE_ONCE(page->mapping, NULL);
		pgmap->ops->page_free((struct folio *)page);
	}
	put_dev_pagemap(pgmap);
}

const struct mmref_rules mmref_gunthorpe_2022 = {
	.name = "gunthorpe-2022",
	.ancestor = &mmref_v6_1,
	.summary = "proposal: a page that is mapped or held holds its device",

	/* fs/dax.c */
	.dax_associate_entry = dax_associate_entry,
	.dax_fault_iter = dax_fault_iter,

	/* mm/gup.c */
	.try_grab_folio_fast = try_grab_folio,

	/* mm/memremap.c */
	.free_zone_device_page = free_zone_device_page,

	/* functions that this kernel does not have any more */
	.put_devmap_managed_folio_refs = MMREF_GONE,
	.devmap_managed_enable_get = MMREF_GONE,
	.devmap_managed_enable_put = MMREF_GONE,
	.__put_devmap_managed_page_refs = MMREF_GONE,

	.taken = (const struct mmref_taken[]){
		MMREF_TAKEN(mmref_v6_15, dax_folio_is_shared),
		MMREF_TAKEN(mmref_v7_2, dax_folio_reset_order),
		MMREF_TAKEN(mmref_v7_2, dax_folio_put),
		MMREF_TAKEN(mmref_v6_15, dax_folio_init),
		MMREF_TAKEN(mmref_v6_15, dax_disassociate_entry),
		MMREF_TAKEN(mmref_v6_15, dax_busy_page),
		MMREF_TAKEN(mmref_v6_15, wait_page_idle),
		MMREF_TAKEN(mmref_v6_15, dax_page_is_idle),
		MMREF_TAKEN(mmref_v6_15, try_get_folio),
		MMREF_TAKEN(mmref_v6_15, gup_put_folio),
		MMREF_TAKEN(mmref_v7_2, vmf_insert_folio_pmd),
		MMREF_TAKEN(mmref_v7_2, insert_pmd),
		MMREF_TAKEN(mmref_v7_2, zap_huge_pmd),
		MMREF_TAKEN(mmref_v7_2, zap_huge_pmd_folio),
		MMREF_TAKEN(mmref_v7_2, __split_huge_pmd_locked),
		MMREF_TAKEN(mmref_v6_15, put_page),
		MMREF_TAKEN(mmref_v6_15, folios_put_refs),
		MMREF_TAKEN(mmref_v6_12, zap_present_ptes),
		MMREF_TAKEN(mmref_v6_15, insert_page_into_pte_locked),
		MMREF_TAKEN(mmref_v6_15, vmf_insert_page_mkwrite),
		MMREF_TAKEN(mmref_v6_15, memremap_pages),
		MMREF_TAKEN(mmref_williams_2022, pagemap_range),
		MMREF_TAKEN(mmref_williams_2022, memunmap_pages),
		MMREF_TAKEN(mmref_williams_2022, __init_zone_device_page),
		MMREF_TAKEN(mmref_v6_15, __dev_dax_pmd_fault),
		MMREF_TAKEN(mmref_williams_2022_v2, ext4_break_layouts),
		MMREF_TAKEN(mmref_williams_2022_v2, xfs_break_dax_layouts),
		MMREF_TAKEN(mmref_williams_2022_v2, xfs_mmaplock_two_inodes_and_break_dax_layout),
		MMREF_TAKEN(mmref_williams_2022_v2, __fuse_dax_break_layouts),
		{ 0 },
	},
};
