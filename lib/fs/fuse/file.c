/* SPDX-License-Identifier: MIT */
/* fsync() of virtiofs: fs/fuse/file.c. */
#include "fs/fuse/fuse.h"
#include "kernel/bodies.h"

int (fuse_fsync)(struct inode *inode)
{
	down_write(&inode->i_rwsem);
	dax_writeback_mapping_range(&inode->i_mapping, 0, ULONG_MAX);
	up_write(&inode->i_rwsem);
	return 0;
}
