/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <mmref/kernel.h>

#include "fs/blocks.h"
#include "fs/xfs/xfs_reflink.h"

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

/* xfs_reflink_fill_cow_hole(). balloc_lock held. */
static int fill_cow_hole(struct inode *inode, unsigned long pgoff, unsigned int order)
{
	block_t copy = new_blocks(inode, order);

	if (copy == HOLE)
		return -ENOSPC;
	for (unsigned long i = 0; i < 1UL << order; i++)
		POKE(inode->cow[pgoff + i], copy + (block_t)i);
	return 0;
}

/* A copy that is being made is found, be it of blocks that nobody shares any more. */
static int find_cow(struct inode *inode, unsigned long pgoff, unsigned int order,
		    struct iomap *iomap)
{
	int err = 0;

	iomap->block = PEEK(inode->block[pgoff]);
	if (has_no_cow(inode, pgoff, order)) {
		if (!any_shared(inode, pgoff, order))
			return 0;
		if (!all_shared(inode, pgoff, order))
			return -EAGAIN;
		err = fill_cow_hole(inode, pgoff, order);
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
static void cancel_cow(struct inode *inode, unsigned long pgoff)
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
		cancel_cow(inode, i);
}

int xfs_reflink_allocate_cow(struct inode *inode, unsigned long pgoff, unsigned int order, int err,
			     struct iomap *iomap)
{
	mutex_lock(&inode->i_sb->s_agf);
	spin_lock(&inode->i_sb->balloc_lock);
	if (!err)
		err = find_cow(inode, pgoff, order, iomap);
	if (err == -EAGAIN)
		cancel_short(inode, pgoff, order);
	spin_unlock(&inode->i_sb->balloc_lock);
	mutex_unlock(&inode->i_sb->s_agf);
	return err;
}

/* Whoever comes second finds that there is nothing left to remap. */
void xfs_reflink_end_cow(struct inode *inode, unsigned long pgoff, unsigned int order)
{
	mutex_lock(&inode->i_sb->s_agf);
	spin_lock(&inode->i_sb->balloc_lock);
	for (unsigned long i = pgoff; i < pgoff + (1UL << order); i++) {
		block_t copy = inode->cow[i];

		if (copy == HOLE)
			continue;
		drop_block(SITE("xfs_refcount_decrease_extent"), inode, i);
		POKE_SHARED(inode->block[i], copy);
		POKE(inode->cow[i], HOLE);
	}
	spin_unlock(&inode->i_sb->balloc_lock);
	mutex_unlock(&inode->i_sb->s_agf);
}

void xfs_reflink_cancel_cow(struct inode *inode, unsigned long pgoff, unsigned int order)
{
	mutex_lock(&inode->i_sb->s_agf);
	spin_lock(&inode->i_sb->balloc_lock);
	for (unsigned long i = pgoff; i < pgoff + (1UL << order); i++)
		if (inode->cow[i] != HOLE)
			cancel_cow(inode, i);
	spin_unlock(&inode->i_sb->balloc_lock);
	mutex_unlock(&inode->i_sb->s_agf);
}

/* xfs_iolock_two_inodes_and_break_layout(): by address; nobody leases layouts here. */
static void lock_two_inodes(struct inode *a, struct inode *b)
{
	down_write(a < b ? &a->i_rwsem : &b->i_rwsem);
	down_write(a < b ? &b->i_rwsem : &a->i_rwsem);
}

/*
 * The page of the second file that is busy, or NULL. Where the layout is broken by 6.1, it looks
 * at that page once more, and takes all of the file to be idle if that one is.
 */
static struct page *break_second_layout(struct inode *inode)
{
	struct page *page = dax_layout_busy_page(&inode->i_mapping);

	if (page && rules()->clone_looks_again &&
	    (MMREF_HAS(*rules(), dax_page_is_idle) ? dax_page_is_idle(page) :
						    atomic_read(&page->_refcount) == 1))
		page = NULL;
	if (!page && MMREF_HAS(*rules(), dax_delete_mapping_range))
		dax_delete_mapping_range(&inode->i_mapping, 0, ULONG_MAX);
	return page;
}

/*
 * xfs_mmaplock_two_inodes_and_break_dax_layout(): by number. Nobody sleeps for a page of
 * the second: both locks go, and it begins again, for as long as it takes. Of the first,
 * -ERESTARTSYS, and neither is locked.
 */
static int mmaplock_two_inodes(struct inode *a, struct inode *b)
{
	struct inode *first = a->i_ino < b->i_ino ? a : b, *second = first == a ? b : a;

	for (;;) {
		int err;

		down_write(&first->i_mapping.invalidate_lock);
		err = rules()->break_layout(first, 0, first->max_pages);
		if (err) {
			up_write(&first->i_mapping.invalidate_lock);
			return err;
		}
		down_write(&second->i_mapping.invalidate_lock);
		if (!break_second_layout(second))
			return 0;
		up_write(&second->i_mapping.invalidate_lock);
		up_write(&first->i_mapping.invalidate_lock);
	}
}

/*
 * xfs_reflink_remap_prep(): flushed, unmapped, and the source open to readers again. -EIO where
 * it was shut down meanwhile: file_modified() of generic_remap_file_range_prep().
 */
static int remap_prep(struct inode *dest, struct inode *src)
{
	unsigned long size = src->i_size;

	dax_writeback_mapping_range(&src->i_mapping, 0, size - 1);
	dax_writeback_mapping_range(&dest->i_mapping, 0, size - 1);
	if (READ_ONCE(dest->i_sb->shutdown))
		return -EIO;
	POKE(src->reflink, true);
	POKE(dest->reflink, true);
	POKE(src->i_sb->reflink, true);
	dax_writeback_mapping_range(&dest->i_mapping, 0, size - 1); /* xfs_flush_unmap_range() */
	truncate_pagecache_range(dest, 0, size - 1);

	WRITE_ONCE(src->remapping, true);
	downgrade_write(&src->i_rwsem);
	downgrade_write(&src->i_mapping.invalidate_lock);
	return 0;
}

/* xfs_reflink_remap_blocks(): what @dest had there it has no more; holes stay holes. */
static void remap_blocks(struct inode *dest, struct inode *src, unsigned long size)
{
	struct super_block *sb = dest->i_sb;

	mutex_lock(&sb->s_agf);
	spin_lock(&sb->balloc_lock);
	for (unsigned long i = 0; i < size; i++) {
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
	if (size > dest->i_size)
		WRITE_ONCE(dest->i_size, size);
}

/* xfs_iunlock2_io_mmap(): nothing was begun. */
static void unlock_two_inodes(struct inode *src, struct inode *dest)
{
	up_write(&dest->i_mapping.invalidate_lock);
	up_write(&src->i_mapping.invalidate_lock);
	up_write(&dest->i_rwsem);
	up_write(&src->i_rwsem);
}

static void unlock_two_remapped(struct inode *src, struct inode *dest)
{
	WRITE_ONCE(src->remapping, false);
	up_read_at(SITE("xfs_iunlock2_remapping"), &src->i_mapping.invalidate_lock);
	up_write(&dest->i_mapping.invalidate_lock);
	up_read_at(SITE("xfs_iunlock2_remapping"), &src->i_rwsem);
	up_write(&dest->i_rwsem);
}

int xfs_file_remap_range(struct inode *dest, struct inode *src)
{
	unsigned long size;
	int err;

	if (READ_ONCE(dest->i_sb->shutdown))
		return -EIO;
	if (dest == src)
		return -EINVAL;

	lock_two_inodes(src, dest);
	err = mmaplock_two_inodes(src, dest);
	if (err) {
		up_write(&dest->i_rwsem);
		up_write(&src->i_rwsem);
		return err;
	}
	size = src->i_size;
	if (size)
		err = remap_prep(dest, src);
	if (err || !size) {
		unlock_two_inodes(src, dest);
		return err;
	}
	remap_blocks(dest, src, size);
	unlock_two_remapped(src, dest);
	return 0;
}
