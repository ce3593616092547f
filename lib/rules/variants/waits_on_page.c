/* SPDX-License-Identifier: MIT */
/*
 * A truncate sleeps on the address of the page, and the last put wakes that of its count.
 *
 * Patches 4 to 18 of 20 of "fs/dax: Fix ZONE_DEVICE page reference counts", v9 (2025):
 * dax_break_layout() waits for the page from its introduction on, and what is woken is
 * &page->_refcount until patch 19. Once all are applied the two are one again.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, wait_address, v6_15_address_of_page);
}

const struct rules_variant v6_12_waits_on_page = {
	.name = "v6.12/waits-on-page",
	.of = &mmref_v6_12,
	.summary = "the put wakes another address than is slept on",
	.vary = vary,
};
