/* SPDX-License-Identifier: MIT */
/* Size and blocks of a file of ext2: fs/ext2/inode.c. */
#include <errno.h>

#include "check/hooks.h"
#include "fs/blocks.h"
#include "fs/ext2/ext2.h"
#include "kernel/bodies.h"

int (ext2_setsize)(struct inode *inode, pgoff_t newsize)
{
	if (newsize > inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	durable_cut(inode, newsize, inode->max_pages);
	down_write(&inode->i_mapping.invalidate_lock);
	WRITE_ONCE(inode->i_size, newsize);
	truncate_pagecache(inode, newsize);
	free_blocks(inode, newsize, inode->max_pages - 1);
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return 0;
}

/* It frees the blocks under the invalidate_lock, though nobody can contend for that any more. */
void (ext2_evict_inode)(struct inode *inode)
{
	truncate_inode_pages_final(&inode->i_mapping);
	if (!PEEK(inode->i_nlink)) {
		down_write(&inode->i_mapping.invalidate_lock);
		free_blocks(inode, 0, inode->max_pages - 1);
		up_write(&inode->i_mapping.invalidate_lock);
	}
	clear_inode(inode);
}

const struct iomap_ops ext2_iomap_ops = {
	.iomap_begin = map_blocks,
};

const struct file_system_type ext2_fs_type = {
	.name = "ext2",
	.requires_dev = true,
	.f_op = &ext2_file_operations,
	.iomap_ops = &ext2_iomap_ops,
	.setattr = call_ext2_setsize,
	.fsync = ext2_fsync,
	.evict_inode = call_ext2_evict_inode,
};
