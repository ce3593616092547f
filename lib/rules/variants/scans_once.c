/* SPDX-License-Identifier: MIT */
/*
 * The layout counts as broken once the first page that was found busy is idle.
 *
 * Dan Williams on "fs/dax: Fix ZONE_DEVICE page reference counts", v5: after one page is idle the
 * file must be looked at anew, as "another DMA started, or ... there were originally more pages
 * active". Not merged so.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static int break_layout_of_one_page(struct inode *inode, unsigned long first, unsigned long last)
{
	struct address_space *mapping = &inode->i_mapping;
	struct page *page = rules()->layout_busy_page(mapping, first, last);
	int err = page ? dax_wait_page_idle(inode, page) : 0;

	if (!err)
		rules()->layout_broken(mapping, first, last);
	return err;
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, break_layout, break_layout_of_one_page);
}

const struct rules_variant v6_15_scans_once = {
	.name = "v6.15/scans-once",
	.of = &mmref_v6_15,
	.summary = "a truncate waits for one page, and no other",
	.vary = vary,
};
