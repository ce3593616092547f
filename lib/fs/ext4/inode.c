/* SPDX-License-Identifier: MIT */
/* Size and layout of a file of ext4: fs/ext4/inode.c. */
#include <errno.h>

#include "check/hooks.h"
#include "fs/blocks.h"
#include "fs/ext4/ext4.h"
#include "kernel/bodies.h"

int (ext4_iomap_begin)(struct inode *inode, pgoff_t pgoff, bool write, unsigned int order,
		       struct iomap *iomap)
{
	return map_blocks(inode, pgoff, write, order, iomap);
}

/* Faults come in while it sleeps, so the caller looks at the whole file again. */
void (ext4_wait_dax_page)(struct inode *inode)
{
	up_write(&inode->i_mapping.invalidate_lock);
	schedule();
	down_write(&inode->i_mapping.invalidate_lock);
}

/* Frees what lies past the end of the file. */
int (ext4_truncate)(struct inode *inode)
{
	int err = ext4_journal_check_start(inode);

	if (!err)
		ext4_ext_remove_space(inode, inode->i_size, inode->max_pages - 1);
	return err;
}

/*
 * ATTR_SIZE alone: it breaks the layout whether the file shrinks or grows, and frees blocks only if
 * the file does not grow.
 */
int (ext4_setattr)(struct inode *inode, pgoff_t size)
{
	pgoff_t oldsize;
	int err;

	if (ext4_forced_shutdown(inode->i_sb))
		return -EIO;
	if (size > inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	durable_cut(inode, size, inode->max_pages);
	down_write(&inode->i_mapping.invalidate_lock);
	err = ext4_break_layouts(inode);
	if (!err)
		err = ext4_journal_check_start(inode);
	if (err)
		goto out_unlock;

	oldsize = inode->i_size;
	WRITE_ONCE(inode->i_size, size);
	truncate_pagecache(inode, size);
	if (size <= oldsize)
		err = ext4_truncate(inode);
out_unlock:
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

/* The part of ext4_evict_inode() that all kernels share. */
void ext4_evict_truncate(struct inode *inode)
{
	if (!ext4_journal_check_start(inode))
		ext4_ext_remove_space(inode, 0, inode->max_pages - 1);
}

const struct iomap_ops ext4_iomap_ops = {
	.iomap_begin = call_ext4_iomap_begin,
};

const struct file_system_type ext4_fs_type = {
	.name = "ext4",
	.requires_dev = true,
	.f_op = &ext4_file_operations,
	.iomap_ops = &ext4_iomap_ops,
	.setattr = call_ext4_setattr,
	.fallocate = call_ext4_fallocate,
	.fsync = call_ext4_sync_file,
	.evict_inode = call_ext4_evict_inode,
	.has_shutdown = true,
	.mmap_asks_shutdown = true,
};
