/* SPDX-License-Identifier: MIT */
/* Leaf PMDs: mm/huge_memory.c, once for all rule sets. */
#include <mmref/kernel.h>
#include "check/ledger.h"

/* insert_pfn_pmd(), insert_pmd(): what stands there already is at most made writable. */
static void map_pmd_again(struct vm_fault *vmf, struct page *page)
{
	pmd_t pmd = PEEK_SHARED(*vmf->pmd);

	if (!vmf->write || !pmd_leaf(pmd))
		return;
	if (pte_pfn(pmd) != page_to_pfn(page)) {
		WARN_ON_ONCE(!(pmd & PTE_SPECIAL) || pte_page(pmd));	/* !is_huge_zero_pmd() */
		return;
	}
	pmdp_change(vmf->pmd, pmd | PTE_WRITE | PTE_DIRTY | PTE_YOUNG);
}

vm_fault_t vmf_insert_pmd(struct vm_fault *vmf, struct page *page)
{
	struct mm_struct *mm = vmf->vma->vm_mm;

	if (rules()->map_admit && rules()->map_admit(page, vmf->order))
		return VM_FAULT_SIGBUS;

	spin_lock(&mm->page_table_lock);
	if (!PEEK(*vmf->pmd))
		rules()->map_pmd(vmf->vma, vmf->pmd, page, vmf->write);
	else
		map_pmd_again(vmf, page);
	spin_unlock(&mm->page_table_lock);
	return VM_FAULT_NOPAGE;
}

static void carry_over(struct folio *folio, pmd_t pmd)
{
	if (pmd & PTE_DIRTY)
		folio_set_flag(folio, PG_dirty);
	if (pmd & PTE_YOUNG)
		folio_set_flag(folio, PG_referenced);
}

/* The PMD is cleared before the page is looked at. */
bool zap_huge_pmd(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmdp)
{
	struct mm_struct *mm = vma->vm_mm;
	struct folio *folio = NULL;
	struct page *page;
	pmd_t pmd;

	spin_lock(&mm->page_table_lock);
	if (!pmd_leaf(PEEK(*pmdp))) {
		spin_unlock(&mm->page_table_lock);
		return false;
	}
	pmd = pmdp_get_and_clear(pmdp);
	tlb->cleared = true;
	page = rules()->zap_pmd_page(vma, pmd);
	if (page) {
		folio = page_folio_at(SITE("vm_normal_folio_pmd"), page);
		folio_remove_rmap_pmd(folio);
		carry_over(folio, pmd);
		ledger_pass(SITE("tlb_remove_page_size"), &folio->page, HELD_BY_PMD,
			    HELD_BY_GATHER, 1);
	}
	spin_unlock(&mm->page_table_lock);
	if (folio)
		tlb_remove_folio(tlb, folio);
	return true;
}

/* __split_huge_pmd_locked() of a file: the reference is put under the lock, after the flush. */
void __split_huge_pmd(struct vm_area_struct *vma, pmd_t *pmdp)
{
	struct mm_struct *mm = vma->vm_mm;

	spin_lock(&mm->page_table_lock);
	if (pmd_leaf(PEEK(*pmdp))) {
		pmd_t pmd = pmdp_get_and_clear(pmdp);
		struct page *page = rules()->zap_pmd_page(vma, pmd);

		flush_tlb();
		if (page) {
			struct folio *folio = page_folio(page);

			carry_over(folio, pmd);
			folio_remove_rmap_pmd(folio);
			folio_put(folio, HELD_BY_PMD);
		}
	}
	spin_unlock(&mm->page_table_lock);
}

void split_huge_pmd(struct vm_area_struct *vma, pmd_t *pmdp)
{
	if (pmd_leaf(READ_ONCE(*pmdp)))
		__split_huge_pmd(vma, pmdp);
}
