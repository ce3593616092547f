/* SPDX-License-Identifier: MIT */
/*
 * xfs is told that its device fails, or goes: fs/xfs/xfs_notify_failure.c.
 *
 * Before a removal (6.12) it freezes the file system, goes through what the reverse
 * mapping says of each block, unmaps and forgets it, and shuts down. The freeze keeps
 * out what writes; a fault that only reads comes in. Of 6.1 a removal is a failure of all
 * of the memory: nobody is unmapped, and as the superblock's own memory is lost it
 * shuts down too.
 *
 * Nobody waits for a page that is held.
 */
#include <errno.h>

#include "fs/blocks.h"
#include "fs/xfs/xfs.h"
#include "kernel/bodies.h"

/* A record of the reverse mapping: blocks in a row of one file, and where in it they are. */
struct rmap_record {
	struct inode *inode;
	unsigned long offset;
	unsigned long blocks;
};

/*
 * The record of @inode that begins at @block; false where the data fork has it not, or has it
 * in the midst of a record. The AGF is locked.
 */
static bool xfs_rmap_lookup(struct inode *inode, unsigned long block, struct rmap_record *rec)
{
	step_touches(inode->block, inode->max_pages * sizeof(*inode->block), MMREF_READ);
	for (unsigned long i = 0; i < inode->max_pages; i++) {
		const block_t *at = &inode->block[i];

		if (*at == HOLE || (*at & ~BLOCK_UNWRITTEN) != (block_t)block)
			continue;
		if (i && at[-1] != HOLE && at[-1] == *at - 1)
			return false;
		*rec = (struct rmap_record){ .inode = inode, .offset = i, .blocks = 1 };
		while (i + rec->blocks < inode->max_pages &&
		       at[rec->blocks] == *at + (block_t)rec->blocks)
			rec->blocks++;
		return true;
	}
	return false;
}

/* It passes over an inode that is being evicted. */
static void xfs_dax_failure_fn(const struct rmap_record *rec, int mf_flags)
{
	struct address_space *mapping = &rec->inode->i_mapping;

	if (!igrab(rec->inode))		/* xfs_iget(XFS_IGET_INCORE) */
		return;
	mf_dax_kill_procs(mapping, rec->offset, rec->blocks, mf_flags);
	if (mf_flags & MF_MEM_PRE_REMOVE)
		invalidate_inode_pages2_range(mapping, rec->offset,
					      rec->offset + rec->blocks - 1);
	iput(rec->inode);
}

static struct inode *inode_numbered(const struct super_block *sb, uint8_t ino)
{
	struct inode *inode = PEEK_SHARED(sb->s_inodes);

	while (inode && inode->i_ino != ino)
		inode = inode->i_next;
	return inode;
}

/* Block by block, and file by file if files share the block. The AGF stays locked all the while. */
static void xfs_rmap_query_range(struct super_block *sb, int mf_flags)
{
	struct rmap_record rec;

	mutex_lock(&sb->s_agf);
	for (unsigned long block = 0; block < sb->nr_blocks; block++)
		for (uint8_t ino = 1; ino < MAX_INODES; ino++)
			if ((PEEK(sb->block_files[block]) >> ino & 1) &&
			    xfs_rmap_lookup(inode_numbered(sb, ino), block, &rec))
				xfs_dax_failure_fn(&rec, mf_flags);
	mutex_unlock(&sb->s_agf);
}

/* A freeze that fails holds nothing up. */
static int xfs_dax_notify_dev_failure(struct super_block *sb, int mf_flags)
{
	bool frozen = (mf_flags & MF_MEM_PRE_REMOVE) && !freeze_super(sb);

	xfs_rmap_query_range(sb, mf_flags);
	WRITE_ONCE(sb->shutdown, true);		/* xfs_force_shutdown() */
	if (frozen)
		thaw_super(sb);
	return 0;
}

int (xfs_dax_notify_failure)(struct dax_device *dax_dev, int mf_flags)
{
	struct super_block *sb = READ_ONCE(dax_dev->holder_data);	/* dax_holder() */

	if (!sb) {
		kernel_bug(SITE("dax_holder"), NULL, "the holder was unmounted meanwhile: NULL");
		return -EIO;
	}
	return xfs_dax_notify_dev_failure(sb, mf_flags);
}

const struct dax_holder_operations xfs_dax_holder_operations = {
	.notify_failure = call_xfs_dax_notify_failure,
};
