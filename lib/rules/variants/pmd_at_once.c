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

static bool associate_at_once(struct address_space *mapping, struct page *page, unsigned long index,
			      unsigned int order)
{
	unsigned long nr = 1UL << order;

	if (!pgmap_request_folios(READ_ONCE(page->pgmap), page_folio(page), nr, HELD_BY_DAX_ENTRY))
		return false;
	for (unsigned long i = 0; i < nr; i++) {
		WRITE_ONCE(page[i].mapping, mapping);
		WRITE_ONCE(page[i].index, index + i);
	}
	return true;
}

static void zap_at_once(struct xa_state *xas, unsigned long entry)
{
	struct page *page = dax_to_page(entry);

	if (entry & DAX_ZAP)
		return;
	pgmap_release_folios(page_folio(page), 1 << dax_entry_order(entry), HELD_BY_DAX_ENTRY);
	POKE(xas->mapping->entry[xas->index], entry | DAX_ZAP);
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, associate, associate_at_once);
	MMREF_REPLACE(rules, zap_entry, zap_at_once);
}

const struct rules_variant williams_2022_pmd_at_once = {
	.name = "williams-2022/pmd-at-once",
	.of = &mmref_williams_2022,
	.summary = "a PMD is released by one call",
	.vary = vary,
};
