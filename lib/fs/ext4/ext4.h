/* SPDX-License-Identifier: MIT */
/*
 * ext4 as far as its blocks and its layouts go.
 *
 * It registers no holder with the dax device, so nobody tells it when the device dies. A call that
 * frees or moves blocks breaks the layout of the whole file first, under i_rwsem and
 * invalidate_lock.
 */
#ifndef FS_EXT4_H
#define FS_EXT4_H

#include <mmref/kernel.h>

static inline bool ext4_forced_shutdown(struct super_block *sb)
{
	return READ_ONCE(sb->shutdown);
}

/* fs/ext4/extents.c. -EIO after a shutdown: no call that changes blocks begins any more. */
int ext4_journal_check_start(struct inode *inode);
/* Free the blocks of [@start, @end]. */
void ext4_ext_remove_space(struct inode *inode, unsigned long start, unsigned long end);
/* Move all blocks from @start on by @shift pages to the left. */
void ext4_ext_shift_extents(struct inode *inode, unsigned long start, unsigned long shift);
/*
 * EXT4_GET_BLOCKS_CONVERT_UNWRITTEN: the blocks of [@first, @last] stay, holes get some, and all of
 * them read as zeros until they are written. 0 or -errno.
 */
int ext4_alloc_file_blocks(struct inode *inode, unsigned long first, unsigned long last);
/* The data of [@first, @last] goes, and what comes after it moves up; locks and layout as above. */
int ext4_do_collapse_range(struct inode *inode, unsigned long first, unsigned long last);
/* Blocks for the holes of [@first, @last]. No layout is broken: nothing that is mapped changes. */
int ext4_do_fallocate(struct inode *inode, unsigned long first, unsigned long last);

/* fs/ext4/inode.c and file.c. Free all blocks of an inode that is being evicted. */
void ext4_evict_truncate(struct inode *inode);
extern const struct iomap_ops ext4_iomap_ops;
extern const struct file_operations ext4_file_operations;

#endif
