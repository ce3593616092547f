/* SPDX-License-Identifier: MIT */
/*
 * c24d37322548, mm/gup: fix try_grab_compound_head() race with split_huge_page() (v5.14), brought
 * back: nobody looks up the head of the page again once it is held.
 */
#include <mmref/kernel.h>

static struct folio *(try_get_folio)(struct page *page, int refs)
{
	struct folio *folio = page_folio(page);

	if (!folio_ref_add_unless_zero(folio, refs, HELD_BY_TRANSIENT))
		return NULL;
	return folio;
}

MMREF_RULES_FILE(.name = "stale-head", .ancestor = &mmref_v7_2,
		 .summary = "c24d37322548: GUP-fast keeps a head that is stale",
		 .try_get_folio = try_get_folio);
