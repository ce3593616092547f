/* SPDX-License-Identifier: MIT */
/* Faults on a file of ext2: fs/ext2/file.c. */
#include "fs/ext2/ext2.h"
#include "kernel/bodies.h"

vm_fault_t (ext2_dax_fault)(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	vm_fault_t fault;

	if (vmf->order)
		return VM_FAULT_FALLBACK;	/* there is no huge_fault */
	down_read(&inode->i_mapping.invalidate_lock);
	fault = dax_iomap_fault(vmf, 0, &ext2_iomap_ops);
	up_read(&inode->i_mapping.invalidate_lock);
	return fault;
}

int ext2_fsync(struct inode *inode)
{
	dax_writeback_mapping_range(&inode->i_mapping, 0, ULONG_MAX);
	return 0;
}

const struct file_operations ext2_file_operations = {
	.fault = call_ext2_dax_fault,
	.pfn_mkwrite = call_ext2_dax_fault,
};
