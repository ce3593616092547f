/* SPDX-License-Identifier: MIT */
#include "fs/ext4.h"

#include <errno.h>

#include "check/access.h"
#include "check/durable.h"
#include "drivers/pmem.h"
#include "fs/dax.h"

/* ext4_dax_fault(): the invalidate_lock keeps truncate out over the whole fault. */
static vm_fault_t ext4_dax_fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	vm_fault_t fault = VM_FAULT_SIGBUS;

	down_read(&inode->i_mapping.invalidate_lock);
	/* ext4_journal_start(): whatever its error, the fault is a SIGBUS */
	if (!vmf->write || vmf->cow || !READ_ONCE(inode->i_sb->shutdown))
		fault = dax_iomap_fault(vmf);
	up_read(&inode->i_mapping.invalidate_lock);
	return fault;
}

const struct file_operations ext4_file_operations = {
	.fault = ext4_dax_fault,
	.pfn_mkwrite = ext4_dax_fault,
};

static struct page *block_page(struct inode *inode, block_t block)
{
	return &inode->i_sb->s_dev->pgmap->memmap[block & ~BLOCK_UNWRITTEN];
}

static uint8_t *block_media(struct inode *inode, block_t block)
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

/* ext4_mb_new_blocks(): the first free run of 2^@order blocks, aligned. balloc_lock held. */
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

static bool is_written(block_t block)
{
	return block != HOLE && !(block & BLOCK_UNWRITTEN);
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

/* ext4_map_blocks() with CREATE: looked at again under the lock, and zeroed where it is new. */
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

int ext4_iomap_begin(struct inode *inode, unsigned long pgoff, bool write, unsigned int order,
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

/* ext4_free_blocks(): from here on the blocks can become another file's. */
static void free_blocks(struct inode *inode, unsigned long first, unsigned long last)
{
	struct super_block *sb = inode->i_sb;

	spin_lock(&sb->balloc_lock);
	for (; first <= last && first < inode->max_pages; first++) {
		block_t block = inode->block[first];

		if (block == HOLE)
			continue;
		POKE(inode->block[first], HOLE);
		POKE(sb->block_owner[block & ~BLOCK_UNWRITTEN], 0);
		check_block_free(SITE("ext4_free_blocks"), block_page(inode, block));
		durable_flush(block_page(inode, block), 1);
	}
	spin_unlock(&sb->balloc_lock);
}

/* truncate_pagecache_range() of a DAX file: page tables first, then the entries. */
static void truncate_pagecache(struct inode *inode, unsigned long first, unsigned long last,
			       bool even_cows)
{
	unmap_mapping_pages(&inode->i_mapping, first, last, even_cows);
	truncate_dax_entries(&inode->i_mapping, first, last);
}

/* ext4_break_layouts(): always the whole file, whatever is about to go. */
static int ext4_break_layouts(struct inode *inode)
{
	return dax_break_layout(inode, 0, inode->max_pages);
}

static bool ext4_forced_shutdown(struct inode *inode)
{
	return READ_ONCE(inode->i_sb->shutdown);
}

/* ext4_setattr() with ATTR_SIZE */
int ext4_truncate(struct inode *inode, unsigned long pages)
{
	int err;

	if (ext4_forced_shutdown(inode))
		return -EIO;
	if (pages > inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	durable_cut(inode, pages, inode->max_pages);
	down_write(&inode->i_mapping.invalidate_lock);
	err = ext4_break_layouts(inode);
	if (!err) {
		WRITE_ONCE(inode->i_size, pages);
		if (pages < inode->max_pages) {
			truncate_pagecache(inode, pages, inode->max_pages - 1, true);
			free_blocks(inode, pages, inode->max_pages - 1);
		}
	}
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

int ext4_punch_hole(struct inode *inode, unsigned long first, unsigned long last)
{
	int err;

	if (rules()->punch_writes_back)
		dax_writeback_mapping_range(&inode->i_mapping, first, last);
	down_write(&inode->i_rwsem);
	durable_cut(inode, first, last + 1);
	down_write(&inode->i_mapping.invalidate_lock);
	err = ext4_break_layouts(inode);
	if (!err) {
		truncate_pagecache(inode, first, last, false);
		free_blocks(inode, first, last);
	}
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

/* The blocks stay, and read as a hole until they are written to again. */
int ext4_zero_range(struct inode *inode, unsigned long first, unsigned long last)
{
	int err;

	down_write(&inode->i_rwsem);
	durable_cut(inode, first, last + 1);
	down_write(&inode->i_mapping.invalidate_lock);
	err = ext4_break_layouts(inode);
	if (!err)
		truncate_pagecache(inode, first, last, false);
	for (; !err && first <= last && first < inode->max_pages; first++)
		if (inode->block[first] != HOLE) {
			POKE(inode->block[first], inode->block[first] | BLOCK_UNWRITTEN);
			durable_flush(block_page(inode, inode->block[first]), 1);
		}
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

int ext4_allocate(struct inode *inode, unsigned long first, unsigned long last, uint8_t fill)
{
	int err = 0;

	down_write(&inode->i_rwsem);
	for (; !err && first <= last && first < inode->max_pages; first++) {
		block_t block = READ_ONCE(inode->block[first]);

		if (is_written(block))
			continue;
		err = ext4_iomap_begin(inode, first, true, 0, &block);
		if (!err)
			POKE(*block_media(inode, block), fill);
	}
	up_write(&inode->i_rwsem);
	return err;
}

/* dax_iomap_iter() over one page: the copy is made inside the SRCU section. */
static int dax_copy(struct inode *inode, block_t block, bool write, uint8_t *value)
{
	struct dax_device *dax = sb_dax_device(inode->i_sb);
	int err = -ENXIO;

	dax_read_lock();
	if (dax_alive(dax)) {
		uint8_t *byte = block_media(inode, block);

		announce(write ? SITE("copy in") : SITE("copy out"), byte, 1,
			 write ? MMREF_WRITE : MMREF_READ, !write);
		if (write) {
			POKE(*byte, *value);
			durable_flush(block_page(inode, block), 1);	/* memcpy_flushcache() */
		} else {
			*value = PEEK(*byte);
		}
		err = 0;
	}
	dax_read_unlock();
	return err;
}

int ext4_pread(struct inode *inode, unsigned long page, uint8_t *value)
{
	block_t block;
	int err = 0;

	if (ext4_forced_shutdown(inode))
		return -EIO;
	*value = 0;
	down_read(&inode->i_rwsem);
	if (page < READ_ONCE(inode->i_size)) {
		err = ext4_iomap_begin(inode, page, false, 0, &block);
		if (!err && is_written(block))
			err = dax_copy(inode, block, false, value);
	}
	up_read(&inode->i_rwsem);
	return err;
}

/* A block that this write made new may be mapped as a hole: invalidate_inode_pages2_range(). */
int ext4_pwrite(struct inode *inode, unsigned long page, uint8_t value)
{
	block_t before, block;
	int err;

	if (ext4_forced_shutdown(inode))
		return -EIO;
	if (page >= inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	before = READ_ONCE(inode->block[page]);
	err = ext4_iomap_begin(inode, page, true, 0, &block);
	if (!err && before != block) {
		dax_delete_mapping_entry(&inode->i_mapping, page, false);
		unmap_mapping_pages(&inode->i_mapping, page, page, false);
	}
	if (!err)
		err = dax_copy(inode, block, true, &value);
	if (!err && page >= inode->i_size)
		WRITE_ONCE(inode->i_size, page + 1);
	up_write(&inode->i_rwsem);
	return err;
}

/* ext4_evict_inode(): truncate_inode_pages_final(), and the blocks of an unlinked file. */
void ext4_evict_inode(struct inode *inode)
{
	if (rules()->evict_begin)
		rules()->evict_begin(inode);
	truncate_dax_entries(&inode->i_mapping, 0, inode->max_pages - 1);
	if (!PEEK(inode->i_nlink))
		free_blocks(inode, 0, inode->max_pages - 1);
}
