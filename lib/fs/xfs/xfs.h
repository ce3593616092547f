/* SPDX-License-Identifier: MIT */
/*
 * xfs as far as its blocks and its layouts go. IOLOCK is i_rwsem, and MMAPLOCK the invalidate_lock.
 *
 * There is one allocation group. A call that allocates, frees or moves blocks locks its AGF, as it
 * updates the reverse mapping with them.
 */
#ifndef FS_XFS_H
#define FS_XFS_H

#include <mmref/kernel.h>

static inline bool xfs_is_shutdown(struct super_block *mp)
{
	return READ_ONCE(mp->shutdown);
}

/* fs/xfs/xfs_bmap_util.c. Blocks for the holes of [@first, @last]. 0 or -ENOSPC. */
int xfs_alloc_file_space(struct inode *inode, unsigned long first, unsigned long last);

/* fs/xfs/xfs_inode.c. Free the blocks from @new_size on. */
void xfs_itruncate_extents(struct inode *inode, unsigned long new_size);
/* Lock both files and break the layouts of both; 0, or -ERESTARTSYS and neither is locked. */
int xfs_ilock2_io_mmap(struct inode *ip1, struct inode *ip2);
void xfs_iunlock2_io_mmap(struct inode *ip1, struct inode *ip2);
/* The same once the locks of @ip1 are shared. */
void xfs_iunlock2_remapping(struct inode *ip1, struct inode *ip2);

/* fs/xfs/xfs_file.c, xfs_iomap.c, xfs_notify_failure.c */
extern const struct file_operations xfs_file_operations;
extern const struct iomap_ops xfs_iomap_ops;
extern const struct dax_holder_operations xfs_dax_holder_operations;

#endif
