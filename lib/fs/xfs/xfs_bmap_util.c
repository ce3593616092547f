/* SPDX-License-Identifier: MIT */
/* Freeing, allocating and moving the blocks of a range: fs/xfs/xfs_bmap_util.c. */
#include "fs/blocks.h"
#include "fs/xfs/xfs.h"
#include "kernel/bodies.h"

int (xfs_flush_unmap_range)(struct inode *inode, pgoff_t first, pgoff_t last)
{
	dax_writeback_mapping_range(&inode->i_mapping, first, last);
	truncate_pagecache_range(inode, first, last);
	return 0;
}

static void xfs_unmap_extent(struct inode *inode, pgoff_t first, pgoff_t last)
{
	mutex_lock(&inode->i_sb->s_agf);
	free_blocks(inode, first, last);
	mutex_unlock(&inode->i_sb->s_agf);
}

int (xfs_free_file_space)(struct inode *inode, pgoff_t first, pgoff_t last)
{
	int err = xfs_flush_unmap_range(inode, first, last);

	if (!err)
		xfs_unmap_extent(inode, first, last);
	return err;
}

int xfs_alloc_file_space(struct inode *inode, unsigned long first, unsigned long last)
{
	int err;

	mutex_lock(&inode->i_sb->s_agf);
	err = allocate_unwritten(inode, first, last);
	mutex_unlock(&inode->i_sb->s_agf);
	return err;
}

/* Before blocks move, the page cache is forgotten from the page before them on. */
static int xfs_prepare_shift(struct inode *inode, pgoff_t offset)
{
	if (offset)
		offset--;
	return xfs_flush_unmap_range(inode, offset, offset + inode->i_size - 1);
}

int (xfs_collapse_file_space)(struct inode *inode, pgoff_t first, pgoff_t last)
{
	int err = xfs_free_file_space(inode, first, last);

	if (!err)
		err = xfs_prepare_shift(inode, first);
	if (err)
		return err;
	mutex_lock(&inode->i_sb->s_agf);
	shift_blocks(inode, last + 1, last - first + 1);	/* xfs_bmap_collapse_extents() */
	mutex_unlock(&inode->i_sb->s_agf);
	return 0;
}
