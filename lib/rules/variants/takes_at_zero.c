/* SPDX-License-Identifier: MIT */
/*
 * GUP-fast adds to the count of a page, whatever it is, where it should refuse a count of 0.
 *
 * 6.1's try_grab_page() of __gup_device_huge() is as this, behind a WARN_ON, of pages that
 * never count 0. 7.2 adds unless the count is 0.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static struct folio *(try_get_folio)(struct page *page, int refs)
{
	struct folio *folio = page_folio(page);

	folio_ref_add(folio, refs, HELD_BY_TRANSIENT);
	return folio;
}

const struct mmref_rules v7_2_takes_at_zero = {
	.name = "v7.2/takes-at-zero",
	.ancestor = &mmref_v7_2,
	.summary = "GUP-fast takes a page that counts 0, too",

	.try_get_folio = try_get_folio,
};
