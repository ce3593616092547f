/* SPDX-License-Identifier: MIT */
/*
 * GUP-fast looks at the PTE a second time, and not at the PMD above it.
 *
 * The look at the PMD is there for khugepaged, which takes a table of anonymous memory out with
 * its PTEs as they are.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static bool pte_unchanged(const struct gup *gup)
{
	return gup->ptep ? ptep_get(gup->ptep) == gup->pte : v6_1_pmd_and_pte_unchanged(gup);
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, gup_unchanged, pte_unchanged);
}

const struct rules_variant v7_2_looks_at_pte_alone = {
	.name = "v7.2/looks-at-pte-alone",
	.of = &mmref_v7_2,
	.summary = "GUP-fast does not look at the PMD again",
	.vary = vary,
};
