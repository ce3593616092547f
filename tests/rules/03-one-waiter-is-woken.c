/* SPDX-License-Identifier: MIT */
/*
 * 237388320def, dax: Wake up all waiters after invalidating dax entry (v5.13), brought back: the
 * removal of an entry wakes one waiter. There __dax_invalidate_entry() had the bug; here
 * grab_mapping_entry() has it, which removes a PMD's entry for a PTE.
 */
#include <mmref/kernel.h>

static void *(grab_mapping_entry)(struct xa_state *xas, struct address_space *mapping,
				  unsigned int order)
{
	unsigned long nr = 1UL << pmd_order(), index = xas->xa_index;
	void *entry;

	xas_lock_irq(xas);
	entry = get_next_unlocked_entry(xas, order);
	if (order || !dax_is_pmd_entry(entry) || dax_names_page(entry)) {
		xas_unlock_irq(xas);
		xas_reset(xas);
		return MMREF_AS(mmref_v7_2, grab_mapping_entry)(xas, mapping, order);
	}
	dax_lock_entry(xas, entry);
	xas_unlock_irq(xas);
	unmap_mapping_pages(mapping, index & ~(nr - 1), nr, false);
	xas_reset(xas);
	xas_lock_irq(xas);
	dax_disassociate_entry(entry, mapping, false);
	xas_store(xas, NULL);
	dax_wake_entry(xas, entry, WAKE_NEXT);
	mapping->nrpages -= nr;
	xas_set(xas, index);
	entry = dax_make_entry(0, DAX_EMPTY);
	mapping->nrpages++;
	dax_lock_entry(xas, entry);
	xas_unlock_irq(xas);
	return entry;
}

MMREF_RULES_FILE(.name = "one-waiter-is-woken", .ancestor = &mmref_v7_2,
		 .summary = "237388320def: the removal of an entry wakes one waiter",
		 .grab_mapping_entry = grab_mapping_entry);
