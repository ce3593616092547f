/* SPDX-License-Identifier: MIT */
/* What maps a range of pfns in one VMA: mm/page_vma_mapped.c. */
#include <mmref/kernel.h>

#include "kernel/bodies.h"

/* Does @entry, which covers @nr pages, map any page of the range? */
static bool check_pte(pte_t entry, unsigned long nr, const struct page_vma_mapped_walk *pvmw)
{
	unsigned long pfn = pte_pfn(entry);

	return pte_present(entry) && !(entry & PTE_ANON) && pfn + nr > pvmw->pfn &&
	       pfn < pvmw->pfn + pvmw->nr_pages;
}

static bool not_found(struct page_vma_mapped_walk *pvmw)
{
	if (pvmw->ptl)
		spin_unlock(pvmw->ptl);
	pvmw->ptl = NULL;
	return false;
}

/* vma_address_end() */
static unsigned long walk_end(const struct page_vma_mapped_walk *pvmw)
{
	const struct vm_area_struct *vma = pvmw->vma;
	unsigned long pages = pvmw->pgoff + pvmw->nr_pages - vma->vm_pgoff;

	return pages < vma->vm_end - vma->vm_start ? vma->vm_start + pages : vma->vm_end;
}

/* The next PTE of the table that the walk is in. */
static bool next_pte(struct page_vma_mapped_walk *pvmw, unsigned long end)
{
	do {
		pvmw->address++;
		pvmw->pte++;
		if (pvmw->address >= end || !(pvmw->address & (ptrs_per_pte() - 1))) {
			not_found(pvmw);
			pvmw->pte = NULL;
			return false;
		}
	} while (!check_pte(PEEK(*pvmw->pte), 1, pvmw));
	return true;
}

/*
 * The next entry that maps a page of the range, under its lock. Under a PMD there is one at most: a
 * range is never longer. False, and no lock is held, where there is none.
 */
bool (page_vma_mapped_walk)(struct page_vma_mapped_walk *pvmw)
{
	struct mm_struct *mm = pvmw->vma->vm_mm;
	unsigned long end = walk_end(pvmw);

	if (pvmw->pmd && !pvmw->pte)
		return not_found(pvmw);
	if (pvmw->pte && next_pte(pvmw, end))
		return true;

	while (pvmw->address < end) {
		struct pte_table *table;

		pvmw->pmd = pmd_offset(mm, pvmw->address);
		if (pmd_leaf(READ_ONCE(*pvmw->pmd))) {
			pvmw->ptl = &mm->page_table_lock;
			spin_lock(pvmw->ptl);
			if (pmd_leaf(PEEK(*pvmw->pmd)))
				return check_pte(PEEK(*pvmw->pmd), ptrs_per_pte(), pvmw) ||
				       not_found(pvmw);
			not_found(pvmw);	/* it was split meanwhile */
		}
		table = pte_offset_map(mm, pvmw->address, &pvmw->pte);
		if (!table) {
			pvmw->address = pmd_addr_end(pvmw->address, end);
			continue;
		}
		pvmw->ptl = &table->ptl;
		spin_lock(pvmw->ptl);
		if (check_pte(PEEK(*pvmw->pte), 1, pvmw) || next_pte(pvmw, end))
			return true;
	}
	return false;
}
