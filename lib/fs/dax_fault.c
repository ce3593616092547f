/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "drivers/pmem.h"
#include "fs/dax.h"

/*
 * dax_iomap_direct_access(): the device is asked whether it lives, and the
 * answer is used after the read section is over. kill_dax() may run in between,
 * unless the rule set keeps the section open: then it is the caller's to close.
 */
static int dax_iomap_direct_access(struct inode *inode, block_t block, unsigned long *pfn)
{
	struct dax_device *dax = sb_dax_device(inode->i_sb);
	int err = 0;

	dax_read_lock();
	if (dax_alive(dax))
		*pfn = dax_direct_access(dax, block);
	else
		err = -ENXIO;
	if (err || !rules()->dax_lock_over_insert)
		dax_read_unlock();
	return err;
}

/* dax_load_hole(): a read of a hole maps the zero page, which nobody counts. */
static vm_fault_t dax_load_hole(struct xa_state *xas, struct vm_fault *vmf, unsigned long *entry)
{
	*entry = dax_insert_entry(xas, vmf, *entry, 0);

	spin_lock(&vmf->table->ptl);
	if (!PEEK(*vmf->pte))
		set_pte(vmf->pte, PTE_PRESENT | PTE_YOUNG | PTE_SPECIAL);
	spin_unlock(&vmf->table->ptl);
	return VM_FAULT_NOPAGE;
}

/* dax_pmd_load_hole(): the same with the huge zero page, where nothing is mapped yet. */
static vm_fault_t dax_pmd_load_hole(struct xa_state *xas, struct vm_fault *vmf,
				    unsigned long *entry)
{
	struct mm_struct *mm = vmf->vma->vm_mm;
	vm_fault_t fault = VM_FAULT_FALLBACK;

	if (!world_huge_zero_folio(current->world))
		return VM_FAULT_FALLBACK;
	*entry = dax_insert_entry(xas, vmf, *entry, 0);

	spin_lock(&mm->page_table_lock);
	if (!PEEK(*vmf->pmd)) {
		set_pmd(vmf->pmd, PTE_PRESENT | PTE_YOUNG | PTE_SPECIAL);
		fault = VM_FAULT_NOPAGE;
	}
	spin_unlock(&mm->page_table_lock);
	return fault;
}

/* dax_fault_cow_page(): the copy is made under SRCU, and the entry stays as it is. */
static vm_fault_t dax_fault_cow_page(struct inode *inode, block_t block, uint8_t *copy)
{
	struct dax_device *dax = sb_dax_device(inode->i_sb);
	vm_fault_t fault = VM_FAULT_SIGBUS;
	uint8_t *byte;

	*copy = 0;
	if (block == HOLE || (block & BLOCK_UNWRITTEN))
		return VM_FAULT_DONE_COW;

	dax_read_lock();
	if (dax_alive(dax)) {
		byte = media_of(dax_direct_access(dax, block));
		announce(SITE("copy_cow_page_dax"), byte, 1, MMREF_READ, true);
		*copy = PEEK(*byte);
		fault = VM_FAULT_DONE_COW;
	}
	dax_read_unlock();
	return fault;
}

/* dax_fault_iter() */
static vm_fault_t dax_fault_iter(struct xa_state *xas, struct vm_fault *vmf, block_t block,
				 unsigned long *entry)
{
	struct folio *folio;
	struct page *page;
	unsigned long pfn, inserted;
	vm_fault_t fault;

	if (vmf->cow)
		return dax_fault_cow_page(xas->mapping->host, block, vmf->cow);
	if (block == HOLE || (block & BLOCK_UNWRITTEN))
		return vmf->order ? dax_pmd_load_hole(xas, vmf, entry) :
				    dax_load_hole(xas, vmf, entry);

	if (dax_iomap_direct_access(xas->mapping->host, block, &pfn))
		return vmf->order ? VM_FAULT_FALLBACK : VM_FAULT_SIGBUS;
	if (rules()->fault_request && !rules()->fault_request(pfn))
		return vmf->order ? VM_FAULT_FALLBACK : VM_FAULT_SIGBUS;
	inserted = dax_insert_entry(xas, vmf, *entry, pfn);
	if (rules()->dax_lock_over_insert)
		dax_read_unlock();
	if (!inserted)
		return VM_FAULT_SIGBUS;
	*entry = inserted;

	page = pfn_to_page(pfn);
	folio = rules()->fault_begin ? page_folio(page) : NULL;
	if (rules()->fault_begin)
		rules()->fault_begin(folio);
	fault = vmf->order ? vmf_insert_pmd(vmf, page) : vmf_insert_page(vmf, page);
	if (rules()->fault_end)
		rules()->fault_end(folio);
	return fault;
}

/* dax_iomap_pte_fault(): the entry is locked from before the mapping to after the insert. */
static vm_fault_t dax_iomap_pte_fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	struct xa_state xas = { .mapping = &inode->i_mapping, .index = vmf->pgoff };
	vm_fault_t fault = VM_FAULT_SIGBUS;
	unsigned long entry;
	block_t block;

	if (vmf->pgoff >= READ_ONCE(inode->i_size))
		return VM_FAULT_SIGBUS;

	entry = grab_mapping_entry(&xas, 0);
	if (!inode->i_sb->s_type->iomap_begin(inode, vmf->pgoff, vmf->write && !vmf->cow, 0,
					      &block))
		fault = dax_fault_iter(&xas, vmf, block, &entry);
	dax_unlock_entry(&xas, entry);
	return fault;
}

/*
 * dax_fault_check_fallback(): file and address must lie alike in their PMDs, and
 * the PMD within the VMA and within the file.
 */
static bool pmd_does_not_fit(const struct vm_fault *vmf, unsigned long size)
{
	const struct vm_area_struct *vma = vmf->vma;
	unsigned long colour = (1UL << vmf->order) - 1;
	unsigned long start = vmf->address & ~colour;

	return (vmf->pgoff & colour) != (vmf->address & colour) ||
	       (vmf->write && !(vma->vm_flags & VM_SHARED)) ||
	       start < vma->vm_start || start + colour + 1 > vma->vm_end ||
	       (vmf->pgoff | colour) >= size;
}

/* dax_iomap_pmd_fault(): whatever stands in the way, a PTE will do instead. */
static vm_fault_t dax_iomap_pmd_fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	struct xa_state xas = { .mapping = &inode->i_mapping, .index = vmf->pgoff };
	unsigned long size = READ_ONCE(inode->i_size), entry;
	vm_fault_t fault = VM_FAULT_FALLBACK;
	block_t block;
	pmd_t pmd;

	if (vmf->pgoff >= size)
		return VM_FAULT_SIGBUS;
	if (pmd_does_not_fit(vmf, size))
		return VM_FAULT_FALLBACK;

	entry = grab_mapping_entry(&xas, vmf->order);
	if (!entry)
		return VM_FAULT_FALLBACK;
	pmd = READ_ONCE(*vmf->pmd);
	if (pmd && !pmd_leaf(pmd))
		fault = 0;	/* another made it a table meanwhile */
	else if (!inode->i_sb->s_type->iomap_begin(inode, xas.index, vmf->write, vmf->order,
						   &block))
		fault = dax_fault_iter(&xas, vmf, block, &entry);
	dax_unlock_entry(&xas, entry);
	return fault;
}

vm_fault_t dax_iomap_fault(struct vm_fault *vmf)
{
	return vmf->order ? dax_iomap_pmd_fault(vmf) : dax_iomap_pte_fault(vmf);
}
