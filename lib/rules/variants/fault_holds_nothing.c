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

static unsigned int migrate_to_ram_unheld(struct vm_fault *vmf, struct page *page)
{
	vmf->page = page;
	spin_unlock(&vmf->table->ptl);
	return READ_ONCE(page->pgmap)->ops->migrate_to_ram(vmf);
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, swap_in_private, migrate_to_ram_unheld);
	rules->migrate_vma_setup = migrate_vma_setup;
}

const struct rules_variant v6_1_fault_holds_nothing = {
	.name = "v6.1/fault-holds-nothing",
	.of = &mmref_v6_1,
	.summary = "a driver is asked for a page that nobody holds",
	.vary = vary,
};
