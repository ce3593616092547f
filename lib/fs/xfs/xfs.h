/* SPDX-License-Identifier: MIT */
#ifndef FS_XFS_H
#define FS_XFS_H

#include <mmref/linux/fs.h>

/* fs/xfs/xfs_notify_failure.c */
extern const struct dax_holder_operations xfs_dax_holder_operations;

#endif
