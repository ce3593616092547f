/* SPDX-License-Identifier: MIT */
/* fsync() of ext4: fs/ext4/fsync.c. */
#include <errno.h>

#include "fs/ext4/ext4.h"
#include "kernel/bodies.h"

/* After a shutdown nothing is written back. */
int (ext4_sync_file)(struct inode *inode)
{
	if (ext4_forced_shutdown(inode->i_sb))
		return -EIO;
	dax_writeback_mapping_range(&inode->i_mapping, 0, ULONG_MAX);
	return 0;
}
