/* SPDX-License-Identifier: MIT */
/* Device-dax: a character device whose pages are mapped as they are. */
#include "drivers/pmem.h"

void kill_dev_dax(struct pmem_device *pmem)
{
	kill_dax(pmem->dax);
	for (struct inode *inode = PEEK(pmem->sb->s_inodes); inode; inode = inode->i_next)
		unmap_mapping_pages(&inode->i_mapping, 0, inode->max_pages - 1, false);
}

/* dax_set_mapping(), drivers/dax/device.c: by the first fault; nothing takes it back. */
static void dax_set_mapping(struct vm_fault *vmf, struct page *page)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	struct folio *folio = page_folio(page);

	if (READ_ONCE(folio->page.mapping))
		return;
	WRITE_ONCE(folio->page.mapping, &inode->i_mapping);
	WRITE_ONCE(folio->page.index, vmf->pgoff & ~((1UL << vmf->order) - 1));
}

/* __dev_dax_pmd_fault(): the device is aligned to PMDs, and a part of one will not do. */
static vm_fault_t dev_dax_pmd_fault(struct vm_fault *vmf, struct dax_device *dax)
{
	const struct vm_area_struct *vma = vmf->vma;
	unsigned long size = 1UL << vmf->order;
	unsigned long start = vmf->address & ~(size - 1);
	struct page *page;

	if (!vmf->order || start < vma->vm_start || start + size > vma->vm_end ||
	    vmf->pgoff >= vma->vm_file->f_inode->i_size)
		return VM_FAULT_SIGBUS;
	page = pfn_to_page(dax_direct_access(dax, vmf->pgoff & ~(size - 1)));
	dax_set_mapping(vmf, page);
	return vmf_insert_pmd(vmf, page);
}

/* dev_dax_huge_fault(): under SRCU from the first look to the insert. */
static vm_fault_t dev_dax_fault(struct vm_fault *vmf)
{
	struct dax_device *dax = sb_dax_device(vmf->vma->vm_file->f_inode->i_sb);
	vm_fault_t fault = VM_FAULT_SIGBUS;

	dax_read_lock();
	if (dax_alive(dax))
		fault = dev_dax_pmd_fault(vmf, dax);
	dax_read_unlock();
	return fault;
}

const struct file_operations dax_file_operations = {
	.fault = dev_dax_fault,
	.pfn_mkwrite = dev_dax_fault,
};
