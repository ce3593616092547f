/* SPDX-License-Identifier: MIT */
/*
 * A fault leaves the SRCU section in which the device was alive before it requests the pages.
 *
 * "Fix the DAX-gup mistake", v3, without its patch 7. pgmap_request_folios() asks
 * percpu_ref_is_dying() first, and leaves it to its caller that the answer stays true.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

const struct mmref_rules williams_2022_leaves_srcu_early = {
	.name = "williams-2022/leaves-srcu-early",
	.ancestor = &mmref_williams_2022,
	.summary = "pages are requested outside of SRCU",

	.taken = (const struct mmref_taken[]){
		MMREF_TAKEN(mmref_williams_2022_v2, dax_fault_iter),
		{ 0 },
	},
};
