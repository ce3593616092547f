/* SPDX-License-Identifier: MIT */
/* Faults on a file of ext4: fs/ext4/file.c. */
#include "fs/ext4/ext4.h"
#include "kernel/bodies.h"

/* The invalidate_lock keeps truncate out over the whole fault. */
vm_fault_t (ext4_dax_huge_fault)(struct vm_fault *vmf, unsigned int order)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	vm_fault_t fault = VM_FAULT_SIGBUS;

	down_read(&inode->i_mapping.invalidate_lock);
	if (!is_write_fault(vmf) || !ext4_journal_check_start(inode))
		fault = dax_iomap_fault(vmf, order, &ext4_iomap_ops);
	up_read(&inode->i_mapping.invalidate_lock);
	return fault;
}

/* The model asks for a PMD here, too: vmf->order says so. */
static vm_fault_t ext4_dax_fault(struct vm_fault *vmf)
{
	return ext4_dax_huge_fault(vmf, vmf->order);
}

const struct file_operations ext4_file_operations = {
	.fault = ext4_dax_fault,
	.pfn_mkwrite = ext4_dax_fault,
};
