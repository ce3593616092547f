/* SPDX-License-Identifier: MIT */
/* Reading and writing without page tables: dax_iomap_rw(), fs/dax.c, and who calls it. */
#include <errno.h>

#include "check/durable.h"
#include "drivers/pmem.h"
#include "fs/blocks.h"
#include "fs/dax.h"

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

/* The read_iter() of each of them */
int dax_pread(struct inode *inode, unsigned long page, uint8_t *value)
{
	block_t block;
	int err = 0;

	if (READ_ONCE(inode->i_sb->shutdown))
		return -EIO;
	*value = 0;
	down_read(&inode->i_rwsem);
	if (page < READ_ONCE(inode->i_size)) {
		err = inode->i_sb->s_type->iomap_begin(inode, page, false, 0, &block);
		if (!err && is_written(block))
			err = dax_copy(inode, block, false, value);
	}
	up_read(&inode->i_rwsem);
	return err;
}

/* The write_iter(): a block that it made new may be mapped as a hole, which must go. */
int dax_pwrite(struct inode *inode, unsigned long page, uint8_t value)
{
	block_t before, block;
	int err;

	if (READ_ONCE(inode->i_sb->shutdown))
		return -EIO;
	if (page >= inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	before = READ_ONCE(inode->block[page]);
	err = inode->i_sb->s_type->iomap_begin(inode, page, true, 0, &block);
	if (!err && before != block)
		invalidate_inode_pages2_range(&inode->i_mapping, page, page);
	if (!err)
		err = dax_copy(inode, block, true, &value);
	if (!err && page >= inode->i_size)
		WRITE_ONCE(inode->i_size, page + 1);
	up_write(&inode->i_rwsem);
	return err;
}
