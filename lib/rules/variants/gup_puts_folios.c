/* SPDX-License-Identifier: MIT */
/*
 * GUP puts what it pinned as folios, and so past the hook by which put_page() wakes a truncate.
 *
 * From the conversion of GUP to folios (v5.18) to f4f451a16dd1 (July 2022), which has
 * gup_put_folio() ask put_devmap_managed_page_refs() first.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

/* gup_put_folio(), mm/gup.c, for pins and what a walk gives back; put_page() has its hook. */
static void folio_put_of_gup(struct page *page, int refs, enum mmref_holder held)
{
	if (held == HELD_BY_GET)
		v6_1_put_devmap_managed_page(page, refs, held);
	else
		rules()->folio_put(page_folio(page), refs, held);
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, put_page, folio_put_of_gup);
}

const struct rules_variant v6_1_gup_puts_folios = {
	.name = "v6.1/gup-puts-folios",
	.of = &mmref_v6_1,
	.summary = "an unpin misses the hook of put_page()",
	.vary = vary,
};
