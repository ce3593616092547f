/* SPDX-License-Identifier: MIT */
/*
 * A fault on a device-private page calls the driver without a reference to the page.
 *
 * Until 16ce101db85d (v6.1).
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static unsigned int migrate_to_ram_unheld(struct vm_fault *vmf, struct page *page)
{
	spin_unlock(&vmf->table->ptl);
	return READ_ONCE(page->pgmap)->ops->migrate_to_ram(vmf, page);
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, swap_in_private, migrate_to_ram_unheld);
}

const struct rules_variant v6_1_fault_holds_nothing = {
	.name = "v6.1/fault-holds-nothing",
	.of = &mmref_v6_1,
	.summary = "a driver is asked for a page that nobody holds",
	.vary = vary,
};
