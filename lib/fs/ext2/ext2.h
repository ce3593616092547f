/* SPDX-License-Identifier: MIT */
/*
 * ext2 as far as its blocks go. It asks nobody before it frees a block: no layout is broken, by
 * truncate or by eviction. It has no fallocate(), no shutdown, and no holder; its faults map PTEs
 * alone.
 */
#ifndef FS_EXT2_H
#define FS_EXT2_H

#include <mmref/kernel.h>

/* fs/ext2/file.c */
int ext2_fsync(struct inode *inode);
extern const struct file_operations ext2_file_operations;
/* fs/ext2/inode.c */
extern const struct iomap_ops ext2_iomap_ops;

#endif
