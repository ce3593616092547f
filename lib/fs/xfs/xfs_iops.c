/* SPDX-License-Identifier: MIT */
/* The size of a file of xfs: fs/xfs/xfs_iops.c. */
#include <errno.h>

#include "check/hooks.h"
#include "fs/xfs/xfs.h"
#include "kernel/bodies.h"

/* It frees blocks only if the file does not grow. */
int (xfs_setattr_size)(struct inode *inode, pgoff_t newsize)
{
	pgoff_t oldsize = inode->i_size;

	WRITE_ONCE(inode->i_size, newsize);
	truncate_pagecache(inode, newsize);	/* truncate_setsize() */
	if (newsize <= oldsize)
		xfs_itruncate_extents(inode, newsize);
	return 0;
}

int (xfs_vn_setattr_size)(struct inode *inode, pgoff_t size)
{
	if (xfs_is_shutdown(inode->i_sb))	/* xfs_vn_change_ok() */
		return -EIO;
	return xfs_setattr_size(inode, size);
}

/* It breaks the layouts whether the file shrinks or grows, and only then asks for a shutdown. */
int (xfs_vn_setattr)(struct inode *inode, pgoff_t size)
{
	int err;

	if (size > inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	durable_cut(inode, size, inode->max_pages);
	down_write(&inode->i_mapping.invalidate_lock);
	err = xfs_break_layouts(inode);
	if (!err)
		err = xfs_vn_setattr_size(inode, size);
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}
