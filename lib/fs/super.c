/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/hooks.h"
#include "kernel/bodies.h"
#include "world.h"

struct super_block *alloc_super(struct world *world, struct pmem_device *device,
				const struct file_system_type *type)
{
	struct super_block *sb = world_new(world, struct super_block);

	if (!sb)
		return NULL;
	sb->s_type = type;
	sb->s_dev = device;
	sb->nr_blocks = device->pgmap->nr_pages;
	sb->block_files = world_alloc(world, sb->nr_blocks * sizeof(*sb->block_files));
	return sb->block_files ? sb : NULL;
}
EXPORT_SYMBOL(alloc_super);

/* Whom the device tells that it goes; NULL where the file system does not ask for it. */
static struct super_block *dax_holder(struct super_block *sb)
{
	return sb->s_type->dax_holder ? sb : NULL;
}

/* And fill_super() of the file system. */
int get_tree_bdev(struct super_block *sb)
{
	struct dax_device *dax;
	int err = 0;

	down_write(&sb->s_umount);
	if (READ_ONCE(sb->active)) {
		err = -EBUSY;
	} else {
		dax = fs_dax_get_by_bdev(sb->s_dev, dax_holder(sb), sb->s_type->dax_holder);
		if (dax) {
			POKE(sb->s_daxdev, dax);
			WRITE_ONCE(sb->shutdown, false);
			WRITE_ONCE(sb->active, true);
		} else {
			err = -ENODEV;
		}
	}
	up_write(&sb->s_umount);
	if (!err)
		WRITE_ONCE(sb->mounted, true);	/* do_add_mount() */
	return err;
}
EXPORT_SYMBOL(get_tree_bdev);

/* fs/pnode.c: an open file or a map of one holds its inode beyond what the name holds. */
static bool propagate_mount_busy(struct super_block *sb)
{
	bool in_use = false;

	for (struct inode *inode = sb->s_inodes; inode; inode = inode->i_next)
		in_use |= PEEK_SHARED(inode->i_count.counter) > inode->i_dentry;
	return in_use;
}

/* fs/namespace.c: no look-up comes in between the two. */
int umount_tree(struct super_block *sb)
{
	int err = 0;

	spin_lock(&sb->s_inode_list_lock);
	if (!READ_ONCE(sb->mounted))
		err = -EINVAL;
	else if (propagate_mount_busy(sb))
		err = -EBUSY;
	else
		WRITE_ONCE(sb->mounted, false);
	spin_unlock(&sb->s_inode_list_lock);
	return err;
}
EXPORT_SYMBOL(umount_tree);

void (sync_filesystem)(struct super_block *sb)
{
	for (struct inode *inode = PEEK_SHARED(sb->s_inodes); inode; inode = inode->i_next)
		if (!PEEK_SHARED(inode->evicted))
			dax_writeback_mapping_range(&inode->i_mapping, 0, ULONG_MAX);
}

void (generic_shutdown_super)(struct super_block *sb)
{
	struct dax_device *dax;

	down_write(&sb->s_umount);
	dax = sb_dax_device(sb);	/* by the end of it another may be mounted on */
	sync_filesystem(sb);
	WRITE_ONCE(sb->active, false);
	evict_inodes(sb);
	up_write(&sb->s_umount);
	fs_put_dax(dax, dax_holder(sb));	/* kill_sb() */
}

/* It waits for an umount that is under way, and then finds nothing there. */
struct super_block *bdev_super_lock(struct super_block *sb)
{
	down_read(&sb->s_umount);
	if (READ_ONCE(sb->active))
		return sb;
	up_read(&sb->s_umount);
	return NULL;
}
EXPORT_SYMBOL(bdev_super_lock);

void super_unlock_shared(struct super_block *sb)
{
	up_read(&sb->s_umount);
}
EXPORT_SYMBOL(super_unlock_shared);

/* Until 6.6. */
struct super_block *get_super(struct pmem_device *bdev)
{
	return bdev_super_lock(bdev->sb);
}
EXPORT_SYMBOL(get_super);

void drop_super(struct super_block *sb)
{
	up_read(&sb->s_umount);
}
EXPORT_SYMBOL(drop_super);

/*
 * Nobody freezes but a notification to the holder of the device: where there is no
 * holder, nobody has to be counted.
 */
static bool can_freeze(const struct super_block *sb)
{
	return sb->s_type->dax_holder;
}

void sb_start_write(struct super_block *sb)
{
	if (can_freeze(sb))
		down_read(&sb->s_write);
}
EXPORT_SYMBOL(sb_start_write);

void sb_end_write(struct super_block *sb)
{
	if (can_freeze(sb))
		up_read(&sb->s_write);
}
EXPORT_SYMBOL(sb_end_write);

void sb_start_pagefault(struct super_block *sb)
{
	if (can_freeze(sb))
		down_read(&sb->s_pagefault);
}
EXPORT_SYMBOL(sb_start_pagefault);

void sb_end_pagefault(struct super_block *sb)
{
	if (can_freeze(sb))
		up_read(&sb->s_pagefault);
}
EXPORT_SYMBOL(sb_end_pagefault);

int (freeze_super)(struct super_block *sb)
{
	bool active;

	down_write(&sb->s_umount);
	active = READ_ONCE(sb->active);
	up_write(&sb->s_umount);
	if (!active)
		return -EINVAL;
	down_write(&sb->s_write);
	down_write(&sb->s_umount);
	down_write(&sb->s_pagefault);
	sync_filesystem(sb);
	up_write(&sb->s_umount);
	return 0;
}

void (thaw_super)(struct super_block *sb)
{
	down_write(&sb->s_umount);
	up_write(&sb->s_pagefault);
	up_write(&sb->s_write);
	up_write(&sb->s_umount);
}

static int sync_file(struct inode *inode)
{
	return inode->i_sb->s_type->fsync(inode);
}

int vfs_fsync(struct inode *inode)
{
	int err;

	durable_sync_begin(inode);
	err = sync_file(inode);
	durable_sync_end(SITE("vfs_fsync"), inode->i_sb, err);
	return err;
}
EXPORT_SYMBOL(vfs_fsync);
