/* SPDX-License-Identifier: MIT */
/*
 * memunmap_pages() frees the reference's counters while get_dev_pagemap() can still find it.
 *
 * So did Linux until 1e57ffb6e3fd (2022). It stands on gunthorpe-2022, as there a fault is such
 * a look-up, and the removal waits for whatever could hide what comes of it.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static void (memunmap_pages)(struct dev_pagemap *pgmap)
{
	percpu_ref_kill(&pgmap->ref);
	wait_for_completion(&pgmap->done);
	percpu_ref_exit(&pgmap->ref);
	pageunmap_range(pgmap);
}

const struct mmref_rules gunthorpe_2022_exit_first = {
	.name = "gunthorpe-2022/exit-first",
	.ancestor = &mmref_gunthorpe_2022,
	.summary = "the counters go before the look-up does",

	.memunmap_pages = memunmap_pages,
};
