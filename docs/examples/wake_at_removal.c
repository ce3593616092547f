/* SPDX-License-Identifier: MIT */
/* v7.2, but for the wake-up of a truncate: dax_folio_put() has it, and the last put has none. */
#include <mmref/kernel.h>

static unsigned long (dax_folio_put)(struct folio *folio)
{
	if (!dax_folio_is_shared(folio))
		wake_up_var(&folio->page);
	return MMREF_AS(mmref_v7_2, dax_folio_put)(folio);
}

static void (free_zone_device_folio)(struct folio *folio)
{
	if (READ_ONCE(folio->page.pgmap)->type == MEMORY_DEVICE_FS_DAX)
		WRITE_ONCE(folio->page.mapping, NULL);
	else
		MMREF_AS(mmref_v7_2, free_zone_device_folio)(folio);
}

MMREF_RULES_FILE(.name = "wake-at-removal", .ancestor = &mmref_v7_2,
		 .summary = "as v7.2; dax_folio_put() wakes, and the last put does not",
		 .dax_folio_put = dax_folio_put,
		 .free_zone_device_folio = free_zone_device_folio);
