/* SPDX-License-Identifier: MIT */
/*
 * GUP-fast looks at the PTE a second time, and takes the page after that.
 *
 * Nobody did so. It takes the page first, as truncate clears the entry before it looks at the
 * count: whoever comes second sees the other.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static bool admit_if_unchanged(struct gup *gup, pte_t pte)
{
	return v6_15_not_special(gup, pte) && (gup->locked || v6_1_pmd_and_pte_unchanged(gup));
}

static bool not_asked(const struct gup *gup)
{
	(void)gup;
	return true;
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, gup_admit, admit_if_unchanged);
	MMREF_REPLACE(rules, gup_unchanged, not_asked);
}

const struct rules_variant v7_2_looks_then_takes = {
	.name = "v7.2/looks-then-takes",
	.of = &mmref_v7_2,
	.summary = "GUP-fast looks again, and takes after that",
	.vary = vary,
};
