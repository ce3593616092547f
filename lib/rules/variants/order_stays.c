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

static void (folio_reset_order)(struct folio *folio)
{
	(void)folio;
}

const struct mmref_rules v6_15_order_stays = {
	.name = "v6.15/order-stays",
	.ancestor = &mmref_v6_15,
	.summary = "a folio is split without folio_reset_order()",

	.folio_reset_order = folio_reset_order,
};
