/* SPDX-License-Identifier: MIT */
/*
 * GUP-fast that cannot have a page of a PMD gives up, and keeps the pgmap.
 *
 * Until 6401c4eb57f9 (v5.16).
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static bool gup_device_huge(struct gup *gup, pmd_t pmd, struct page *page, int nr)
{
	if (v6_1_gup_device_pages(gup, pmd, page, nr)) {
		v6_1_put_walk_pgmap(gup);
		return true;
	}
	gup->pgmap = NULL; /* returned without put_dev_pagemap() */
	return false;
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, gup_grab_leaf, gup_device_huge);
}

const struct rules_variant v6_1_huge_walk_keeps_pgmap = {
	.name = "v6.1/huge-walk-keeps-pgmap",
	.of = &mmref_v6_1,
	.summary = "a walk that is refused a page keeps the pgmap",
	.vary = vary,
};
