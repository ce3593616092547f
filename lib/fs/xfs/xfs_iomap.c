/* SPDX-License-Identifier: MIT */
/* What is at an offset of a file of xfs: fs/xfs/xfs_iomap.c. */
#include <errno.h>

#include "fs/blocks.h"
#include "fs/xfs/xfs.h"
#include "fs/xfs/xfs_reflink.h"
#include "kernel/bodies.h"

int (xfs_direct_write_iomap_begin)(struct inode *inode, pgoff_t pgoff, unsigned int order,
				   struct iomap *iomap)
{
	int err;

	if (xfs_is_shutdown(inode->i_sb))
		return -EIO;

	err = map_blocks(inode, pgoff, false, order, iomap);
	if (PEEK(inode->reflink) && (err || is_written(iomap->block)))
		return xfs_reflink_allocate_cow(inode, pgoff, order, err, iomap);
	if (err || is_written(iomap->block))
		return err;

	mutex_lock(&inode->i_sb->s_agf);	/* xfs_iomap_write_direct() */
	err = map_blocks(inode, pgoff, true, order, iomap);
	mutex_unlock(&inode->i_sb->s_agf);
	return err;
}

int (xfs_dax_write_iomap_end)(struct inode *inode, pgoff_t pgoff, unsigned int order, bool written)
{
	if (!PEEK(inode->reflink))	/* xfs_is_cow_inode() */
		return 0;
	return written ? xfs_reflink_end_cow(inode, pgoff, order) :
			 xfs_reflink_cancel_cow_range(inode, pgoff, order);
}

/* xfs_read_iomap_ops and xfs_dax_write_iomap_ops */
static int xfs_iomap_begin(struct inode *inode, pgoff_t pgoff, bool write, unsigned int order,
			   struct iomap *iomap)
{
	return write ? xfs_direct_write_iomap_begin(inode, pgoff, order, iomap) :
		       xfs_read_iomap_begin(inode, pgoff, order, iomap);
}

const struct iomap_ops xfs_iomap_ops = {
	.iomap_begin = xfs_iomap_begin,
	.iomap_end = call_xfs_dax_write_iomap_end,
};
