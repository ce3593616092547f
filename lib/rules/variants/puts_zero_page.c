/* SPDX-License-Identifier: MIT */
/*
 * The entry of a hole goes, and dax_folio_put() is called of the huge zero page.
 *
 * dax_disassociate_entry() of v6.15-rc1 did not ask dax_is_zero_entry(); 98c183a4fccf does. The
 * kernel's test robot saw the warning of a folio that goes and counts: the huge zero page
 * always counts. The zero page of a PTE is of order 0, of which 6.15 does not ask.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static void dax_folio_put_of_zero_page(unsigned int order)
{
	WARN_ON_ONCE(order); /* folio_ref_count(), which is never 0 */
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, disassociate_zero, dax_folio_put_of_zero_page);
}

const struct rules_variant v6_15_puts_zero_page = {
	.name = "v6.15/puts-zero-page",
	.of = &mmref_v6_15,
	.summary = "a hole of a PMD is put as a folio",
	.vary = vary,
};
