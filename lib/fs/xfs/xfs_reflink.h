/* SPDX-License-Identifier: MIT */
/*
 * Blocks of an xfs that several files share: fs/xfs/xfs_reflink.c.
 *
 *	data fork  inode->block: what the file reads as
 *	CoW fork   inode->cow:   the copy that a write makes of a shared block, from
 *	                         its allocation until it takes the place of that
 *
 * A block of either fork is the file's; it is free once no file has it. ILOCK, which
 * guards the forks of one inode, and the btree of counts are balloc_lock here.
 */
#ifndef FS_XFS_REFLINK_H
#define FS_XFS_REFLINK_H

#include <mmref/linux/fs.h>

/*
 * Does another file have the 2^@order blocks at @pgoff, too? iomap tells. 0, or -EAGAIN where
 * it has a part of them.
 */
int xfs_reflink_trim_around_shared(struct inode *inode, unsigned long pgoff, unsigned int order,
				   struct iomap *iomap);
/*
 * A copy to be made of the 2^@order blocks at @pgoff: where they are shared iomap tells it,
 * and what it is of. @err is what came of looking for them: -EAGAIN where they are no one
 * extent. 0, -ENOSPC, or -EAGAIN, there or where a part only is shared.
 */
int xfs_reflink_allocate_cow(struct inode *inode, unsigned long pgoff, unsigned int order, int err,
			     struct iomap *iomap);

#endif
