/* SPDX-License-Identifier: MIT */
/*
 * A fault on a device-private page calls the driver without a reference to the page.
 *
 * Until 16ce101db85d (v6.1).
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

/* There was no fault_page: the migration expects no reference of the fault's. */
static int (migrate_vma_setup)(struct migrate_vma *args)
{
	args->fault_page = NULL;
	return MMREF_AS(mmref_v6_1, migrate_vma_setup)(args);
}

static vm_fault_t (do_swap_page)(struct vm_fault *vmf)
{
	vmf->page = pte_page(vmf->orig_pte);
	if (vmf->orig_pte & PTE_MIGRATION) {
		migration_entry_wait(vmf->vma->vm_mm, vmf->pmd, vmf->address);
		return 0;
	}
	if (!pte_unmap_same(vmf))
		return 0;
	spin_unlock(&vmf->table->ptl);
	return READ_ONCE(vmf->page->pgmap)->ops->migrate_to_ram(vmf);
}

const struct mmref_rules v6_1_fault_holds_nothing = {
	.name = "v6.1/fault-holds-nothing",
	.ancestor = &mmref_v6_1,
	.summary = "a driver is asked for a page that nobody holds",

	.do_swap_page = do_swap_page,
	.migrate_vma_setup = migrate_vma_setup,
};
