/* SPDX-License-Identifier: MIT */
/* A rule set with a leak, which no kernel has: a fault keeps the reference it works under. */
#include <mmref/kernel.h>

static vm_fault_t (dax_fault_iter)(struct vm_fault *vmf, const struct iomap_iter *iter,
				   struct xa_state *xas, void **entry, bool pmd)
{
	vm_fault_t fault = MMREF_AS(mmref_v7_2, dax_fault_iter)(vmf, iter, xas, entry, pmd);

	folio_ref_inc(page_folio(dax_to_page(*entry)), HELD_BY_TRANSIENT);
	return fault;
}

MMREF_RULES_FILE(.name = "fault-keeps-page", .ancestor = &mmref_v7_2,
		 .summary = "as v7.2; a fault does not put the page",
		 .dax_fault_iter = dax_fault_iter);
