/* SPDX-License-Identifier: MIT */
/* Leaf PMDs: what the kernels of lib/rules share of mm/huge_memory.c. */
#include <mmref/kernel.h>

#include "kernel/bodies.h"

void insert_pmd_again(pmd_t *pmd, unsigned long pfn, bool write)
{
	pmd_t entry = PEEK_SHARED(*pmd);

	if (!write || !pmd_leaf(entry))
		return;
	if (pmd_pfn(entry) != pfn) {
		WARN_ON_ONCE(!is_huge_zero_pmd(entry));
		return;
	}
	pmdp_change(pmd, entry | PTE_WRITE | PTE_DIRTY | PTE_YOUNG);
}
EXPORT_SYMBOL(insert_pmd_again);

/* Of file systems and of device-dax: a file of p2pdma memory has no super block. */
bool vma_is_dax(const struct vm_area_struct *vma)
{
	return vma->vm_file && vma->vm_file->f_inode->i_sb;
}
EXPORT_SYMBOL(vma_is_dax);

spinlock_t *pmd_trans_huge_lock(pmd_t *pmd, struct vm_area_struct *vma)
{
	spinlock_t *ptl = &vma->vm_mm->page_table_lock;

	spin_lock(ptl);
	if (pmd_leaf(PEEK(*pmd)))
		return ptl;
	spin_unlock(ptl);
	return NULL;
}
EXPORT_SYMBOL(pmd_trans_huge_lock);

void folio_mark_zapped(struct folio *folio, pmd_t pmd)
{
	if (pte_dirty(pmd))
		folio_set_flag(folio, PG_dirty);
	if (pte_young(pmd))
		folio_set_flag(folio, PG_referenced);
}
EXPORT_SYMBOL(folio_mark_zapped);

/* PTEs of a file come back by faults. */
void (__split_huge_pmd)(struct vm_area_struct *vma, pmd_t *pmd, unsigned long address)
{
	struct mm_struct *mm = vma->vm_mm;

	spin_lock(&mm->page_table_lock);
	if (pmd_leaf(PEEK(*pmd)))
		__split_huge_pmd_locked(vma, pmd, address & ~(ptrs_per_pte() - 1));
	spin_unlock(&mm->page_table_lock);
}

void (split_huge_pmd)(struct vm_area_struct *vma, pmd_t *pmd, unsigned long address)
{
	if (pmd_leaf(READ_ONCE(*pmd)))
		__split_huge_pmd(vma, pmd, address);
}
