/* SPDX-License-Identifier: MIT */
/* Device-dax: a character device whose pages are mapped as they are. */
#include <errno.h>

#include <mmref/kernel.h>

#include "kernel/bodies.h"
#include "world.h"

/*
 * The VMA is shared, and of whole PMDs, as its device is aligned. At an offset that is not
 * dax_get_unmapped_area() finds an address that is not, either.
 */
int (check_vma)(const struct dax_device *dev_dax, const struct vm_area_struct *vma)
{
	unsigned long mask = (1UL << pmd_order()) - 1;

	if (!dax_alive(dev_dax))
		return -ENXIO;
	if (!(vma->vm_flags & VM_SHARED) || (vma->vm_start | vma->vm_end | vma->vm_pgoff) & mask)
		return -EINVAL;
	return 0;
}

/* A fault asks once more. */
int (dax_mmap)(struct vm_area_struct *vma)
{
	const struct dax_device *dev_dax = sb_dax_device(vma->vm_file->f_inode->i_sb);
	int rc;

	dax_read_lock();
	rc = check_vma(dev_dax, vma);
	dax_read_unlock();
	return rc;
}

/* By the first fault on a folio; nothing takes it back. */
void (dax_set_mapping)(struct vm_fault *vmf, unsigned long pfn, unsigned long fault_size)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	struct folio *folio = page_folio(pfn_to_page(pfn));

	if (READ_ONCE(folio->page.mapping))
		return;
	WRITE_ONCE(folio->page.mapping, &inode->i_mapping);
	WRITE_ONCE(folio->page.index, vmf->pgoff & ~(fault_size - 1));
}

/* Under SRCU from the first look to the insert. */
vm_fault_t (dev_dax_huge_fault)(struct vm_fault *vmf, unsigned int order)
{
	struct dax_device *dev_dax = sb_dax_device(vmf->vma->vm_file->f_inode->i_sb);
	vm_fault_t rc;

	(void)order;	/* a fault that needs a PTE is refused as one of a PMD that does not fit */
	dax_read_lock();
	rc = __dev_dax_pmd_fault(dev_dax, vmf);
	dax_read_unlock();
	return rc;
}

static vm_fault_t dev_dax_fault(struct vm_fault *vmf)
{
	return dev_dax_huge_fault(vmf, vmf->order);
}

static int dev_dax_mmap(struct vm_area_struct *vma)
{
	return dax_mmap(vma);
}

const struct file_operations dax_file_operations = {
	.fault = dev_dax_fault,
	.pfn_mkwrite = dev_dax_fault,
	.mmap = dev_dax_mmap,
};
