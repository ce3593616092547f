/* SPDX-License-Identifier: MIT */
/* Faults and system calls on a file of xfs: fs/xfs/xfs_file.c. */
#include <errno.h>

#include "check/hooks.h"
#include "fs/blocks.h"
#include "fs/xfs/xfs.h"
#include "fs/xfs/xfs_reflink.h"
#include "kernel/bodies.h"

static vm_fault_t xfs_dax_read_fault(struct vm_fault *vmf, unsigned int order)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	vm_fault_t ret;

	down_read(&inode->i_mapping.invalidate_lock);
	ret = dax_iomap_fault(vmf, order, &xfs_iomap_ops);
	up_read(&inode->i_mapping.invalidate_lock);
	return ret;
}

/* MMAPLOCK, shared; while a clone shares blocks of the file, the fault waits until it is done. */
static bool xfs_ilock_for_write_fault(struct inode *inode)
{
	down_read(&inode->i_mapping.invalidate_lock);
	if (!PEEK(inode->i_sb->reflink) || !READ_ONCE(inode->remapping))
		return true;
	up_read(&inode->i_mapping.invalidate_lock);
	down_write(&inode->i_mapping.invalidate_lock);
	return false;
}

static vm_fault_t __xfs_write_fault(struct vm_fault *vmf, unsigned int order)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	bool shared = xfs_ilock_for_write_fault(inode);
	vm_fault_t ret = dax_iomap_fault(vmf, order, &xfs_iomap_ops);

	if (shared)
		up_read(&inode->i_mapping.invalidate_lock);
	else
		up_write(&inode->i_mapping.invalidate_lock);
	return ret;
}

/* Only a fault that writes to the file waits while the file system is frozen. */
vm_fault_t (xfs_filemap_huge_fault)(struct vm_fault *vmf, unsigned int order)
{
	struct super_block *sb = vmf->vma->vm_file->f_inode->i_sb;
	vm_fault_t ret;

	if (!is_write_fault(vmf))
		return xfs_dax_read_fault(vmf, order);
	sb_start_pagefault(sb);
	ret = __xfs_write_fault(vmf, order);
	sb_end_pagefault(sb);
	return ret;
}

/* The model asks for a PMD here, too: vmf->order says so. */
static vm_fault_t xfs_filemap_fault(struct vm_fault *vmf)
{
	return xfs_filemap_huge_fault(vmf, vmf->order);
}

const struct file_operations xfs_file_operations = {
	.fault = xfs_filemap_fault,
	.pfn_mkwrite = xfs_filemap_fault,
};

static int xfs_falloc_collapse_range(struct inode *inode, pgoff_t first, pgoff_t last)
{
	pgoff_t new_size = inode->i_size - (last - first + 1);
	int err;

	if (last + 1 >= inode->i_size)	/* that would be a truncate */
		return -EINVAL;
	err = xfs_collapse_file_space(inode, first, last);
	return err ? err : xfs_setattr_size(inode, new_size);
}

/* It punches a hole, and fills it with other blocks. */
static int xfs_falloc_zero_range(struct inode *inode, pgoff_t first, pgoff_t last)
{
	int err = xfs_free_file_space(inode, first, last);

	return err ? err : xfs_alloc_file_space(inode, first, last);
}

/* Any mode breaks the layouts, and only then asks for a shutdown. */
int (xfs_file_fallocate)(struct inode *inode, int mode, pgoff_t first, pgoff_t last)
{
	int err;

	down_write(&inode->i_rwsem);
	durable_cut(inode, first, last + 1);
	down_write(&inode->i_mapping.invalidate_lock);
	err = xfs_break_layouts(inode);
	if (err)
		goto out_unlock;
	if (xfs_is_shutdown(inode->i_sb)) {	/* file_modified() */
		err = -EIO;
		goto out_unlock;
	}

	switch (mode) {
	case FALLOC_FL_PUNCH_HOLE:
		err = xfs_free_file_space(inode, first, last);
		break;
	case FALLOC_FL_COLLAPSE_RANGE:
		err = xfs_falloc_collapse_range(inode, first, last);
		break;
	case FALLOC_FL_ZERO_RANGE:
		err = xfs_falloc_zero_range(inode, first, last);
		break;
	default:
		err = xfs_alloc_file_space(inode, first, last);
		break;
	}
out_unlock:
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

/* It writes back first, and only then asks for a shutdown. */
int (xfs_file_fsync)(struct inode *inode)
{
	dax_writeback_mapping_range(&inode->i_mapping, 0, ULONG_MAX);
	return xfs_is_shutdown(inode->i_sb) ? -EIO : 0;
}

int (xfs_file_remap_range)(struct inode *src, struct inode *dest)
{
	pgoff_t len = 0;
	int err;

	if (xfs_is_shutdown(dest->i_sb))
		return -EIO;
	if (dest == src)
		return -EINVAL;

	err = xfs_reflink_remap_prep(src, dest, &len);
	if (err || !len)
		return err;
	err = xfs_reflink_remap_blocks(src, dest, len);
	xfs_iunlock2_remapping(src, dest);
	return err;
}
