/* SPDX-License-Identifier: MIT */
/*
 * A fault leaves the SRCU section in which the device was alive before it requests the pages.
 *
 * "Fix the DAX-gup mistake", v3, without its patch 7. pgmap_request_folios() asks
 * percpu_ref_is_dying() first, and leaves it to its caller that the answer stays true.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, dax_lock_over_insert, false);
}

const struct rules_variant williams_2022_leaves_srcu_early = {
	.name = "williams-2022/leaves-srcu-early",
	.of = &mmref_williams_2022,
	.summary = "pages are requested outside of SRCU",
	.vary = vary,
};
