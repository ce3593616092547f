/* SPDX-License-Identifier: MIT */
/* A rule set with a leak, which no kernel has: a fault keeps the reference it works under. */
#include <mmref/rules.h>

static void vary(struct mmref_rules *rules)
{
	rules->fault_end = NULL;
}

MMREF_RULES_FILE(.name = "fault-keeps-page", .of = &mmref_v7_2, .vary = vary,
		 .summary = "as v7.2; a fault does not put the page");
