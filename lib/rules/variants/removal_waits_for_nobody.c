/* SPDX-License-Identifier: MIT */
/*
 * The range is taken away before the last reference to the pgmap has been put.
 *
 * Until 50f44ee7248a (v5.3), the wait for
 * the last put came after the range was gone.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static void (memunmap_pages)(struct dev_pagemap *pgmap)
{
	percpu_ref_kill(&pgmap->ref);
	if (pgmap->type != MEMORY_DEVICE_PRIVATE && pgmap->type != MEMORY_DEVICE_COHERENT)
		percpu_ref_put_many(&pgmap->ref, pfn_len(pgmap));
	pageunmap_range(pgmap);
	wait_for_completion(&pgmap->done);
	percpu_ref_exit(&pgmap->ref);
	devmap_managed_enable_put(pgmap);
}

const struct mmref_rules v6_1_removal_waits_for_nobody = {
	.name = "v6.1/removal-waits-for-nobody",
	.ancestor = &mmref_v6_1,
	.summary = "the memmap goes before the last reference",

	.memunmap_pages = memunmap_pages,
};
