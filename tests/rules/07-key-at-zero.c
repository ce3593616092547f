/* SPDX-License-Identifier: MIT */
/*
 * 46b1ee38b2ba, mm/memremap: devmap_managed_key imbalance (v5.10), brought back: the removal of a
 * device counts the key down, be its type what it may.
 */
#include <mmref/kernel.h>

static void (devmap_managed_enable_put)(struct dev_pagemap *pgmap)
{
	(void)pgmap;
	static_branch_dec(&devmap_managed_key);
}

MMREF_RULES_FILE(.name = "key-at-zero", .ancestor = &mmref_v6_1,
		 .summary = "46b1ee38b2ba: each removal of a device counts the key down",
		 .devmap_managed_enable_put = devmap_managed_enable_put);
