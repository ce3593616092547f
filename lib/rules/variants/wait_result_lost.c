/* SPDX-License-Identifier: MIT */
/*
 * The wait for a page is ended by a signal, and the truncate goes on as if the page were idle.
 *
 * Darrick Wong on "fs/dax: Fix ZONE_DEVICE page reference counts", v6 05/26: the posting lost
 * -ERESTARTSYS on its way out of the wait. Not merged so.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static int break_layout_unless_interrupted(struct inode *inode, unsigned long first,
					   unsigned long last)
{
	struct address_space *mapping = &inode->i_mapping;
	struct page *page;

	while ((page = rules()->layout_busy_page(mapping, first, last)))
		if (dax_wait_page_idle(inode, page))
			break;
	rules()->layout_broken(mapping, first, last);
	return 0;
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, break_layout, break_layout_unless_interrupted);
}

const struct rules_variant v6_15_wait_result_lost = {
	.name = "v6.15/wait-result-lost",
	.of = &mmref_v6_15,
	.summary = "an interrupted truncate goes on",
	.vary = vary,
};
