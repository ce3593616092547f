/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <mmref/kernel.h>

#include <mmref/linux/pmem.h>
#include "fs/blocks.h"
#include "world.h"

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
	*entry = dax_insert_entry(xas, vmf, *entry, 0, false);

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
	*entry = dax_insert_entry(xas, vmf, *entry, 0, false);

	spin_lock(&mm->page_table_lock);
	if (!PEEK(*vmf->pmd)) {
		set_pmd(vmf->pmd, PTE_PRESENT | PTE_YOUNG | PTE_SPECIAL);
		fault = VM_FAULT_NOPAGE;
	}
	spin_unlock(&mm->page_table_lock);
	return fault;
}

/* copy_cow_page_dax(): the page is read under SRCU. */
static bool copy_cow_page(struct inode *inode, block_t block, uint8_t *copy)
{
	struct dax_device *dax = sb_dax_device(inode->i_sb);
	bool alive;
	uint8_t *byte;

	dax_read_lock();
	alive = dax_alive(dax);
	if (alive) {
		byte = media_of(dax_direct_access(dax, block));
		announce(SITE("copy_cow_page_dax"), byte, 1, MMREF_READ, true);
		*copy = PEEK(*byte);
	}
	dax_read_unlock();
	return alive;
}

/* dax_fault_cow_page(): the copy is mapped with the entry locked, which stays as it is. */
static vm_fault_t dax_fault_cow_page(struct vm_fault *vmf, struct inode *inode, block_t block)
{
	uint8_t copy = 0;

	if (is_written(block) && !copy_cow_page(inode, block, &copy))
		return VM_FAULT_SIGBUS;
	return finish_cow_fault(vmf, copy);
}

int dax_iomap_copy_around(struct inode *inode, const struct iomap *iomap, unsigned int order)
{
	struct dax_device *dax = sb_dax_device(inode->i_sb);
	bool alive;

	dax_read_lock();
	alive = dax_alive(dax);
	dax_read_unlock();
	for (int i = 0; alive && i < 1 << order; i++) {
		uint8_t *from = block_media(inode, iomap->source + i);
		uint8_t *to = block_media(inode, iomap->block + i), byte;

		announce(SITE("copy from the shared page"), from, 1, MMREF_READ, true);
		byte = PEEK(*from);
		announce(SITE("copy to the new page"), to, 1, MMREF_WRITE, false);
		POKE(*to, byte);
	}
	return alive ? 0 : -ENXIO;
}

/* The page stands in its entry: map it, with a reference of the fault's own around that. */
static vm_fault_t dax_map_page(struct vm_fault *vmf, struct page *page)
{
	struct folio *folio = rules()->fault_begin ? page_folio(page) : NULL;
	vm_fault_t fault;

	if (rules()->fault_begin)
		rules()->fault_begin(folio);
	fault = vmf->order ? vmf_insert_pmd(vmf, page) : vmf_insert_page(vmf, page);
	if (rules()->fault_end)
		rules()->fault_end(folio);
	return fault;
}

/* dax_fault_iter(): a copy is made once the entry names the new page, and mapped after that. */
static vm_fault_t dax_fault_iter(struct xa_state *xas, struct vm_fault *vmf,
				 const struct iomap *iomap, unsigned long *entry)
{
	struct inode *inode = xas->mapping->host;
	unsigned long pfn, inserted;

	if (vmf->cow_page)
		return dax_fault_cow_page(vmf, inode, iomap->block);
	if (!is_written(iomap->block))
		return vmf->order ? dax_pmd_load_hole(xas, vmf, entry) :
				    dax_load_hole(xas, vmf, entry);

	if (dax_iomap_direct_access(inode, iomap->block, &pfn))
		return vmf->order ? VM_FAULT_FALLBACK : VM_FAULT_SIGBUS;
	if (rules()->fault_request && !rules()->fault_request(pfn))
		return vmf->order ? VM_FAULT_FALLBACK : VM_FAULT_SIGBUS;
	inserted = dax_insert_entry(xas, vmf, *entry, pfn, iomap->shared);
	if (rules()->dax_lock_over_insert)
		dax_read_unlock();
	if (!inserted)
		return VM_FAULT_SIGBUS;
	*entry = inserted;

	if (vmf->write && iomap->shared && dax_iomap_copy_around(inode, iomap, vmf->order)) {
		if (rules()->fault_request)
			put_dev_pagemap(page_device(pfn_to_page(pfn)));
		return VM_FAULT_SIGBUS;
	}
	return dax_map_page(vmf, pfn_to_page(pfn));
}

/* The turns of iomap_iter(), of which there is one. A fault that was not served wrote nothing. */
static vm_fault_t dax_iomap_turn(struct xa_state *xas, struct vm_fault *vmf, unsigned long *entry,
				 vm_fault_t failed)
{
	struct inode *inode = xas->mapping->host;
	const struct file_system_type *type = inode->i_sb->s_type;
	unsigned long pgoff = vmf->pgoff & ~((1UL << vmf->order) - 1);
	bool write = vmf->write && !vmf->cow_page;
	struct iomap iomap;
	vm_fault_t fault;

	if (type->iomap_begin(inode, pgoff, write, vmf->order, &iomap))
		return failed;
	fault = dax_fault_iter(xas, vmf, &iomap, entry);
	if (write && type->iomap_end)
		type->iomap_end(inode, pgoff, vmf->order,
				!(fault & (VM_FAULT_SIGBUS | VM_FAULT_FALLBACK)));
	return fault;
}

/* dax_iomap_pte_fault(): the entry is locked from before the mapping to after the insert. */
static vm_fault_t dax_iomap_pte_fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	struct xa_state xas = { .mapping = &inode->i_mapping, .index = vmf->pgoff };
	unsigned long entry;
	vm_fault_t fault;

	if (vmf->pgoff >= READ_ONCE(inode->i_size))
		return VM_FAULT_SIGBUS;

	entry = grab_mapping_entry(&xas, 0);
	fault = dax_iomap_turn(&xas, vmf, &entry, VM_FAULT_SIGBUS);
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

/* The entry of a PMD is locked from before the mapping to after the insert, too. */
static vm_fault_t pmd_fault_with_entry(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	struct xa_state xas = { .mapping = &inode->i_mapping, .index = vmf->pgoff };
	unsigned long entry = grab_mapping_entry(&xas, vmf->order);
	vm_fault_t fault;
	pmd_t pmd;

	if (!entry)
		return VM_FAULT_FALLBACK;
	pmd = READ_ONCE(*vmf->pmd);
	if (pmd && !pmd_leaf(pmd))
		fault = 0;	/* another made it a table meanwhile */
	else
		fault = dax_iomap_turn(&xas, vmf, &entry, VM_FAULT_FALLBACK);
	dax_unlock_entry(&xas, entry);
	return fault;
}

/*
 * dax_iomap_pmd_fault(): whatever stands in the way, a PTE will do instead; and what stands in
 * the way of a PTE, somebody's PMD, is split.
 */
static vm_fault_t dax_iomap_pmd_fault(struct vm_fault *vmf)
{
	unsigned long size = READ_ONCE(vmf->vma->vm_file->f_inode->i_size);
	vm_fault_t fault = VM_FAULT_FALLBACK;

	if (vmf->pgoff >= size)
		return VM_FAULT_SIGBUS;
	if (!pmd_does_not_fit(vmf, size))
		fault = pmd_fault_with_entry(vmf);
	if (fault == VM_FAULT_FALLBACK)
		split_huge_pmd(vmf->vma, vmf->pmd, vmf->address);
	return fault;
}

vm_fault_t dax_iomap_fault(struct vm_fault *vmf)
{
	return vmf->order ? dax_iomap_pmd_fault(vmf) : dax_iomap_pte_fault(vmf);
}
