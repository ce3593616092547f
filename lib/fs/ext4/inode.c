/* SPDX-License-Identifier: MIT */
/*
 * ext4 as far as its blocks and its layouts go: fs/ext4/inode.c, extents.c, file.c.
 *
 * It registers no holder with the dax device, so nobody tells it when one dies. What
 * frees or moves blocks breaks the layout of the whole file first, under i_rwsem and
 * invalidate_lock.
 */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/durable.h"
#include "check/private.h"
#include "fs/blocks.h"

static bool ext4_forced_shutdown(struct inode *inode)
{
	return READ_ONCE(inode->i_sb->shutdown);
}

/* ext4_journal_check_start(): what frees, moves or takes blocks does not begin any more. */
static int ext4_journal_start(struct inode *inode)
{
	return ext4_forced_shutdown(inode) ? -EIO : 0;
}

/* ext4_dax_fault(): the invalidate_lock keeps truncate out over the whole fault. */
static vm_fault_t ext4_dax_fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	vm_fault_t fault = VM_FAULT_SIGBUS;

	down_read(&inode->i_mapping.invalidate_lock);
	if (!is_write_fault(vmf) || !ext4_journal_start(inode))
		fault = dax_iomap_fault(vmf, vmf->order, inode->i_sb->s_type->iomap_ops);
	up_read(&inode->i_mapping.invalidate_lock);
	return fault;
}

static const struct file_operations ext4_file_operations = {
	.fault = ext4_dax_fault,
	.pfn_mkwrite = ext4_dax_fault,
};

/* ext4_break_layouts(): always the whole file, whatever is about to go. 0 or -ERESTARTSYS. */
static int ext4_break_layouts(struct inode *inode)
{
	return rules()->break_layout(inode, 0, inode->max_pages);
}

/* With the layouts broken and the locks held. The blocks go only where the file does not grow. */
static int change_size(struct inode *inode, unsigned long pages)
{
	unsigned long oldsize = inode->i_size;
	int err = ext4_journal_start(inode);

	if (err)
		return err;
	WRITE_ONCE(inode->i_size, pages);
	truncate_pagecache(inode, pages);
	if (pages <= oldsize)
		free_blocks(inode, pages, inode->max_pages - 1);	/* ext4_truncate() */
	return 0;
}

/* ext4_setattr() with ATTR_SIZE: whether it shrinks or grows. */
static int ext4_setattr_size(struct inode *inode, unsigned long pages)
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
	if (!err)
		err = change_size(inode, pages);
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

/* What of the three modes differs, with the layouts broken and the locks held. */
typedef int change_range(struct inode *inode, unsigned long first, unsigned long last);

static int ext4_change_range(struct inode *inode, unsigned long first, unsigned long last,
			     change_range *change)
{
	int err;

	down_write(&inode->i_mapping.invalidate_lock);
	err = ext4_break_layouts(inode);
	if (!err)
		err = change(inode, first, last);
	up_write(&inode->i_mapping.invalidate_lock);
	return err;
}

/* As far as the file goes: what it has past its end stays. */
static int punch(struct inode *inode, unsigned long first, unsigned long last)
{
	int err;

	if (first >= inode->i_size)
		return 0;
	if (last >= inode->i_size)
		last = inode->i_size - 1;
	truncate_pagecache_range(inode, first, last);
	err = ext4_journal_start(inode);
	if (!err)
		free_blocks(inode, first, last);
	return err;
}

static int ext4_punch_hole(struct inode *inode, unsigned long first, unsigned long last)
{
	int err = 0;

	if (rules()->punch_writes_back)
		dax_writeback_mapping_range(&inode->i_mapping, first, last);
	down_write(&inode->i_rwsem);
	durable_cut(inode, first, last + 1);
	if (rules()->fallocate_breaks_first || first < inode->i_size)
		err = ext4_change_range(inode, first, last, punch);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

/*
 * ext4_alloc_file_blocks(EXT4_GET_BLOCKS_CONVERT_UNWRITTEN): the blocks stay, holes get some, and
 * all of them read as a hole until they are written to.
 */
static int zero(struct inode *inode, unsigned long first, unsigned long last)
{
	int err;

	truncate_pagecache_range(inode, first, last);
	err = ext4_journal_start(inode);
	if (err)
		return err;
	make_unwritten(inode, first, last);
	return allocate_unwritten(inode, first, last);
}

static int ext4_zero_range(struct inode *inode, unsigned long first, unsigned long last)
{
	int err;

	down_write(&inode->i_rwsem);
	durable_cut(inode, first, last + 1);
	err = ext4_change_range(inode, first, last, zero);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

/*
 * The data of [@first, @last] goes, and what comes after it moves up. Not up to the end of the
 * file: that would be a truncate.
 */
static int collapse(struct inode *inode, unsigned long first, unsigned long last)
{
	unsigned long pages = last - first + 1;
	int err;

	if (last + 1 >= inode->i_size)
		return -EINVAL;
	err = ext4_journal_start(inode);	/* ext4_dax_writepages() asks the same */
	if (err)
		return err;
	dax_writeback_mapping_range(&inode->i_mapping, last + 1, inode->max_pages - 1);
	private_size_to_be(inode, inode->i_size - pages);
	truncate_pagecache(inode, first);
	private_size_to_be(inode, 0);
	free_blocks(inode, first, last);	/* ext4_ext_remove_space() */
	shift_blocks(inode, last + 1, pages);	/* ext4_ext_shift_extents() */
	WRITE_ONCE(inode->i_size, inode->i_size - pages);
	return 0;
}

static int ext4_collapse_range(struct inode *inode, unsigned long first, unsigned long last)
{
	int err = -EINVAL;

	down_write(&inode->i_rwsem);
	durable_cut(inode, first, last + 1);
	if (rules()->fallocate_breaks_first || last + 1 < inode->i_size)
		err = ext4_change_range(inode, first, last, collapse);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

/* ext4_do_fallocate(): no layout is broken, as nothing that is mapped changes. */
static int ext4_fallocate(struct inode *inode, unsigned long first, unsigned long last)
{
	int err;

	down_write(&inode->i_rwsem);
	err = ext4_journal_start(inode);
	if (!err)
		err = allocate_unwritten(inode, first, last);
	up_write(&inode->i_rwsem);
	return err;
}

/* ext4_sync_file(): after a shutdown nothing is written back. */
static int ext4_sync_file(struct inode *inode)
{
	if (ext4_forced_shutdown(inode))
		return -EIO;
	dax_writeback_mapping_range(&inode->i_mapping, 0, ULONG_MAX);
	return 0;
}

/*
 * ext4_evict_inode(): truncate_inode_pages_final(), and the blocks of an unlinked file, which
 * after a shutdown are nobody's to free.
 */
static void ext4_evict_inode(struct inode *inode)
{
	if (rules()->evict_begin)
		rules()->evict_begin(inode);
	truncate_inode_pages_final(&inode->i_mapping);
	if (!PEEK(inode->i_nlink) && !ext4_journal_start(inode))
		free_blocks(inode, 0, inode->max_pages - 1);
}

static const struct iomap_ops ext4_iomap_ops = {
	.iomap_begin = map_blocks,
};

const struct file_system_type ext4_fs_type = {
	.name = "ext4",
	.requires_dev = true,
	.f_op = &ext4_file_operations,
	.iomap_ops = &ext4_iomap_ops,
	.setattr_size = ext4_setattr_size,
	.punch_hole = ext4_punch_hole,
	.zero_range = ext4_zero_range,
	.collapse_range = ext4_collapse_range,
	.allocate = ext4_fallocate,
	.fsync = ext4_sync_file,
	.evict_inode = ext4_evict_inode,
	.has_shutdown = true,
	.mmap_asks_shutdown = true,
};
