/* SPDX-License-Identifier: MIT */
/*
 * fuse as virtiofs has it with DAX. Its device is a window into files of the host, so the blocks
 * are the host's: a thread that reaches a page after the truncate reaches what the host has taken
 * away, and may have given to another file.
 *
 * The host hears of a truncate under the invalidate_lock, before the guest forgets the pages. Each
 * block has its own range of the window, and keeps it.
 */
#ifndef FS_FUSE_H
#define FS_FUSE_H

#include <mmref/kernel.h>

/* fs/fuse/dax.c */
extern const struct iomap_ops fuse_iomap_ops;
extern const struct file_operations fuse_file_operations;
/* fs/fuse/dir.c: the part of fuse_do_setattr() that all kernels share, the layout being broken. */
void fuse_change_size(struct inode *inode, unsigned long size);
/* fs/fuse/inode.c: the host keeps the blocks of an unlinked file until FUSE_FORGET. */
void fuse_queue_forget(struct inode *inode);

#endif
