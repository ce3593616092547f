/* SPDX-License-Identifier: MIT */
/* xfs, the file system: fs/xfs/xfs_super.c. */
#include "fs/xfs/xfs.h"
#include "fs/xfs/xfs_reflink.h"
#include "kernel/bodies.h"

const struct file_system_type xfs_fs_type = {
	.name = "xfs",
	.requires_dev = true,
	.f_op = &xfs_file_operations,
	.iomap_ops = &xfs_iomap_ops,
	.remap_file_range = call_xfs_file_remap_range,
	.setattr = call_xfs_vn_setattr,
	.fallocate = call_xfs_file_fallocate,
	.fsync = call_xfs_file_fsync,
	.evict_inode = call_xfs_fs_evict_inode,
	.destroy_inode = call_xfs_inactive,
	.dax_holder = &xfs_dax_holder_operations,
	.has_shutdown = true,
};
