/* SPDX-License-Identifier: MIT */
/*
 * Variants: rule sets with one mistake each, built on the rule set without it. The head of each file
 * says who made the mistake, where, and who saw it; or what a mistake that nobody made would lead to.
 * The scenario that shows the mistake names the variant in its expectation.
 */
#ifndef RULES_VARIANTS_H
#define RULES_VARIANTS_H

#include "rules/rules.h"

/* In the order of their ancestors. */
#define RULES_VARIANTS(X)                                                                          \
	X(v6_1_gup_puts_folios)                                                                    \
	X(v6_1_private_without_pgmap)                                                              \
	X(v6_1_removal_waits_for_nobody)                                                           \
	X(v6_1_fault_holds_nothing)                                                                \
	X(v6_1_huge_walk_keeps_pgmap)                                                              \
	X(v6_12_waits_on_page)                                                                     \
	X(williams_2022_leaves_srcu_early)                                                         \
	X(williams_2022_release_puts_pgmap)                                                        \
	X(williams_2022_pmd_at_once)                                                               \
	X(gunthorpe_2022_exit_first)                                                               \
	X(v6_15_shared_looks_anon)                                                                 \
	X(v6_15_xas_pause)                                                                         \
	X(v6_15_order_stays)                                                                       \
	X(v6_15_puts_zero_page)                                                                    \
	X(v6_15_wait_result_lost)                                                                  \
	X(v6_15_scans_once)                                                                        \
	X(v7_2_looks_then_takes)                                                                   \
	X(v7_2_looks_at_pte_alone)                                                                 \
	X(v7_2_scans_then_unmaps)                                                                  \
	X(v7_2_takes_at_zero)                                                                      \
	X(v7_2_last_put_wakes_nobody)

#define X(variant) extern const struct mmref_rules variant;
RULES_VARIANTS(X)
#undef X

#endif
