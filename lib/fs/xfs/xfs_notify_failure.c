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

#include <mmref/kernel.h>

#include "fs/blocks.h"
#include "fs/xfs/xfs.h"

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
static bool rmap_lookup(struct inode *inode, unsigned long block, struct rmap_record *rec)
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

/* xfs_dax_failure_fn(): an inode that is on its way out is passed over. */
static void xfs_dax_failure_fn(const struct rmap_record *rec, bool pre_remove)
{
	struct address_space *mapping = &rec->inode->i_mapping;

	if (!igrab(rec->inode))		/* xfs_iget(XFS_IGET_INCORE) */
		return;
	mf_dax_kill_procs(mapping, rec->offset, rec->blocks, pre_remove ? MF_MEM_PRE_REMOVE : 0);
	if (pre_remove)
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

/* Block by block, and of a block that is shared file by file. */
static void query_records_at(struct super_block *sb, unsigned long block, bool pre_remove)
{
	struct rmap_record rec;

	for (uint8_t ino = 1; ino < MAX_INODES; ino++)
		if ((PEEK(sb->block_files[block]) >> ino & 1) &&
		    rmap_lookup(inode_numbered(sb, ino), block, &rec))
			xfs_dax_failure_fn(&rec, pre_remove);
}

/* xfs_rmap_query_range(): the AGF stays locked from the first record to the last. */
static void query_rmap(struct super_block *sb, bool pre_remove)
{
	mutex_lock(&sb->s_agf);
	for (unsigned long block = 0; block < sb->nr_blocks; block++)
		query_records_at(sb, block, pre_remove);
	mutex_unlock(&sb->s_agf);
}

/* xfs_dax_notify_dev_failure(): a freeze that fails holds nothing up. */
static int xfs_dax_notify_failure(struct dax_device *dax, int mf_flags)
{
	bool pre_remove = mf_flags & MF_MEM_PRE_REMOVE;
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
