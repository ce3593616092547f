/* SPDX-License-Identifier: MIT */
/*
 * 181993bb0d62, erofs: evict without dax_break_layout_final() (v6.17), brought back in virtiofs, as
 * the model has no erofs: truncate_inode_pages_final() meets the entries.
 */
#include <mmref/kernel.h>

static void (fuse_evict_inode)(struct inode *inode)
{
	truncate_inode_pages_final(&inode->i_mapping);
	clear_inode(inode);
}

MMREF_RULES_FILE(.name = "eviction-breaks-nothing", .ancestor = &mmref_v7_2,
		 .summary = "181993bb0d62: an eviction that breaks nothing",
		 .fuse_evict_inode = fuse_evict_inode);
