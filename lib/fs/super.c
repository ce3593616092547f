/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "check/durable.h"
#include "drivers/pmem.h"
#include "fs/dax.h"

struct super_block *mount_fs(struct world *world, struct pmem_device *device)
{
	struct super_block *sb = world_new(world, struct super_block);

	if (!sb)
		return NULL;
	sb->s_dev = device;
	sb->nr_blocks = device->pgmap->nr_pages;
	sb->block_owner = world_alloc(world, sb->nr_blocks);
	sb->active = true;
	return sb->block_owner ? sb : NULL;
}

void sync_filesystem(struct super_block *sb)
{
	for (struct inode *inode = PEEK(sb->s_inodes); inode; inode = inode->i_next)
		if (!PEEK(inode->evicted))
			dax_writeback_mapping(&inode->i_mapping);
}

void generic_shutdown_super(struct super_block *sb)
{
	down_write(&sb->s_umount);
	sync_filesystem(sb);
	WRITE_ONCE(sb->active, false);
	evict_inodes(sb);
	up_write(&sb->s_umount);
}

static int sync_file(struct inode *inode)
{
	if (READ_ONCE(inode->i_sb->shutdown))
		return -EIO;
	dax_writeback_mapping(&inode->i_mapping);
	return 0;
}

int vfs_fsync(struct inode *inode)
{
	int err;

	durable_sync_begin(inode);
	err = sync_file(inode);
	durable_sync_end(SITE("vfs_fsync"), inode->i_sb, err);
	return err;
}
