/* SPDX-License-Identifier: MIT */
/*
 * microsoft/OHCL-Linux-Kernel #141 and #159 (2026): zap_huge_pmd() takes a PMD for a special one. It
 * clears the PMD, and puts neither the reference nor the mapcount.
 */
#include <mmref/kernel.h>

static bool (zap_huge_pmd)(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
			   unsigned long addr)
{
	spinlock_t *ptl = pmd_trans_huge_lock(pmd, vma);

	(void)addr;
	if (!ptl)
		return false;
	pmdp_get_and_clear(pmd);
	tlb_remove_tlb_entry(tlb);
	spin_unlock(ptl);
	return true;
}

MMREF_RULES_FILE(.name = "zap-passes-over-a-pmd", .ancestor = &mmref_v7_2,
		 .summary = "OHCL #141, #159: the zap of a PMD puts nothing",
		 .zap_huge_pmd = zap_huge_pmd);
