/* SPDX-License-Identifier: MIT */
#include "fs/blocks.h"

#include <errno.h>

#include "check/access.h"
#include "check/durable.h"
#include "drivers/pmem.h"

struct page *block_page(struct inode *inode, block_t block)
{
	return &inode->i_sb->s_dev->pgmap->memmap[block & ~BLOCK_UNWRITTEN];
}

uint8_t *block_media(struct inode *inode, block_t block)
{
	return &inode->i_sb->s_dev->pgmap->media[block & ~BLOCK_UNWRITTEN];
}

/* Are the 2^@order blocks from @first on free? balloc_lock held. */
static bool run_is_free(const struct super_block *sb, unsigned long first, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++)
		if (sb->block_owner[first + i])
			return false;
	return true;
}

/* The allocator: the first free run of 2^@order blocks, aligned. balloc_lock held. */
static block_t new_blocks(struct inode *inode, unsigned int order)
{
	struct super_block *sb = inode->i_sb;
	unsigned long nr = 1UL << order;

	for (unsigned long first = 0; first + nr <= sb->nr_blocks; first += nr) {
		if (!run_is_free(sb, first, order))
			continue;
		for (unsigned long i = 0; i < nr; i++)
			POKE(sb->block_owner[first + i], inode->i_ino);
		return first;
	}
	return HOLE;
}

/*
 * Is [@pgoff, @pgoff + 2^@order) one extent, of blocks in a row that lie as a PMD
 * must, or all hole? *@block is the first. A part of an extent will not do for a PMD.
 */
static bool one_extent(struct inode *inode, unsigned long pgoff, unsigned int order, block_t *block)
{
	*block = READ_ONCE(inode->block[pgoff]);
	for (unsigned long i = 1; i < 1UL << order; i++) {
		block_t next = PEEK(inode->block[pgoff + i]);

		if (next != (*block == HOLE ? HOLE : *block + (block_t)i))
			return false;
	}
	return *block == HOLE || !(*block & ((1 << order) - 1));
}

/* To map with CREATE: looked at again under the lock, and zeroed where it is new. */
static block_t make_written(struct inode *inode, unsigned long pgoff, unsigned int order)
{
	block_t block = PEEK(inode->block[pgoff]);

	if (is_written(block))
		return block;
	block = block == HOLE ? new_blocks(inode, order) : block & ~BLOCK_UNWRITTEN;
	for (unsigned long i = 0; block != HOLE && i < 1UL << order; i++) {
		POKE(*block_media(inode, block + i), 0);
		POKE(inode->block[pgoff + i], block + (block_t)i);
	}
	return block;
}

int map_blocks(struct inode *inode, unsigned long pgoff, bool write, unsigned int order,
	       block_t *block)
{
	if (!one_extent(inode, pgoff, order, block))
		return -EAGAIN;
	if (!write || is_written(*block))
		return 0;

	spin_lock(&inode->i_sb->balloc_lock);
	*block = make_written(inode, pgoff, order);
	spin_unlock(&inode->i_sb->balloc_lock);
	return *block == HOLE ? -ENOSPC : 0;
}

int allocate_written(struct inode *inode, unsigned long first, unsigned long last, uint8_t fill)
{
	int err = 0;

	for (; !err && first <= last && first < inode->max_pages; first++) {
		block_t block = READ_ONCE(inode->block[first]);

		if (is_written(block))
			continue;
		err = inode->i_sb->s_type->iomap_begin(inode, first, true, 0, &block);
		if (!err)
			POKE(*block_media(inode, block), fill);
	}
	return err;
}

int allocate_unwritten(struct inode *inode, unsigned long first, unsigned long last)
{
	block_t block = 0;

	spin_lock(&inode->i_sb->balloc_lock);
	for (; block != HOLE && first <= last && first < inode->max_pages; first++) {
		if (PEEK(inode->block[first]) != HOLE)
			continue;
		block = new_blocks(inode, 0);
		if (block != HOLE)
			POKE(inode->block[first], block | BLOCK_UNWRITTEN);
	}
	spin_unlock(&inode->i_sb->balloc_lock);
	return block == HOLE ? -ENOSPC : 0;
}

void make_unwritten(struct inode *inode, unsigned long first, unsigned long last)
{
	for (; first <= last && first < inode->max_pages; first++) {
		if (inode->block[first] == HOLE)
			continue;
		POKE(inode->block[first], inode->block[first] | BLOCK_UNWRITTEN);
		durable_flush(block_page(inode, inode->block[first]), 1);
	}
}

void free_blocks(struct inode *inode, unsigned long first, unsigned long last)
{
	struct super_block *sb = inode->i_sb;

	spin_lock(&sb->balloc_lock);
	for (; first <= last && first < inode->max_pages; first++) {
		block_t block = inode->block[first];

		if (block == HOLE)
			continue;
		POKE(inode->block[first], HOLE);
		POKE(sb->block_owner[block & ~BLOCK_UNWRITTEN], 0);
		check_block_free(SITE("free_blocks"), block_page(inode, block));
		durable_flush(block_page(inode, block), 1);
	}
	spin_unlock(&sb->balloc_lock);
}

void shift_blocks(struct inode *inode, unsigned long from, unsigned long by)
{
	spin_lock(&inode->i_sb->balloc_lock);
	for (; from < inode->max_pages; from++) {
		POKE(inode->block[from - by], inode->block[from]);
		POKE(inode->block[from], HOLE);
	}
	spin_unlock(&inode->i_sb->balloc_lock);
}
