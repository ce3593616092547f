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
static bool associate_shared(struct address_space *mapping, struct page *page, unsigned long index,
			     unsigned int order)
{
	if (order && !folio_test_large((struct folio *)page))
		prep_compound_page(page, order);
	return v6_1_dax_mapping_set_cow(mapping, page, index, 0);
}

/* validate_page_before_insert() refuses such a page to a PTE; nobody asks of a PMD. */
static void (folio_add_file_rmap_pmd)(struct folio *folio, struct page *page,
				      struct vm_area_struct *vma)
{
	WARN_ON_ONCE(debug_vm() && folio_test_anon(folio));
	MMREF_AS(mmref_v6_15, folio_add_file_rmap_pmd)(folio, page, vma);
}

static void vary(struct mmref_rules *rules)
{
	rules->folio_add_file_rmap_pmd = folio_add_file_rmap_pmd;
	MMREF_REPLACE(rules, disassociate, v6_12_dax_disassociate_entry);
	MMREF_REPLACE(rules, associate_shared, associate_shared);
	MMREF_REPLACE(rules, share_peek, v6_1_share_peek);
}

const struct rules_variant v6_15_shared_looks_anon = {
	.name = "v6.15/shared-looks-anon",
	.of = &mmref_v6_15,
	.summary = "a shared page has the mapping of an anonymous",
	.vary = vary,
};
