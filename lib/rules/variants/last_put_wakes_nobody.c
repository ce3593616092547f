/* SPDX-License-Identifier: MIT */
/*
 * The put that brings the count of a page of a file to 0 wakes nobody.
 *
 * Nobody did so. That put may be the one of a munmap under way, which held the page for its
 * mmu_gather alone: no GUP need have a part in it.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static void (free_zone_device_folio)(struct folio *folio)
{
	if (folio_type(folio) != MEMORY_DEVICE_FS_DAX)
		MMREF_AS(mmref_v7_2, free_zone_device_folio)(folio);
}

const struct mmref_rules v7_2_last_put_wakes_nobody = {
	.name = "v7.2/last-put-wakes-nobody",
	.ancestor = &mmref_v7_2,
	.summary = "no put wakes a truncate",

	.free_zone_device_folio = free_zone_device_folio,
};
