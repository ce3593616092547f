/* SPDX-License-Identifier: MIT */
/*
 * A page that files share has PAGE_MAPPING_DAX_SHARED for a mapping, which is PAGE_MAPPING_ANON.
 *
 * So it is up to 6.14, where no PTE says that it maps a page. v6.15 as it would be without
 * patch 8 of v9 of its series (2025): "all sorts of issues in at least the unmap paths".
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

/* __folio_add_file_rmap(), mm/rmap.c */
static void map_pte(struct vm_area_struct *vma, pte_t *ptep, struct page *page, bool write)
{
	WARN_ON_ONCE(debug_vm() && folio_test_anon(page_folio(page)));
	v6_15_insert_page_into_pte_locked(vma, ptep, page, write);
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, map_pte, map_pte);
	MMREF_REPLACE(rules, disassociate, v6_12_dax_disassociate_entry);
	MMREF_REPLACE(rules, associate_shared, v6_1_dax_mapping_set_cow);
	MMREF_REPLACE(rules, share_peek, v6_1_share_peek);
}

const struct rules_variant v6_15_shared_looks_anon = {
	.name = "v6.15/shared-looks-anon",
	.of = &mmref_v6_15,
	.summary = "a shared page has the mapping of an anonymous",
	.vary = vary,
};
