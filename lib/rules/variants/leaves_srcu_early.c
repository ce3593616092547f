/* SPDX-License-Identifier: MIT */
/*
 * A fault leaves the SRCU section in which the device was alive before it requests the pages.
 *
 * "Fix the DAX-gup mistake", v3, without its patch 7. pgmap_request_folios() asks
 * percpu_ref_is_dying() first, and leaves it to its caller that the answer stays true.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static vm_fault_t (dax_fault_iter)(struct vm_fault *vmf, const struct iomap_iter *iter,
				   struct xa_state *xas, void **entry, bool pmd)
{
	return williams_2022_dax_fault_iter(vmf, iter, xas, entry, pmd,
					williams_2022_insert_after_srcu);
}

const struct mmref_rules williams_2022_leaves_srcu_early = {
	.name = "williams-2022/leaves-srcu-early",
	.ancestor = &mmref_williams_2022,
	.summary = "pages are requested outside of SRCU",

	.dax_fault_iter = dax_fault_iter,
};
