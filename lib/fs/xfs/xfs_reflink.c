/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "fs/blocks.h"
#include "fs/xfs/xfs.h"
#include "fs/xfs/xfs_reflink.h"
#include "kernel/bodies.h"

static bool is_shared(const struct inode *inode, block_t block)
{
	return is_written(block) && PEEK_SHARED(inode->i_sb->block_files[block]) & ~inode_bit(inode);
}

static bool any_shared(const struct inode *inode, unsigned long pgoff, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++)
		if (is_shared(inode, PEEK_SHARED(inode->block[pgoff + i])))
			return true;
	return false;
}

static bool all_shared(const struct inode *inode, unsigned long pgoff, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++)
		if (!is_shared(inode, PEEK_SHARED(inode->block[pgoff + i])))
			return false;
	return true;
}

/* The btree of counts is read with the AGF locked. */
int xfs_reflink_trim_around_shared(struct inode *inode, unsigned long pgoff, unsigned int order,
				   struct iomap *iomap)
{
	int err = 0;

	if (!PEEK(inode->reflink) || !is_written(iomap->block))
		return 0;
	mutex_lock(&inode->i_sb->s_agf);
	if (any_shared(inode, pgoff, order))
		iomap->flags |= IOMAP_F_SHARED;
	if (iomap->flags & IOMAP_F_SHARED && !all_shared(inode, pgoff, order))
		err = -EAGAIN;
	mutex_unlock(&inode->i_sb->s_agf);
	return err;
}

/* Do 2^@order copies lie at @pgoff, in a row that a PMD could map? balloc_lock held. */
static bool has_cow(const struct inode *inode, unsigned long pgoff, unsigned int order)
{
	block_t first = inode->cow[pgoff];

	for (unsigned long i = 0; i < 1UL << order; i++)
		if (inode->cow[pgoff + i] == HOLE || inode->cow[pgoff + i] != first + (block_t)i)
			return false;
	return !(first & ((1 << order) - 1));
}

static bool has_no_cow(const struct inode *inode, unsigned long pgoff, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++)
		if (inode->cow[pgoff + i] != HOLE)
			return false;
	return true;
}

/* balloc_lock held. */
static int xfs_reflink_fill_cow_hole(struct inode *inode, unsigned long pgoff, unsigned int order)
{
	block_t copy = new_blocks(inode, order);

	if (copy == HOLE)
		return -ENOSPC;
	for (unsigned long i = 0; i < 1UL << order; i++)
		POKE(inode->cow[pgoff + i], copy + (block_t)i);
	return 0;
}

/* A copy that is being made is found, be it of blocks that nobody shares any more. */
static int xfs_find_trim_cow_extent(struct inode *inode, unsigned long pgoff,
				    unsigned int order, struct iomap *iomap)
{
	int err = 0;

	iomap->block = PEEK(inode->block[pgoff]);
	if (has_no_cow(inode, pgoff, order)) {
		if (!any_shared(inode, pgoff, order))
			return 0;
		if (!all_shared(inode, pgoff, order))
			return -EAGAIN;
		err = xfs_reflink_fill_cow_hole(inode, pgoff, order);
	} else if (!has_cow(inode, pgoff, order)) {
		err = -EAGAIN;
	}
	if (err)
		return err;
	iomap->source = iomap->block;
	iomap->block = PEEK(inode->cow[pgoff]);
	iomap->flags |= IOMAP_F_SHARED;
	return 0;
}

/* balloc_lock held. */
static void xfs_reflink_cancel_cow_blocks(struct inode *inode, unsigned long pgoff)
{
	block_t copy = inode->cow[pgoff];

	POKE(inode->cow[pgoff], HOLE);
	put_block(SITE("xfs_reflink_cancel_cow_blocks"), inode, copy, pgoff);
}

/*
 * xfs_dax_write_iomap_end() of a mapping that is too short for a PMD: the copy that it
 * begins with is cancelled, be it one that another has yet to make. balloc_lock held.
 */
static void cancel_short(struct inode *inode, unsigned long pgoff, unsigned int order)
{
	for (unsigned long i = pgoff; i < pgoff + (1UL << order) && inode->cow[i] != HOLE; i++)
		xfs_reflink_cancel_cow_blocks(inode, i);
}

int xfs_reflink_allocate_cow(struct inode *inode, unsigned long pgoff, unsigned int order, int err,
			     struct iomap *iomap)
{
	mutex_lock(&inode->i_sb->s_agf);
	spin_lock(&inode->i_sb->balloc_lock);
	if (!err)
		err = xfs_find_trim_cow_extent(inode, pgoff, order, iomap);
	if (err == -EAGAIN)
		cancel_short(inode, pgoff, order);
	spin_unlock(&inode->i_sb->balloc_lock);
	mutex_unlock(&inode->i_sb->s_agf);
	return err;
}

/* A thread that comes second finds that there is nothing left to remap. */
int (xfs_reflink_end_cow)(struct inode *inode, pgoff_t pgoff, unsigned int order)
{
	mutex_lock(&inode->i_sb->s_agf);
	spin_lock(&inode->i_sb->balloc_lock);
	for (pgoff_t i = pgoff; i < pgoff + (1UL << order); i++) {
		block_t copy = inode->cow[i];

		if (copy == HOLE)
			continue;
		drop_block(SITE("xfs_refcount_decrease_extent"), inode, i);
		POKE_SHARED(inode->block[i], copy);
		POKE(inode->cow[i], HOLE);
	}
	spin_unlock(&inode->i_sb->balloc_lock);
	mutex_unlock(&inode->i_sb->s_agf);
	return 0;
}

int (xfs_reflink_cancel_cow_range)(struct inode *inode, pgoff_t pgoff, unsigned int order)
{
	mutex_lock(&inode->i_sb->s_agf);
	spin_lock(&inode->i_sb->balloc_lock);
	for (pgoff_t i = pgoff; i < pgoff + (1UL << order); i++)
		if (inode->cow[i] != HOLE)
			xfs_reflink_cancel_cow_blocks(inode, i);
	spin_unlock(&inode->i_sb->balloc_lock);
	mutex_unlock(&inode->i_sb->s_agf);
	return 0;
}

/*
 * Both files are locked, written back and unmapped, and the source is open to readers again.
 * *@len is the size of the source; where that is 0, or on an error, nothing stays locked.
 */
int (xfs_reflink_remap_prep)(struct inode *src, struct inode *dest, pgoff_t *len)
{
	int err = xfs_ilock2_io_mmap(src, dest);

	if (err)
		return err;
	*len = src->i_size;
	if (*len)
		err = generic_remap_file_range_prep(src, dest, *len);
	if (err || !*len)
		goto out_unlock;

	POKE(src->reflink, true);	/* xfs_reflink_set_inode_flag() */
	POKE(dest->reflink, true);
	POKE(src->i_sb->reflink, true);
	err = xfs_flush_unmap_range(dest, 0, *len - 1);
	if (err)
		goto out_unlock;

	WRITE_ONCE(src->remapping, true);
	downgrade_write(&src->i_rwsem);	/* xfs_ilock_demote() */
	downgrade_write(&src->i_mapping.invalidate_lock);
	return 0;

out_unlock:
	xfs_iunlock2_io_mmap(src, dest);
	return err;
}

/* @dest has no more what it had there; holes stay holes. */
int (xfs_reflink_remap_blocks)(struct inode *src, struct inode *dest, pgoff_t len)
{
	struct super_block *sb = dest->i_sb;

	mutex_lock(&sb->s_agf);
	spin_lock(&sb->balloc_lock);
	for (pgoff_t i = 0; i < len; i++) {
		block_t block = PEEK(src->block[i]);

		if (block == PEEK(dest->block[i]))
			continue;
		drop_block(SITE("xfs_refcount_decrease_extent"), dest, i);
		if (!is_written(block))
			continue;
		set_block_files(sb, block, PEEK(sb->block_files[block]) | inode_bit(dest));
		POKE_SHARED(dest->block[i], block);
	}
	spin_unlock(&sb->balloc_lock);
	mutex_unlock(&sb->s_agf);
	if (len > dest->i_size)
		WRITE_ONCE(dest->i_size, len);	/* xfs_reflink_update_dest() */
	return 0;
}
