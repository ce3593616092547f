/* SPDX-License-Identifier: MIT */
/*
 * Blocks: which blocks of the device a file has, and which are free. The file systems share this; they
 * differ in their locks and waits before it.
 */
#ifndef FS_BLOCKS_H
#define FS_BLOCKS_H

#include <mmref/linux/fs.h>

static inline uint64_t inode_bit(const struct inode *inode)
{
	return 1ULL << inode->i_ino;
}

struct page *block_page(struct inode *inode, block_t block);
/* The byte that @block reads as. */
uint8_t *block_media(struct inode *inode, block_t block);

/*
 * What is at @pgoff, for 2^@order pages; a write to a hole or to unwritten blocks
 * makes them written ones. 0, -ENOSPC, or -EAGAIN where that many are not of a piece.
 */
int map_blocks(struct inode *inode, unsigned long pgoff, bool write, unsigned int order,
	       struct iomap *iomap);
/* Written blocks for the holes of [@first, @last], that read as @fill. i_rwsem held. */
int allocate_written(struct inode *inode, unsigned long first, unsigned long last, uint8_t fill);
/* The same with blocks that read as a hole until they are written to. */
int allocate_unwritten(struct inode *inode, unsigned long first, unsigned long last);
/* The blocks of [@first, @last] read as a hole from now on. Locks held. */
void make_unwritten(struct inode *inode, unsigned long first, unsigned long last);
/* The blocks of [@first, @last] are free: from here on they can become another file's. */
void free_blocks(struct inode *inode, unsigned long first, unsigned long last);
/* What stands from @from on goes @by pages to the left, over holes, and leaves holes. */
void shift_blocks(struct inode *inode, unsigned long from, unsigned long by);

/* --- one by one, balloc_lock held --- */

/* The first free run of 2^@order blocks, aligned, which are @inode's now; or HOLE. */
block_t new_blocks(struct inode *inode, unsigned int order);
/* The block is that of @files from now on, by inode_bit(). balloc_lock held. */
void set_block_files(struct super_block *sb, unsigned long block, uint64_t files);
/*
 * @inode has no more what stands at @pgoff; where nobody else has it, the block is free.
 * A hole is let pass.
 */
void drop_block(const struct mmref_site *site, struct inode *inode, unsigned long pgoff);
/* The same of @block, which was to stand there. */
void put_block(const struct mmref_site *site, struct inode *inode, block_t block,
	       unsigned long pgoff);

#endif
