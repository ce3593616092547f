/* SPDX-License-Identifier: MIT */
#include "fs/fs.h"
#include "mm/mm.h"

/* page_vma_mkclean_one(): an entry that is neither writable nor dirty is left alone. */
static void mkclean_one(struct vm_area_struct *vma, unsigned long address)
{
	struct pte_table *table;
	pte_t *ptep, pte;

	table = pte_offset_map(vma->vm_mm, address, &ptep);
	if (!table)
		return;
	spin_lock(&table->ptl);
	pte = PEEK(*ptep);
	if (pte & (PTE_WRITE | PTE_DIRTY)) {
		ptep_change(ptep, pte & ~(pte_t)(PTE_WRITE | PTE_DIRTY));
		flush_tlb();
	}
	spin_unlock(&table->ptl);
}

void mapping_mkclean(struct address_space *mapping, unsigned long index)
{
	down_read(&mapping->i_mmap_rwsem);
	for (struct vm_area_struct *vma = mapping->i_mmap; vma; vma = vma->i_mmap_next)
		if (index - vma->vm_pgoff < vma->vm_end - vma->vm_start)
			mkclean_one(vma, vma->vm_start + index - vma->vm_pgoff);
	up_read(&mapping->i_mmap_rwsem);
}
