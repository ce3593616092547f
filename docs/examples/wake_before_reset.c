/* SPDX-License-Identifier: MIT */
/* v7.2, but dax_folio_put() wakes the truncates that wait for the folio before it resets the order. */
#include <mmref/kernel.h>

static unsigned long (dax_folio_put)(struct folio *folio)
{
	if (!dax_folio_is_shared(folio))
		wake_up_var(&folio->page);
	return MMREF_AS(mmref_v7_2, dax_folio_put)(folio);
}

MMREF_RULES_FILE(.name = "wake-before-reset", .ancestor = &mmref_v7_2,
		 .summary = "as v7.2; dax_folio_put() wakes, then resets the order",
		 .dax_folio_put = dax_folio_put);
