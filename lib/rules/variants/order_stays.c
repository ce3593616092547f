/* SPDX-License-Identifier: MIT */
/*
 * The folio of a PMD is taken apart, and its second page keeps what told of the order.
 *
 * dax_folio_put() of v6.15-rc1. _nr_pages lies in the word of the second page's memcg_data
 * (4996fc547f5b), so that the page, mapped by a PTE, is charged to a memcg at 0x200: an oops.
 * A call of folio_reset_order() mended it.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static unsigned long (dax_folio_put)(struct folio *folio)
{
	unsigned int order = folio_order(folio);
	unsigned long ref = MMREF_AS(mmref_v6_15, dax_folio_put)(folio);

	if (order && !folio_test_large(folio))
		POKE(folio_second(folio)->_folio_order, order);
	return ref;
}

/* __lruvec_stat_mod_folio(), mm/memcontrol.c, by way of folio_add_file_rmap_pte() */
static void map_and_charge(struct vm_area_struct *vma, pte_t *ptep, struct page *page, bool write)
{
	if (!folio_test_large(page_folio(page)) && PEEK(page->_folio_order))
		kernel_bug(SITE("__lruvec_stat_mod_folio"), page,
			   "memcg_data of a page is what a folio left in _nr_pages");
	v6_15_insert_page_into_pte_locked(vma, ptep, page, write);
}

static void vary(struct mmref_rules *rules)
{
	rules->dax_folio_put = dax_folio_put;
	MMREF_REPLACE(rules, map_pte, map_and_charge);
}

const struct rules_variant v6_15_order_stays = {
	.name = "v6.15/order-stays",
	.of = &mmref_v6_15,
	.summary = "a folio is split without folio_reset_order()",
	.vary = vary,
};
