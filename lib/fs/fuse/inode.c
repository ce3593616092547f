/* SPDX-License-Identifier: MIT */
/* virtiofs, the file system: fs/fuse/inode.c. */
#include "fs/blocks.h"
#include "fs/fuse/fuse.h"
#include "kernel/bodies.h"

void fuse_queue_forget(struct inode *inode)
{
	if (!PEEK(inode->i_nlink))
		free_blocks(inode, 0, inode->max_pages - 1);
}

const struct file_system_type fuse_fs_type = {
	.name = "fuse",
	.f_op = &fuse_file_operations,
	.iomap_ops = &fuse_iomap_ops,
	.setattr = call_fuse_do_setattr,
	.fsync = call_fuse_fsync,
	.evict_inode = call_fuse_evict_inode,
};
