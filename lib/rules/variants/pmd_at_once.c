/* SPDX-License-Identifier: MIT */
/*
 * The pages of a PMD are requested by one call, and released by one.
 *
 * pgmap_request_folios() and pgmap_release_folios() of "Fix the DAX-gup mistake", v3, take a
 * number of folios; fs/dax.c asked for one at a time, so that the loops, which come back to the
 * second folio, never went round a second time. This is who would have used them.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static vm_fault_t (dax_associate_entry)(void *entry, struct address_space *mapping, pgoff_t index)
{
	unsigned long nr = dax_entry_size(entry);
	struct page *page = dax_to_page(entry);

	if (!nr)
		return 0;
	if (!pgmap_request_folios(READ_ONCE(page->pgmap), page_folio(page), nr, HELD_BY_DAX_ENTRY))
		return VM_FAULT_SIGBUS;
	for (unsigned long i = 0; i < nr; i++) {
		WRITE_ONCE(page[i].mapping, mapping);
		WRITE_ONCE(page[i].index, index + i);
	}
	return 0;
}

static void *(dax_insert_entry)(struct xa_state *xas, struct vm_fault *vmf,
				const struct iomap_iter *iter, void *entry, unsigned long pfn,
				unsigned long flags)
{
	return williams_2022_dax_insert_entry(xas, vmf, iter, entry, pfn, flags,
					      (dax_associate_entry));
}

static void dax_zap_pages(void *entry)
{
	pgmap_release_folios(page_folio(dax_to_page(entry)), dax_entry_size(entry),
			     HELD_BY_DAX_ENTRY);
}

static struct page *(dax_layout_busy_page_range)(struct address_space *mapping, pgoff_t start,
						 pgoff_t end)
{
	return williams_2022_dax_layout_busy_page_range(mapping, start, end, dax_zap_pages);
}

const struct mmref_rules williams_2022_pmd_at_once = {
	.name = "williams-2022/pmd-at-once",
	.ancestor = &mmref_williams_2022,
	.summary = "a PMD is released by one call",

	.dax_insert_entry = dax_insert_entry,
	.dax_layout_busy_page_range = dax_layout_busy_page_range,
};
