/* SPDX-License-Identifier: MIT */
/*
 * fuse as virtiofs has it with DAX: fs/fuse/dax.c, dir.c, file.c, inode.c. Its device is a
 * window into files of the host, so the blocks are the host's: who reaches a page after the
 * truncate reaches what the host has taken away, and may have given to another file.
 *
 * The host hears of a truncate under the invalidate_lock, before the guest forgets the pages.
 * Of the ranges of the window each block has its own, which it keeps.
 */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/durable.h"
#include "fs/blocks.h"

/* fuse_iomap_begin(): a hole of the host's file is memory of the host like the rest of it. */
static int fuse_iomap_begin(struct inode *inode, unsigned long pgoff, bool write,
			    unsigned int order, struct iomap *iomap)
{
	(void)write;
	int err = map_blocks(inode, pgoff, true, order, iomap);

	iomap->flags &= ~IOMAP_F_NEW;
	return err;
}

/* __fuse_dax_fault() */
static vm_fault_t fuse_dax_fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	vm_fault_t fault;

	if (vmf->write)
		sb_start_pagefault(inode->i_sb);
	down_read(&inode->i_mapping.invalidate_lock);
	fault = dax_iomap_fault(vmf, vmf->order, inode->i_sb->s_type->iomap_ops);
	up_read(&inode->i_mapping.invalidate_lock);
	if (vmf->write)
		sb_end_pagefault(inode->i_sb);
	return fault;
}

static const struct file_operations fuse_file_operations = {
	.fault = fuse_dax_fault,
	.pfn_mkwrite = fuse_dax_fault,
};

/*
 * fuse_dax_break_layouts(inode, 0, -1). Up to 6.14 it was (inode, 0, 0), said to be the whole
 * file; dax_layout_busy_page_range() takes an end of 0 for what it is. 0 or -ERESTARTSYS.
 */
static int fuse_break_layouts(struct inode *inode)
{
	return rules()->break_layout(inode, 0, rules()->fuse_breaks_all ? inode->max_pages : 0);
}

/* What is left of a file whose size changes is forgotten as well, but for what is dirty. */
static void forget_pages(struct inode *inode, unsigned long pages)
{
	struct address_space *mapping = &inode->i_mapping;
	unsigned long oldsize = inode->i_size;

	WRITE_ONCE(inode->i_size, pages);
	if (pages == oldsize)
		return;
	truncate_pagecache(inode, pages);
	invalidate_inode_pages2_range(mapping, 0, inode->max_pages - 1);
}

/* fuse_do_setattr() with ATTR_SIZE */
static int fuse_truncate(struct inode *inode, unsigned long pages)
{
	int err;

	if (pages > inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	durable_cut(inode, pages, inode->max_pages);
	down_write(&inode->i_mapping.invalidate_lock);
	err = fuse_break_layouts(inode);
	if (!err) {
		free_blocks(inode, pages, inode->max_pages - 1);	/* FUSE_SETATTR */
		forget_pages(inode, pages);
	}
	up_write(&inode->i_mapping.invalidate_lock);
	durable_cut(inode, 0, 0);
	up_write(&inode->i_rwsem);
	return err;
}

/* fuse_fsync(), with the inode locked */
static int fuse_fsync(struct inode *inode)
{
	down_write(&inode->i_rwsem);
	dax_writeback_mapping_range(&inode->i_mapping, 0, ULONG_MAX);
	up_write(&inode->i_rwsem);
	return 0;
}

/* fuse_evict_inode(): the host keeps the blocks of an unlinked file until FUSE_FORGET. */
static void fuse_evict_inode(struct inode *inode)
{
	if (rules()->fuse_evict_begin)
		rules()->fuse_evict_begin(inode);
	truncate_inode_pages_final(&inode->i_mapping);
	if (!PEEK(inode->i_nlink))
		free_blocks(inode, 0, inode->max_pages - 1);
}

static const struct iomap_ops fuse_iomap_ops = {
	.iomap_begin = fuse_iomap_begin,
};

const struct file_system_type fuse_fs_type = {
	.name = "fuse",
	.f_op = &fuse_file_operations,
	.iomap_ops = &fuse_iomap_ops,
	.setattr_size = fuse_truncate,
	.fsync = fuse_fsync,
	.evict_inode = fuse_evict_inode,
};
