/* SPDX-License-Identifier: MIT */
/*
 * 06083a0921fd, dax: fix missing writeprotect the pte entry (v5.19), brought back: writeback visits
 * the VMAs that have the first page of an entry. In C++, as a rule file may be.
 */
#include <mmref/kernel.h>

static int (pfn_mkclean_range)(unsigned long pfn, unsigned long nr_pages, pgoff_t pgoff,
			       struct vm_area_struct *vma)
{
	if (pgoff < vma->vm_pgoff)
		return 0;
	return MMREF_AS(mmref_v6_1, pfn_mkclean_range)(pfn, nr_pages, pgoff, vma);
}

MMREF_RULES_FILE(.name = "pte-inside-a-pmd-stays-writable", .ancestor = &mmref_v6_1,
		 .summary = "06083a0921fd: a sync write-protects no PTE behind the first page",
		 .pfn_mkclean_range = pfn_mkclean_range);
