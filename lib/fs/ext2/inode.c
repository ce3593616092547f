/* SPDX-License-Identifier: MIT */
/*
 * ext2 as far as its blocks go: fs/ext2/inode.c and file.c, 6.12. It asks nobody before
 * it frees a block: no layout is broken, by truncate or by eviction. It has no
 * fallocate(), no shutdown, and no holder; its faults map PTEs alone.
 */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/durable.h"
#include "fs/blocks.h"

/* ext2_dax_fault(); there is no huge_fault */
static vm_fault_t ext2_dax_fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	vm_fault_t fault;

	if (vmf->order)
		return VM_FAULT_FALLBACK;
	down_read(&inode->i_mapping.invalidate_lock);
	fault = dax_iomap_fault(vmf, vmf->order, inode->i_sb->s_type->iomap_ops);
	up_read(&inode->i_mapping.invalidate_lock);
	return fault;
}

static const struct file_operations ext2_file_operations = {
	.fault = ext2_dax_fault,
	.pfn_mkwrite = ext2_dax_fault,
};

/* ext2_setsize() */
static int ext2_setsize(struct inode *inode, unsigned long pages)
{
	if (pages > inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	durable_cut(inode, pages, inode->max_pages);
	down_write(&inode->i_mapping.invalidate_lock);
	WRITE_ONCE(inode->i_size, pages);
	truncate_pagecache(inode, pages);
	free_blocks(inode, pages, inode->max_pages - 1);
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return 0;
}

/* ext2_fsync() */
static int ext2_fsync(struct inode *inode)
{
	dax_writeback_mapping_range(&inode->i_mapping, 0, ULONG_MAX);
	return 0;
}

/* ext2_evict_inode(): the blocks go under the lock that nobody can contend for any more. */
static void ext2_evict_inode(struct inode *inode)
{
	truncate_inode_pages_final(&inode->i_mapping);
	if (PEEK(inode->i_nlink))
		return;
	down_write(&inode->i_mapping.invalidate_lock);
	free_blocks(inode, 0, inode->max_pages - 1);
	up_write(&inode->i_mapping.invalidate_lock);
}

static const struct iomap_ops ext2_iomap_ops = {
	.iomap_begin = map_blocks,
};

const struct file_system_type ext2_fs_type = {
	.name = "ext2",
	.requires_dev = true,
	.f_op = &ext2_file_operations,
	.iomap_ops = &ext2_iomap_ops,
	.setattr_size = ext2_setsize,
	.fsync = ext2_fsync,
	.evict_inode = ext2_evict_inode,
};
