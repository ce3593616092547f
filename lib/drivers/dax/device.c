/* SPDX-License-Identifier: MIT */
/* Device-dax: a character device whose pages are mapped as they are. */
#include <mmref/kernel.h>
#include "drivers/nvdimm/pmem.h"

#include <errno.h>
#include "world.h"

void kill_dev_dax(struct pmem_device *pmem)
{
	kill_dax(pmem->dax);
	for (struct inode *inode = PEEK_SHARED(pmem->sb->s_inodes); inode; inode = inode->i_next)
		unmap_mapping_pages(&inode->i_mapping, 0, 0, true);
}

/*
 * check_vma(), drivers/dax/device.c: shared, and of whole PMDs, as its device is aligned. At an
 * offset that is not dax_get_unmapped_area() finds an address that is not, either.
 */
static int check_vma(const struct dax_device *dax, const struct vm_area_struct *vma)
{
	unsigned long mask = (1UL << current->world->pmd_order) - 1;

	if (!dax_alive(dax))
		return -ENXIO;
	if (!(vma->vm_flags & VM_SHARED) || (vma->vm_start | vma->vm_end | vma->vm_pgoff) & mask)
		return -EINVAL;
	return 0;
}

/* dax_mmap(): a fault asks once more. */
static int dax_mmap(struct vm_area_struct *vma)
{
	const struct dax_device *dax = sb_dax_device(vma->vm_file->f_inode->i_sb);
	int err;

	dax_read_lock();
	err = check_vma(dax, vma);
	dax_read_unlock();
	return err;
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

/* __dev_dax_pmd_fault(): the device is aligned to PMDs, and a PTE will not do. */
static vm_fault_t dev_dax_pmd_fault(struct vm_fault *vmf, struct dax_device *dax)
{
	unsigned long size = 1UL << vmf->order;
	struct page *page;

	if (!vmf->order || vmf->pgoff >= vmf->vma->vm_file->f_inode->i_size)
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
	if (!check_vma(dax, vmf->vma))
		fault = dev_dax_pmd_fault(vmf, dax);
	dax_read_unlock();
	return fault;
}

const struct file_operations dax_file_operations = {
	.fault = dev_dax_fault,
	.pfn_mkwrite = dev_dax_fault,
	.mmap = dax_mmap,
};
