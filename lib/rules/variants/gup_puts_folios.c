/* SPDX-License-Identifier: MIT */
/*
 * GUP puts what it pinned as folios, and so past the hook by which put_page() wakes a truncate.
 *
 * From the conversion of GUP to folios (v5.18) to f4f451a16dd1 (July 2022), which has
 * gup_put_folio() ask put_devmap_managed_page_refs() first.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

/* For pins and what a walk gives back; put_page() has its hook. */
static void (gup_put_folio)(struct folio *folio, int refs, unsigned int flags,
			    enum mmref_holder held)
{
	if (flags & FOLL_PIN)
		refs *= GUP_PIN_COUNTING_BIAS;
	folio_put_refs(folio, refs, held);
}

const struct mmref_rules v6_1_gup_puts_folios = {
	.name = "v6.1/gup-puts-folios",
	.ancestor = &mmref_v6_1,
	.summary = "an unpin misses the hook of put_page()",

	.gup_put_folio = gup_put_folio,
};
