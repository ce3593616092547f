/* SPDX-License-Identifier: MIT */
/* Reading and writing without page tables: dax_iomap_rw(), fs/dax.c, and who calls it. */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/access.h"
#include "check/durable.h"
#include <mmref/linux/pmem.h>
#include "fs/blocks.h"

/* dax_copy_from_iter() and dax_copy_to_iter() of one page */
static void transfer(struct inode *inode, block_t block, bool write, uint8_t *value)
{
	uint8_t *byte = block_media(inode, block);

	announce(write ? SITE("copy in") : SITE("copy out"), byte, 1,
		 write ? MMREF_WRITE : MMREF_READ, !write);
	if (!write) {
		*value = PEEK(*byte);
		return;
	}
	check_write(SITE("dax_copy_from_iter"), inode, &inode->i_sb->s_dev->pgmap->memmap[block]);
	POKE(*byte, *value);
	durable_flush(block_page(inode, block), 1);	/* memcpy_flushcache() */
}

/* dax_iomap_iter() over one page: both copies are made inside the SRCU section. */
static int dax_copy(struct inode *inode, const struct iomap *iomap, bool write, uint8_t *value)
{
	struct dax_device *dax = sb_dax_device(inode->i_sb);
	int err = -ENXIO;

	dax_read_lock();
	if (dax_alive(dax))
		err = write && iomap->shared ? dax_iomap_copy_around(inode, iomap, 0) : 0;
	if (!err)
		transfer(inode, iomap->block, write, value);
	dax_read_unlock();
	return err;
}

/* The read_iter() of each of them */
int dax_pread(struct inode *inode, unsigned long page, uint8_t *value)
{
	struct iomap iomap;
	bool there;
	int err = 0;

	if (READ_ONCE(inode->i_sb->shutdown))
		return -EIO;
	*value = 0;
	down_read(&inode->i_rwsem);
	there = page < READ_ONCE(inode->i_size);
	if (there) {
		err = inode->i_sb->s_type->iomap_begin(inode, page, false, 0, &iomap);
		if (!err && is_written(iomap.block))
			err = dax_copy(inode, &iomap, false, value);
	}
	up_read(&inode->i_rwsem);
	return err ? err : there;
}

/*
 * What is mapped of a hole that has a block now must go, and what is mapped of a
 * block that is to be copied: not all kernels see to that, and a dirty entry would stay.
 */
static void invalidate(struct inode *inode, unsigned long page, const struct iomap *iomap,
		       block_t before)
{
	struct address_space *mapping = &inode->i_mapping;

	if (iomap->shared ? !rules()->cow_write_invalidates : before == iomap->block)
		return;
	if (iomap->shared)
		dax_clear_dirty(mapping, page);
	invalidate_inode_pages2_range(mapping, page, page);
}

/* dax_iomap_rw() of one page, to be written. i_rwsem held. */
static int write_page(struct inode *inode, unsigned long page, uint8_t value)
{
	const struct file_system_type *type = inode->i_sb->s_type;
	block_t before = READ_ONCE(inode->block[page]);
	struct iomap iomap;
	int err;

	err = type->iomap_begin(inode, page, true, 0, &iomap);
	if (err)
		return err;
	invalidate(inode, page, &iomap, before);
	err = dax_copy(inode, &iomap, true, &value);
	if (type->iomap_end)
		type->iomap_end(inode, page, 0, !err);
	return err;
}

/* The write_iter() */
int dax_pwrite(struct inode *inode, unsigned long page, uint8_t value)
{
	int err;

	if (READ_ONCE(inode->i_sb->shutdown))
		return -EIO;
	if (page >= inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	err = write_page(inode, page, value);
	if (!err && page >= inode->i_size)
		WRITE_ONCE(inode->i_size, page + 1);
	up_write(&inode->i_rwsem);
	return err;
}
