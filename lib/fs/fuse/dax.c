/* SPDX-License-Identifier: MIT */
/* Faults on a file of virtiofs: fs/fuse/dax.c. */
#include "fs/blocks.h"
#include "fs/fuse/fuse.h"
#include "kernel/bodies.h"

/* A hole of the host's file is memory of the host like the rest of it. */
static int fuse_iomap_begin(struct inode *inode, pgoff_t pgoff, bool write, unsigned int order,
			    struct iomap *iomap)
{
	int err = map_blocks(inode, pgoff, true, order, iomap);

	(void)write;
	iomap->flags &= ~IOMAP_F_NEW;
	return err;
}

vm_fault_t (__fuse_dax_fault)(struct vm_fault *vmf, unsigned int order)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	vm_fault_t fault;

	if (vmf->write)
		sb_start_pagefault(inode->i_sb);
	down_read(&inode->i_mapping.invalidate_lock);
	fault = dax_iomap_fault(vmf, order, &fuse_iomap_ops);
	up_read(&inode->i_mapping.invalidate_lock);
	if (vmf->write)
		sb_end_pagefault(inode->i_sb);
	return fault;
}

/* The model asks for a PMD here, too: vmf->order says so. */
static vm_fault_t fuse_dax_fault(struct vm_fault *vmf)
{
	return __fuse_dax_fault(vmf, vmf->order);
}

/* Faults come in while it sleeps, so the caller looks at the range again. */
void (fuse_wait_dax_page)(struct inode *inode)
{
	up_write(&inode->i_mapping.invalidate_lock);
	schedule();
	down_write(&inode->i_mapping.invalidate_lock);
}

const struct iomap_ops fuse_iomap_ops = {
	.iomap_begin = fuse_iomap_begin,
};

const struct file_operations fuse_file_operations = {
	.fault = fuse_dax_fault,
	.pfn_mkwrite = fuse_dax_fault,
};
