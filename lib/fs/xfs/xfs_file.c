/* SPDX-License-Identifier: MIT */
/*
 * xfs as far as its blocks and its layouts go: fs/xfs/xfs_iops.c, xfs_file.c,
 * xfs_bmap_util.c, xfs_iomap.c. IOLOCK is i_rwsem, and MMAPLOCK the invalidate_lock.
 *
 * There is one allocation group. Whoever allocates, frees or moves blocks has its AGF
 * locked, as the reverse mapping is updated with them.
 */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/durable.h"
#include "fs/blocks.h"
#include "fs/xfs/xfs.h"
#include "fs/xfs/xfs_reflink.h"

static bool xfs_is_shutdown(struct inode *inode)
{
	return READ_ONCE(inode->i_sb->shutdown);
}

/* xfs_read_iomap_begin(): kernels differ in whether it asks who shares the extent. */
static int xfs_read_iomap_begin(struct inode *inode, unsigned long pgoff, unsigned int order,
				struct iomap *iomap)
{
	int err = map_blocks(inode, pgoff, false, order, iomap);

	if (err || !rules()->read_finds_shared)
		return err;
	return xfs_reflink_trim_around_shared(inode, pgoff, order, iomap);
}

/* xfs_direct_write_iomap_begin() */
static int xfs_write_iomap_begin(struct inode *inode, unsigned long pgoff, unsigned int order,
				 struct iomap *iomap)
{
	int err = map_blocks(inode, pgoff, false, order, iomap);

	if (PEEK(inode->reflink) && (err || is_written(iomap->block)))
		return xfs_reflink_allocate_cow(inode, pgoff, order, err, iomap);
	if (err || is_written(iomap->block))
		return err;

	mutex_lock(&inode->i_sb->s_agf);	/* xfs_iomap_write_direct() */
	err = map_blocks(inode, pgoff, true, order, iomap);
	mutex_unlock(&inode->i_sb->s_agf);
	return err;
}

/* After a shutdown no fault is served. */
static int xfs_iomap_begin(struct inode *inode, unsigned long pgoff, bool write,
			   unsigned int order, struct iomap *iomap)
{
	if (xfs_is_shutdown(inode))
		return -EIO;
	return write ? xfs_write_iomap_begin(inode, pgoff, order, iomap) :
		       xfs_read_iomap_begin(inode, pgoff, order, iomap);
}

/* xfs_dax_write_iomap_end() */
static void xfs_iomap_end(struct inode *inode, unsigned long pgoff, unsigned int order,
			  bool written)
{
	if (!PEEK(inode->reflink))
		return;
	if (written)
		xfs_reflink_end_cow(inode, pgoff, order);
	else
		xfs_reflink_cancel_cow(inode, pgoff, order);
}

static vm_fault_t xfs_dax_read_fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	vm_fault_t fault;

	down_read(&inode->i_mapping.invalidate_lock);
	fault = dax_iomap_fault(vmf, vmf->order, inode->i_sb->s_type->iomap_ops);
	up_read(&inode->i_mapping.invalidate_lock);
	return fault;
}

/* xfs_ilock_for_write_fault(): while blocks are shared it waits until all of them are. */
static vm_fault_t dax_write_fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	struct rw_semaphore *mmaplock = &inode->i_mapping.invalidate_lock;
	vm_fault_t fault;

	down_read(mmaplock);
	if (!PEEK(inode->i_sb->reflink) || !READ_ONCE(inode->remapping)) {
		fault = dax_iomap_fault(vmf, vmf->order, inode->i_sb->s_type->iomap_ops);
		up_read(mmaplock);
		return fault;
	}
	up_read(mmaplock);
	down_write(mmaplock);
	fault = dax_iomap_fault(vmf, vmf->order, inode->i_sb->s_type->iomap_ops);
	up_write(mmaplock);
	return fault;
}

/* xfs_filemap_huge_fault(): only one that writes to the file waits where that is frozen. */
static vm_fault_t xfs_dax_fault(struct vm_fault *vmf)
{
	struct super_block *sb = vmf->vma->vm_file->f_inode->i_sb;
	vm_fault_t fault;

	if (!is_write_fault(vmf))
		return xfs_dax_read_fault(vmf);
	sb_start_pagefault(sb);		/* __xfs_write_fault() */
	fault = dax_write_fault(vmf);
	sb_end_pagefault(sb);
	return fault;
}

static const struct file_operations xfs_file_operations = {
	.fault = xfs_dax_fault,
	.pfn_mkwrite = xfs_dax_fault,
};

/* xfs_break_layouts(BREAK_UNMAP): the whole file. There are no leases to be broken. */
static int xfs_break_layouts(struct inode *inode)
{
	return rules()->break_layout(inode, 0, inode->max_pages);
}

static void free_extents(struct inode *inode, unsigned long first, unsigned long last)
{
	mutex_lock(&inode->i_sb->s_agf);
	free_blocks(inode, first, last);
	mutex_unlock(&inode->i_sb->s_agf);
}

/* xfs_setattr_size(): the blocks go only where the file does not grow. */
static void xfs_setattr_size(struct inode *inode, unsigned long pages)
{
	unsigned long oldsize = inode->i_size;

	WRITE_ONCE(inode->i_size, pages);
	truncate_pagecache(inode, pages);	/* truncate_setsize() */
	if (pages <= oldsize)
		free_extents(inode, pages, inode->max_pages - 1);
}

/* xfs_vn_setattr(): the layouts are broken first, whether it shrinks or grows, lives or not. */
static int xfs_vn_setattr(struct inode *inode, unsigned long pages)
{
	int err;

	if (pages > inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	durable_cut(inode, pages, inode->max_pages);
	down_write(&inode->i_mapping.invalidate_lock);
	err = xfs_break_layouts(inode);
	if (!err && xfs_is_shutdown(inode))	/* xfs_vn_change_ok() */
		err = -EIO;
	if (!err)
		xfs_setattr_size(inode, pages);
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

/* __xfs_file_fallocate(): any mode breaks the layouts, and then needs a transaction. */
static int xfs_fallocate(struct inode *inode, unsigned long first, unsigned long last,
			 int (*mode)(struct inode *inode, unsigned long first, unsigned long last))
{
	int err;

	down_write(&inode->i_rwsem);
	durable_cut(inode, first, last + 1);
	down_write(&inode->i_mapping.invalidate_lock);
	err = xfs_break_layouts(inode);
	if (!err && xfs_is_shutdown(inode))	/* file_modified() */
		err = -EIO;
	if (!err)
		err = mode(inode, first, last);
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

/* xfs_flush_unmap_range() */
static void flush_unmap_range(struct inode *inode, unsigned long first, unsigned long last)
{
	dax_writeback_mapping_range(&inode->i_mapping, first, last);
	truncate_pagecache_range(inode, first, last);
}

static int free_file_space(struct inode *inode, unsigned long first, unsigned long last)
{
	flush_unmap_range(inode, first, last);
	free_extents(inode, first, last);
	return 0;
}

static int alloc_file_space(struct inode *inode, unsigned long first, unsigned long last)
{
	int err;

	mutex_lock(&inode->i_sb->s_agf);
	err = allocate_unwritten(inode, first, last);
	mutex_unlock(&inode->i_sb->s_agf);
	return err;
}

/* xfs_falloc_zero_range(): a hole is punched, and filled with other blocks. */
static int zero_file_space(struct inode *inode, unsigned long first, unsigned long last)
{
	free_file_space(inode, first, last);
	return alloc_file_space(inode, first, last);
}

/* xfs_prepare_shift(): from the page before on, what was in the page cache is forgotten. */
static void prepare_shift(struct inode *inode, unsigned long first)
{
	unsigned long from = first ? first - 1 : 0;

	flush_unmap_range(inode, from, from + inode->i_size - 1);
}

/* xfs_falloc_collapse_range() and xfs_collapse_file_space() */
static int collapse_file_space(struct inode *inode, unsigned long first, unsigned long last)
{
	unsigned long pages = last - first + 1;

	if (last + 1 >= inode->i_size)
		return -EINVAL;
	free_file_space(inode, first, last);
	prepare_shift(inode, first);
	mutex_lock(&inode->i_sb->s_agf);
	shift_blocks(inode, last + 1, pages);	/* xfs_bmap_collapse_extents() */
	mutex_unlock(&inode->i_sb->s_agf);
	xfs_setattr_size(inode, inode->i_size - pages);
	return 0;
}

static int xfs_collapse_range(struct inode *inode, unsigned long first, unsigned long last)
{
	return xfs_fallocate(inode, first, last, collapse_file_space);
}

static int xfs_punch_hole(struct inode *inode, unsigned long first, unsigned long last)
{
	return xfs_fallocate(inode, first, last, free_file_space);
}

static int xfs_zero_range(struct inode *inode, unsigned long first, unsigned long last)
{
	return xfs_fallocate(inode, first, last, zero_file_space);
}

static int xfs_allocate(struct inode *inode, unsigned long first, unsigned long last)
{
	return xfs_fallocate(inode, first, last, alloc_file_space);
}

/* xfs_file_fsync(): written back first, and only then asked for a shutdown. */
static int xfs_file_fsync(struct inode *inode)
{
	dax_writeback_mapping_range(&inode->i_mapping, 0, ULONG_MAX);
	return xfs_is_shutdown(inode) ? -EIO : 0;
}

/*
 * xfs_fs_evict_inode(), and xfs_inactive(), which a worker does in the kernel. Where it is
 * the notification that lets the inode go, the worker comes to it after the shutdown.
 */
static void xfs_evict_inode(struct inode *inode)
{
	if (rules()->evict_begin)
		rules()->evict_begin(inode);
	truncate_inode_pages_final(&inode->i_mapping);
	if (PEEK(inode->i_nlink) || spin_is_mine(&inode->i_sb->s_agf.lock))
		return;
	if (!xfs_is_shutdown(inode))
		free_extents(inode, 0, inode->max_pages - 1);
}

static const struct iomap_ops xfs_iomap_ops = {
	.iomap_begin = xfs_iomap_begin,
	.iomap_end = xfs_iomap_end,
};

const struct file_system_type xfs_fs_type = {
	.name = "xfs",
	.requires_dev = true,
	.f_op = &xfs_file_operations,
	.iomap_ops = &xfs_iomap_ops,
	.remap_file_range = xfs_file_remap_range,
	.setattr_size = xfs_vn_setattr,
	.punch_hole = xfs_punch_hole,
	.zero_range = xfs_zero_range,
	.collapse_range = xfs_collapse_range,
	.allocate = xfs_allocate,
	.fsync = xfs_file_fsync,
	.evict_inode = xfs_evict_inode,
	.dax_holder = &xfs_dax_holder_operations,
	.has_shutdown = true,
};
