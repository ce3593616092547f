/* SPDX-License-Identifier: MIT */
/* Locks, layouts and the end of an inode of xfs: fs/xfs/xfs_inode.c. */
#include "fs/blocks.h"
#include "fs/xfs/xfs.h"
#include "kernel/bodies.h"

/* Faults come in while it sleeps, so the caller looks at the whole file again. */
void (xfs_wait_dax_page)(struct inode *inode)
{
	up_write(&inode->i_mapping.invalidate_lock);
	schedule();
	down_write(&inode->i_mapping.invalidate_lock);
}

/* By address. There are no leases to break. */
static void xfs_iolock_two_inodes_and_break_layout(struct inode *src, struct inode *dest)
{
	down_write(src < dest ? &src->i_rwsem : &dest->i_rwsem);
	down_write(src < dest ? &dest->i_rwsem : &src->i_rwsem);
}

int xfs_ilock2_io_mmap(struct inode *ip1, struct inode *ip2)
{
	int err;

	xfs_iolock_two_inodes_and_break_layout(ip1, ip2);
	err = xfs_mmaplock_two_inodes_and_break_dax_layout(ip1, ip2);
	if (err) {
		up_write(&ip2->i_rwsem);
		up_write(&ip1->i_rwsem);
	}
	return err;
}

void xfs_iunlock2_io_mmap(struct inode *ip1, struct inode *ip2)
{
	up_write(&ip2->i_mapping.invalidate_lock);
	up_write(&ip1->i_mapping.invalidate_lock);
	up_write(&ip2->i_rwsem);
	up_write(&ip1->i_rwsem);
}

void xfs_iunlock2_remapping(struct inode *ip1, struct inode *ip2)
{
	WRITE_ONCE(ip1->remapping, false);
	up_read(&ip1->i_mapping.invalidate_lock);
	up_write(&ip2->i_mapping.invalidate_lock);
	up_read(&ip1->i_rwsem);
	up_write(&ip2->i_rwsem);
}

void xfs_itruncate_extents(struct inode *inode, unsigned long new_size)
{
	mutex_lock(&inode->i_sb->s_agf);
	free_blocks(inode, new_size, inode->max_pages - 1);
	mutex_unlock(&inode->i_sb->s_agf);
}

/*
 * A worker calls it in the kernel. If the notification of a failure puts the inode, and so has the
 * AGF locked, the worker comes to it after the shutdown.
 */
int (xfs_inactive)(struct inode *inode)
{
	if (PEEK(inode->i_nlink) || spin_is_mine(&inode->i_sb->s_agf.lock))
		return 0;
	if (!xfs_is_shutdown(inode->i_sb))
		xfs_itruncate_extents(inode, 0);	/* xfs_inactive_truncate() */
	return 0;
}
