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

/* "a tryget_live at the 0->1 point"; by pfn, as page->pgmap is nothing to look at yet. */
static bool pgmap_is_live(unsigned long pfn)
{
	return get_dev_pagemap(pfn, NULL);
}

/* A folio in use has its pgmap already; otherwise the one just taken goes with the first count. */
static void request_folio(struct folio *folio)
{
	if (folio_ref_add_unless_zero(folio, 1, HELD_BY_TRANSIENT))
		put_dev_pagemap(READ_ONCE(folio->page.pgmap));
	else
		folio_ref_inc(folio, HELD_BY_TRANSIENT);
}

/* dax_disassociate_entry(), fs/dax.c: no page is told who shares it, and so none is asked. */
static void dax_disassociate_entry(struct address_space *mapping, struct page *page,
				   unsigned int order, bool trunc)
{
	(void)mapping;
	(void)order;
	(void)trunc;
	v7_2_dax_folio_put(page_folio(page));
}

/* GUP-fast: holding the page makes its pgmap valid, and only then is it asked for the type. */
static struct folio *grab_then_look(struct gup *gup, struct page *page, int refs)
{
	struct folio *folio = v6_1_try_grab_folio(gup, page, refs);

	if (folio && (gup->flags & FOLL_LONGTERM) && folio_type(folio) == MEMORY_DEVICE_FS_DAX) {
		gup_put_folio(gup, folio, refs, HELD_BY_TRANSIENT);
		return NULL;
	}
	return folio;
}

static bool grab_leaf_then_look(struct gup *gup, pmd_t pmd, struct page *page, int nr)
{
	gup->leaf = v6_15_not_special(gup, pmd) ? grab_then_look(gup, page, nr) : NULL;
	return gup->leaf;
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
	.name			= "gunthorpe-2022",
	.ancestor		= &mmref_v6_1,
	.summary		= "proposal: a page that is mapped or held holds its device",

	MMREF_RULE(busy, v6_15_count_above_mapcount),
	MMREF_RULE(idle, v6_15_count_is_zero),
	MMREF_RULE(idle_peek, v6_15_count_is_zero_peek),
	MMREF_RULE(wait_address, v6_15_address_of_page),

	MMREF_RULE(fault_request, pgmap_is_live),
	MMREF_RULE(fault_begin, request_folio),
	MMREF_RULE(fault_end, v6_15_folio_put_after_insert),

	MMREF_RULE(read_fault_dirties, true),
	MMREF_RULE(punch_writes_back, true),
	MMREF_RULE(associate, v6_15_dax_associate_entry),
	MMREF_RULE(disassociate, dax_disassociate_entry),
	MMREF_RULE(associate_shared, v6_15_dax_associate_entry),
	MMREF_RULE(clone_looks_again, true),

	MMREF_RULE(gup_admit, v6_15_not_special),
	MMREF_RULE(gup_admit_pmd, v6_15_follow_huge_pmd),
	MMREF_RULE(gup_grab, grab_then_look),
	MMREF_RULE(gup_grab_leaf, grab_leaf_then_look),
	MMREF_RULE(gup_grab_locked, v6_1_try_grab_page),
	MMREF_RULE(gup_unchanged, v6_1_pmd_and_pte_unchanged),
	MMREF_RULE(exit_takes_uring_lock, true),

	MMREF_RULE(put_page, v6_15_folio_put_page),
	MMREF_RULE(folio_put, v6_15_folio_put_refs),
	MMREF_RULE(free, v6_1_free),

	MMREF_RULE(break_layout, dax_break_layout),
	MMREF_RULE(layout_busy_page, dax_layout_busy_page),
	MMREF_RULE(layout_worth_scanning, v6_1_mapping_mapped),
	MMREF_RULE(scan_locked_entry, v6_1_skip_locked_entry),



	/* fs/dax.c, mm/truncate.c */

	/* mm/gup.c, mm/swap.c, io_uring */

	/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */

	/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
	.devmap_managed_enable_get = MMREF_GONE,
	.devmap_managed_enable_put = MMREF_GONE,
	.__put_devmap_managed_page_refs = MMREF_GONE,
	.free_zone_device_page	= free_zone_device_page,

	/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */

	.taken = (const struct mmref_taken[]){
		/* fs/dax.c, mm/truncate.c */
		/* mm/gup.c, mm/swap.c, io_uring */
		/* mm/memory.c, mm/huge_memory.c, mm/rmap.c, mm/mmap.c */
		MMREF_TAKEN(mmref_v6_15, insert_page_into_pte_locked),
		MMREF_TAKEN(mmref_v6_15, vmf_insert_page_mkwrite),
		MMREF_TAKEN(mmref_v6_12, zap_present_ptes),
		MMREF_TAKEN(mmref_v7_2, insert_pmd),
		MMREF_TAKEN(mmref_v7_2, vmf_insert_folio_pmd),
		MMREF_TAKEN(mmref_v7_2, zap_huge_pmd),
		MMREF_TAKEN(mmref_v7_2, zap_huge_pmd_folio),
		MMREF_TAKEN(mmref_v7_2, __split_huge_pmd_locked),
		/* mm/memremap.c, mm/migrate_device.c, drivers, block layer */
		MMREF_TAKEN(mmref_v6_15, memremap_pages),
		MMREF_TAKEN(mmref_williams_2022, pagemap_range),
		MMREF_TAKEN(mmref_williams_2022, memunmap_pages),
		MMREF_TAKEN(mmref_williams_2022, __init_zone_device_page),
		/* fs/ext4, fs/xfs, fs/fuse, fs/ext2, fs/inode.c */
		{ 0 },
	},
};
