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
#include "fs/xfs.h"

#include <errno.h>

#include "drivers/dax.h"
#include "fs/blocks.h"
#include "kernel/bug.h"

/* A record of the reverse mapping: blocks in a row of one file, and where in it they are. */
struct rmap_record {
	struct inode *inode;
	unsigned long offset;
	unsigned long blocks;
};

static struct inode *block_owner(struct super_block *sb, unsigned long block)
{
	struct inode *inode = PEEK(sb->s_inodes);

	while (inode && inode->i_ino != PEEK(sb->block_owner[block]))
		inode = inode->i_next;
	return inode;
}

/* The record that begins at @block; none where it is free. The AGF is locked. */
static bool rmap_lookup(struct super_block *sb, unsigned long block, struct rmap_record *rec)
{
	rec->inode = block_owner(sb, block);
	if (!rec->inode)
		return false;
	for (rec->offset = 0; rec->offset < rec->inode->max_pages; rec->offset++) {
		const block_t *at = &rec->inode->block[rec->offset];

		if (*at == HOLE || (*at & ~BLOCK_UNWRITTEN) != (block_t)block)
			continue;
		for (rec->blocks = 1; rec->offset + rec->blocks < rec->inode->max_pages &&
				      at[rec->blocks] == *at + (block_t)rec->blocks;)
			rec->blocks++;
		return true;
	}
	return false;
}

/* xfs_dax_failure_fn(): an inode that is on its way out is passed over. */
static void xfs_dax_failure_fn(const struct rmap_record *rec, bool pre_remove)
{
	struct address_space *mapping = &rec->inode->i_mapping;

	if (!igrab(rec->inode))		/* xfs_iget(XFS_IGET_INCORE) */
		return;
	mf_dax_kill_procs(mapping, rec->offset, rec->blocks, pre_remove);
	if (pre_remove)
		invalidate_inode_pages2_range(mapping, rec->offset,
					      rec->offset + rec->blocks - 1);
	iput(rec->inode);
}

/* xfs_rmap_query_range(): the AGF stays locked from the first record to the last. */
static void query_rmap(struct super_block *sb, bool pre_remove)
{
	struct rmap_record rec;

	mutex_lock(&sb->s_agf);
	for (unsigned long block = 0; block < sb->nr_blocks; block++) {
		if (!rmap_lookup(sb, block, &rec))
			continue;
		xfs_dax_failure_fn(&rec, pre_remove);
		block += rec.blocks - 1;
	}
	mutex_unlock(&sb->s_agf);
}

/* xfs_dax_notify_dev_failure(): a freeze that fails holds nothing up. */
static int xfs_dax_notify_failure(struct dax_device *dax, bool pre_remove)
{
	struct super_block *sb = READ_ONCE(dax->holder_data);
	bool frozen;

	if (!sb) {
		kernel_bug(SITE("dax_holder"), NULL, "the holder was unmounted meanwhile: NULL");
		return -EIO;
	}
	frozen = pre_remove && !freeze_super(sb);
	query_rmap(sb, pre_remove);
	WRITE_ONCE(sb->shutdown, true);		/* xfs_force_shutdown() */
	if (frozen)
		thaw_super(sb);
	return 0;
}

const struct dax_holder_operations xfs_dax_holder_operations = {
	.notify_failure = xfs_dax_notify_failure,
};
