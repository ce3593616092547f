/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>
#include "fs/blocks.h"

#include <errno.h>

#include "check/hooks.h"
#include <mmref/linux/pmem.h>

struct page *block_page(struct inode *inode, block_t block)
{
	return &inode->i_sb->s_dev->pgmap->memmap[block & ~BLOCK_UNWRITTEN];
}

uint8_t *block_media(struct inode *inode, block_t block)
{
	return &inode->i_sb->s_dev->pgmap->media[block & ~BLOCK_UNWRITTEN];
}

/* Who accesses a page looks at whose block it is. */
void set_block_files(struct super_block *sb, unsigned long block, uint64_t files)
{
	ledger_touch(&sb->s_dev->pgmap->memmap[block], MMREF_WRITE);
	POKE_SHARED(sb->block_files[block], files);
}

/* Are the 2^@order blocks from @first on free? balloc_lock held. */
static bool run_is_free(const struct super_block *sb, unsigned long first, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++)
		if (sb->block_files[first + i])
			return false;
	return true;
}

block_t new_blocks(struct inode *inode, unsigned int order)
{
	struct super_block *sb = inode->i_sb;
	unsigned long nr = 1UL << order;

	for (unsigned long first = 0; first + nr <= sb->nr_blocks; first += nr) {
		if (!run_is_free(sb, first, order))
			continue;
		for (unsigned long i = 0; i < nr; i++)
			set_block_files(sb, first + i, inode_bit(inode));
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
		block_t next = PEEK_SHARED(inode->block[pgoff + i]);

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
		POKE_SHARED(*block_media(inode, block + i), 0);
		POKE_SHARED(inode->block[pgoff + i], block + (block_t)i);
	}
	return block;
}

int map_blocks(struct inode *inode, unsigned long pgoff, bool write, unsigned int order,
	       struct iomap *iomap)
{
	*iomap = (struct iomap){ .source = HOLE };
	if (!one_extent(inode, pgoff, order, &iomap->block))
		return -EAGAIN;
	if (!write || is_written(iomap->block))
		return 0;

	spin_lock(&inode->i_sb->balloc_lock);
	iomap->block = make_written(inode, pgoff, order);
	iomap->flags |= IOMAP_F_NEW;
	spin_unlock(&inode->i_sb->balloc_lock);
	return iomap->block == HOLE ? -ENOSPC : 0;
}

int allocate_written(struct inode *inode, unsigned long first, unsigned long last, uint8_t fill)
{
	int err = 0;

	for (; !err && first <= last && first < inode->max_pages; first++) {
		struct iomap iomap;

		if (is_written(READ_ONCE(inode->block[first])))
			continue;
		err = inode->i_sb->s_type->iomap_ops->iomap_begin(inode, first, true, 0, &iomap);
		if (!err)
			POKE_SHARED(*block_media(inode, iomap.block), fill);
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
			POKE_SHARED(inode->block[first], block | BLOCK_UNWRITTEN);
	}
	spin_unlock(&inode->i_sb->balloc_lock);
	return block == HOLE ? -ENOSPC : 0;
}

void make_unwritten(struct inode *inode, unsigned long first, unsigned long last)
{
	for (; first <= last && first < inode->max_pages; first++) {
		if (inode->block[first] == HOLE)
			continue;
		POKE_SHARED(inode->block[first], inode->block[first] | BLOCK_UNWRITTEN);
		durable_flush(block_page(inode, inode->block[first]), 1);
	}
}

static bool has_block(const struct inode *inode, block_t block)
{
	for (unsigned long i = 0; i < inode->max_pages; i++)
		if (inode->block[i] != HOLE && (inode->block[i] & ~BLOCK_UNWRITTEN) == block)
			return true;
	return false;
}

void put_block(const struct mmref_site *site, struct inode *inode, block_t block,
	       unsigned long pgoff)
{
	struct super_block *sb = inode->i_sb;

	block &= ~BLOCK_UNWRITTEN;
	if (PEEK(sb->reflink) && has_block(inode, block))
		return;
	set_block_files(sb, block, PEEK(sb->block_files[block]) & ~inode_bit(inode));
	if (sb->block_files[block]) {
		check_block_lost(site, block_page(inode, block), inode, pgoff);
		return;
	}
	check_block_free(site, block_page(inode, block));
	durable_flush(block_page(inode, block), 1);
}

void drop_block(const struct mmref_site *site, struct inode *inode, unsigned long pgoff)
{
	block_t block = inode->block[pgoff];

	if (block == HOLE)
		return;
	POKE_SHARED(inode->block[pgoff], HOLE);
	put_block(site, inode, block, pgoff);
}

void free_blocks(struct inode *inode, unsigned long first, unsigned long last)
{
	spin_lock(&inode->i_sb->balloc_lock);
	for (; first <= last && first < inode->max_pages; first++)
		drop_block(SITE("free_blocks"), inode, first);
	spin_unlock(&inode->i_sb->balloc_lock);
}

void shift_blocks(struct inode *inode, unsigned long from, unsigned long by)
{
	spin_lock(&inode->i_sb->balloc_lock);
	for (; from < inode->max_pages; from++) {
		POKE_SHARED(inode->block[from - by], inode->block[from]);
		POKE_SHARED(inode->block[from], HOLE);
	}
	spin_unlock(&inode->i_sb->balloc_lock);
}
