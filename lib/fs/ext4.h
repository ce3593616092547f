/* SPDX-License-Identifier: MIT */
/*
 * ext4 as far as its blocks and its layouts go: fs/ext4/inode.c, extents.c, file.c.
 * It registers no holder with the dax device, so nobody tells it when one dies.
 */
#ifndef FS_EXT4_H
#define FS_EXT4_H

#include "fs/fs.h"

extern const struct file_operations ext4_file_operations;

/*
 * What is at @pgoff, for 2^@order pages; a write to a hole or to unwritten blocks
 * makes them written ones. 0, -ENOSPC, or -EAGAIN where that many are not of a piece.
 */
int ext4_iomap_begin(struct inode *inode, unsigned long pgoff, bool write, unsigned int order,
		     block_t *block);

/* setattr(), and two modes of fallocate(); sizes in pages. 0 or -errno. */
int ext4_truncate(struct inode *inode, unsigned long pages);
int ext4_punch_hole(struct inode *inode, unsigned long first, unsigned long last);
int ext4_zero_range(struct inode *inode, unsigned long first, unsigned long last);
/* Written blocks for the holes of [@first, @last]; part of what a write does. */
int ext4_allocate(struct inode *inode, unsigned long first, unsigned long last, uint8_t fill);
int ext4_pread(struct inode *inode, unsigned long page, uint8_t *value);
int ext4_pwrite(struct inode *inode, unsigned long page, uint8_t value);
void ext4_evict_inode(struct inode *inode);

#endif
