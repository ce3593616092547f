/* SPDX-License-Identifier: MIT */
/*
 * 181993bb0d62, erofs: evict without dax_break_layout_final() (v6.17), brought back in virtiofs, as
 * the model has no erofs: v6.1 did not break the layout either.
 */
#include <mmref/kernel.h>

static void (fuse_evict_inode)(struct inode *inode)
{
	MMREF_AS(mmref_v6_1, fuse_evict_inode)(inode);
}

MMREF_RULES_FILE(.name = "eviction-breaks-nothing", .ancestor = &mmref_v7_2,
		 .summary = "181993bb0d62: an eviction that breaks nothing",
		 .fuse_evict_inode = fuse_evict_inode);
