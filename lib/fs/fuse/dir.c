/* SPDX-License-Identifier: MIT */
/* The size of a file of virtiofs: fs/fuse/dir.c. */
#include "fs/blocks.h"
#include "fs/fuse/fuse.h"

/* What is left of a file whose size changes is forgotten as well, but for what is dirty. */
void fuse_change_size(struct inode *inode, unsigned long size)
{
	unsigned long oldsize;

	free_blocks(inode, size, inode->max_pages - 1);	/* FUSE_SETATTR */
	oldsize = inode->i_size;
	WRITE_ONCE(inode->i_size, size);
	if (size == oldsize)
		return;
	truncate_pagecache(inode, size);
	invalidate_inode_pages2_range(&inode->i_mapping, 0, inode->max_pages - 1);
}
