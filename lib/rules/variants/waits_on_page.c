/* SPDX-License-Identifier: MIT */
/*
 * A truncate sleeps on the address of the page, and the last put wakes that of its count.
 *
 * Patches 4 to 18 of 20 of "fs/dax: Fix ZONE_DEVICE page reference counts", v9 (2025):
 * dax_break_layout() waits for the page from its introduction on, and what is woken is
 * &page->_refcount until patch 19. Once all are applied the two are one again.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static bool count_is_one(const void *page)
{
	return atomic_read(&((struct page *)(uintptr_t)page)->_refcount) == 1;
}

static int (ext4_break_layouts)(struct inode *inode)
{
	struct page *page;
	int err = 0;

	while (!err && (page = dax_layout_busy_page(&inode->i_mapping)))
		err = ___wait_var_event(page, count_is_one, page, TASK_INTERRUPTIBLE,
					rules()->ext4_wait_dax_page, inode);
	return err;
}

const struct mmref_rules v6_12_waits_on_page = {
	.name = "v6.12/waits-on-page",
	.ancestor = &mmref_v6_12,
	.summary = "the put wakes another address than is slept on",

	.ext4_break_layouts = ext4_break_layouts,
};
