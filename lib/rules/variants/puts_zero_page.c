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

static void (dax_disassociate_entry)(void *entry, struct address_space *mapping, bool trunc)
{
	if (dax_is_zero_entry(entry))
		WARN_ON_ONCE(dax_entry_order(entry)); /* folio_ref_count(), which is never 0 */
	else
		MMREF_AS(mmref_v6_15, dax_disassociate_entry)(entry, mapping, trunc);
}

const struct mmref_rules v6_15_puts_zero_page = {
	.name = "v6.15/puts-zero-page",
	.ancestor = &mmref_v6_15,
	.summary = "a hole of a PMD is put as a folio",

	.dax_disassociate_entry = dax_disassociate_entry,
};
