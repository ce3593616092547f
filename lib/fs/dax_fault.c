/* SPDX-License-Identifier: MIT */
/* fs/dax.c: faults. The entry is locked from before the file system is asked to after the insert. */
#include <errno.h>

#include "kernel/bodies.h"

#include "world.h"

/* The answer is used after the section is over: kill_dax() may run in between. */
int (dax_iomap_direct_access)(const struct iomap *iomap, unsigned long *pfnp)
{
	int err = 0;

	dax_read_lock();
	if (dax_alive(iomap->dax_dev))
		*pfnp = dax_direct_access(iomap->dax_dev, iomap->block);
	else
		err = -ENXIO;
	dax_read_unlock();
	return err;
}

/* dax_iomap_cow_copy() in 6.1. Whole pages are copied, to what begins at @pfn. */
int (dax_iomap_copy_around)(unsigned long length, const struct iomap *srcmap, unsigned long pfn)
{
	unsigned long source;
	int err = dax_iomap_direct_access(srcmap, &source);

	for (unsigned long i = 0; !err && i < length; i++) {
		uint8_t *from = media_of(source + i), *to = media_of(pfn + i), byte;

		announce(SITE("copy from the shared page"), from, 1, MMREF_READ, true);
		byte = PEEK(*from);
		announce(SITE("copy to the new page"), to, 1, MMREF_WRITE, false);
		POKE(*to, byte);
	}
	return err;
}

void dax_unmap_entry(struct xa_state *xas, struct address_space *mapping, void *entry)
{
	unsigned long nr = 1UL << dax_entry_order(entry);

	unmap_mapping_pages(mapping, xas->xa_index & ~(nr - 1), nr, false);
}
EXPORT_SYMBOL(dax_unmap_entry);

/* A read of a hole maps the zero page, which nobody counts. */
vm_fault_t (dax_load_hole)(struct xa_state *xas, struct vm_fault *vmf,
			   const struct iomap_iter *iter, void **entry)
{
	*entry = dax_insert_entry(xas, vmf, iter, *entry, 0, DAX_ZERO_PAGE);

	spin_lock(&vmf->table->ptl);
	if (!PEEK(*vmf->pte))
		set_pte(vmf->pte, PTE_PRESENT | PTE_YOUNG | PTE_SPECIAL);
	spin_unlock(&vmf->table->ptl);
	return VM_FAULT_NOPAGE;
}

/* The same with the huge zero page, where nothing is mapped yet. */
vm_fault_t (dax_pmd_load_hole)(struct xa_state *xas, struct vm_fault *vmf,
			       const struct iomap_iter *iter, void **entry)
{
	struct mm_struct *mm = vmf->vma->vm_mm;
	vm_fault_t fault = VM_FAULT_FALLBACK;

	if (!world_huge_zero_folio(current->world))
		return VM_FAULT_FALLBACK;
	*entry = dax_insert_entry(xas, vmf, iter, *entry, 0, DAX_PMD | DAX_ZERO_PAGE);

	spin_lock(&mm->page_table_lock);
	if (!PEEK(*vmf->pmd)) {
		set_pmd(vmf->pmd, PTE_PRESENT | PTE_YOUNG | PTE_SPECIAL);
		fault = VM_FAULT_NOPAGE;
	}
	spin_unlock(&mm->page_table_lock);
	return fault;
}

/* The page is read inside the section. */
int (copy_cow_page_dax)(struct vm_fault *vmf, const struct iomap_iter *iter)
{
	struct dax_device *dax_dev = iter->iomap.dax_dev;
	int err = -ENXIO;

	dax_read_lock();
	if (dax_alive(dax_dev)) {
		uint8_t *kaddr = media_of(dax_direct_access(dax_dev, iter->iomap.block));

		announce(SITE("copy_cow_page_dax"), kaddr, 1, MMREF_READ, true);
		POKE(*media_of_pte(vmf->cow_page), PEEK(*kaddr));
		err = 0;
	}
	dax_read_unlock();
	return err;
}

/* The copy is mapped with the entry locked, which stays as it is. */
vm_fault_t (dax_fault_cow_page)(struct vm_fault *vmf, const struct iomap_iter *iter)
{
	vm_fault_t ret;

	if (!is_written(iter->iomap.block))
		POKE(*media_of_pte(vmf->cow_page), 0);	/* clear_user_highpage() */
	else if (copy_cow_page_dax(vmf, iter))
		return VM_FAULT_SIGBUS;
	ret = finish_fault(vmf);
	return ret ? ret : VM_FAULT_DONE_COW;
}

vm_fault_t (dax_iomap_pte_fault)(struct vm_fault *vmf, const struct iomap_ops *ops)
{
	struct address_space *mapping = &vmf->vma->vm_file->f_inode->i_mapping;
	XA_STATE(xas, &mapping->i_pages, vmf->pgoff);
	struct iomap_iter iter = {
		.inode = mapping->host,
		.pos = vmf->pgoff,
		.len = 1,
		.flags = IOMAP_FAULT,
	};
	vm_fault_t ret = 0;
	void *entry;
	int error;

	if (iter.pos >= READ_ONCE(iter.inode->i_size))
		return VM_FAULT_SIGBUS;
	if (vmf->write && !vmf->cow_page)
		iter.flags |= IOMAP_WRITE;

	entry = grab_mapping_entry(&xas, mapping, 0);
	if (xa_is_internal(entry))
		return xa_to_internal(entry);

	while ((error = iomap_iter(&iter, ops)) > 0) {
		ret = dax_fault_iter(vmf, &iter, &xas, &entry, false);
		if (!(ret & VM_FAULT_ERROR))
			iter.processed = 1;
	}
	if (!ret && error)
		ret = VM_FAULT_SIGBUS;

	dax_unlock_entry(&xas, entry);
	return ret;
}

/* File and address must lie alike in their PMDs, and the PMD within the VMA and within the file. */
bool (dax_fault_check_fallback)(struct vm_fault *vmf, struct xa_state *xas, pgoff_t max_pgoff)
{
	const struct vm_area_struct *vma = vmf->vma;
	unsigned long colour = (1UL << pmd_order()) - 1;
	unsigned long pmd_addr = vmf->address & ~colour;

	if ((vmf->pgoff & colour) != (vmf->address & colour))
		return true;
	if (vmf->write && !(vma->vm_flags & VM_SHARED))
		return true;
	if (pmd_addr < vma->vm_start || pmd_addr + colour + 1 > vma->vm_end)
		return true;
	return (xas->xa_index | colour) >= max_pgoff;
}

/*
 * Whatever stands in the way, a PTE will do instead; and what stands in the way of a PTE,
 * somebody's PMD, is split.
 */
vm_fault_t (dax_iomap_pmd_fault)(struct vm_fault *vmf, const struct iomap_ops *ops)
{
	struct address_space *mapping = &vmf->vma->vm_file->f_inode->i_mapping;
	XA_STATE_ORDER(xas, &mapping->i_pages, vmf->pgoff, pmd_order());
	struct iomap_iter iter = {
		.inode = mapping->host,
		.len = 1UL << pmd_order(),
		.flags = IOMAP_FAULT | (vmf->write ? IOMAP_WRITE : 0),
	};
	pgoff_t max_pgoff = READ_ONCE(iter.inode->i_size);
	vm_fault_t ret = VM_FAULT_FALLBACK;
	void *entry;
	pmd_t pmd;

	if (vmf->pgoff >= max_pgoff)
		return VM_FAULT_SIGBUS;
	if (dax_fault_check_fallback(vmf, &xas, max_pgoff))
		goto fallback;

	entry = grab_mapping_entry(&xas, mapping, pmd_order());
	if (xa_is_internal(entry)) {
		ret = xa_to_internal(entry);
		goto fallback;
	}

	pmd = READ_ONCE(*vmf->pmd);
	if (pmd && !pmd_leaf(pmd)) {
		ret = 0;	/* another made it a table meanwhile */
		goto unlock_entry;
	}

	iter.pos = xas.xa_index;
	while (iomap_iter(&iter, ops) > 0) {
		ret = dax_fault_iter(vmf, &iter, &xas, &entry, true);
		if (ret != VM_FAULT_FALLBACK)
			iter.processed = iter.len;
	}

unlock_entry:
	dax_unlock_entry(&xas, entry);
fallback:
	if (ret == VM_FAULT_FALLBACK)
		split_huge_pmd(vmf->vma, vmf->pmd, vmf->address);
	return ret;
}

vm_fault_t (dax_iomap_fault)(struct vm_fault *vmf, unsigned int order, const struct iomap_ops *ops)
{
	return order ? dax_iomap_pmd_fault(vmf, ops) : dax_iomap_pte_fault(vmf, ops);
}
