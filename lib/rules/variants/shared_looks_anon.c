/* SPDX-License-Identifier: MIT */
/*
 * A page that files share has PAGE_MAPPING_DAX_SHARED for a mapping, which is PAGE_MAPPING_ANON.
 *
 * So it is up to 6.14, where no PTE says that it maps a page. v6.15 as it would be without
 * patch 8 of v9 of its series (2025): "all sorts of issues in at least the unmap paths".
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

/* A folio of a PMD is made as for a file alone, and its head says that it is shared. */
static void (dax_associate_entry)(void *entry, struct address_space *mapping,
				  struct vm_area_struct *vma, unsigned long address, bool shared)
{
	struct folio *folio = dax_to_folio(entry);

	if (!shared || !dax_entry_order(entry)) {
		const struct mmref_rules *kernel = shared ? &mmref_v6_12 : &mmref_v6_15;

		MMREF_AS(*kernel, dax_associate_entry)(entry, mapping, vma, address, shared);
		return;
	}
	if (!folio_test_large(folio))
		dax_folio_init(entry);
	dax_page_share_get(&folio->page);
}

/* validate_page_before_insert() refuses such a page to a PTE; nobody asks of a PMD. */
static void (folio_add_file_rmap_pmd)(struct folio *folio, struct page *page,
				      struct vm_area_struct *vma)
{
	WARN_ON_ONCE(debug_vm() && folio_test_anon(folio));
	MMREF_AS(mmref_v6_15, folio_add_file_rmap_pmd)(folio, page, vma);
}

const struct mmref_rules v6_15_shared_looks_anon = {
	.name = "v6.15/shared-looks-anon",
	.ancestor = &mmref_v6_15,
	.summary = "a shared page has the mapping of an anonymous",

	.folio_add_file_rmap_pmd = folio_add_file_rmap_pmd,
	.dax_associate_entry = dax_associate_entry,
	.dax_folio_is_shared = MMREF_GONE,

	.taken = (const struct mmref_taken[]){
		MMREF_TAKEN(mmref_v6_12, dax_disassociate_entry),
		MMREF_TAKEN(mmref_v6_12, dax_page_is_shared),
		MMREF_TAKEN(mmref_v6_12, dax_page_share_get),
		MMREF_TAKEN(mmref_v6_12, dax_page_share_put),
		{ 0 },
	},
};
