/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>

#define rmap_add(v, n)	atomic_add_return_at(SITE("rmap " #v), v, n)

void folio_add_file_rmap_pte(struct folio *folio, struct page *page)
{
	if (!folio_test_large(folio)) {
		rmap_add(&page->_mapcount, 1);
		return;
	}
	if (rmap_add(&page->_mapcount, 1) == 0)
		rmap_add(&folio_second(folio)->_nr_pages_mapped, 1);
	rmap_add(&folio_second(folio)->_large_mapcount, 1);
}

void folio_add_file_rmap_pmd(struct folio *folio)
{
	if (rmap_add(&folio_second(folio)->_entire_mapcount, 1) == 0)
		rmap_add(&folio_second(folio)->_nr_pages_mapped, ENTIRELY_MAPPED);
	rmap_add(&folio_second(folio)->_large_mapcount, 1);
}

/* __page_set_anon_rmap() */
void folio_add_new_anon_rmap(struct folio *folio, struct vm_area_struct *vma,
			     unsigned long address)
{
	uintptr_t mapping = (uintptr_t)vma->anon_rmap | PAGE_MAPPING_ANON;

	atomic_set(&folio->page._mapcount, 0);
	WRITE_ONCE(folio->page.mapping, (struct address_space *)mapping);
	WRITE_ONCE(folio->page.index, linear_page_index(vma, address));
}

void folio_remove_rmap_pte(struct folio *folio, struct page *page)
{
	if (!folio_test_large(folio)) {
		rmap_add(&page->_mapcount, -1);
		return;
	}
	rmap_add(&folio_second(folio)->_large_mapcount, -1);
	if (rmap_add(&page->_mapcount, -1) < 0)
		rmap_add(&folio_second(folio)->_nr_pages_mapped, -1);
}

void folio_remove_rmap_pmd(struct folio *folio)
{
	rmap_add(&folio_second(folio)->_large_mapcount, -1);
	if (rmap_add(&folio_second(folio)->_entire_mapcount, -1) < 0)
		rmap_add(&folio_second(folio)->_nr_pages_mapped, -ENTIRELY_MAPPED);
}

int folio_mapcount(struct folio *folio)
{
	if (folio_test_large(folio))
		return atomic_read(&folio_second(folio)->_large_mapcount) + 1;
	return atomic_read(&folio->page._mapcount) + 1;
}

/* Pages in a row, of a file and behind it. */
struct mkclean {
	unsigned long first, last;	/* in the file */
	unsigned long pfn;		/* of @first */
};

/* check_pte() and check_pmd(): does @pte, which covers @nr pages, map any of them? */
static bool maps_any(pte_t pte, unsigned long nr, const struct mkclean *of)
{
	unsigned long pfn = pte_pfn(pte);

	return pte_present(pte) && !(pte & PTE_ANON) && pfn + nr > of->pfn &&
	       pfn <= of->pfn + (of->last - of->first);
}

static void mkclean_entry(pte_t *ptep, unsigned long nr, const struct mkclean *of)
{
	pte_t pte = PEEK_SHARED(*ptep);

	if (!maps_any(pte, nr, of) || !(pte & (PTE_WRITE | PTE_DIRTY)))
		return;
	ptep_change(ptep, pte & ~(pte_t)(PTE_WRITE | PTE_DIRTY));
	flush_tlb();
}

/* page_vma_mkclean_one(): the entry at @address; the pages that it covered. */
static unsigned long mkclean_one(struct vm_area_struct *vma, unsigned long address,
				 const struct mkclean *of)
{
	struct mm_struct *mm = vma->vm_mm;
	pmd_t *pmdp = pmd_offset(mm, address);
	struct pte_table *table;
	pmd_t pmd = READ_ONCE(*pmdp);

	if (pmd_leaf(pmd)) {
		spin_lock(&mm->page_table_lock);
		if (pmd_leaf(PEEK(*pmdp)))
			mkclean_entry(pmdp, ptrs_per_pte(), of);
		spin_unlock(&mm->page_table_lock);
		return ptrs_per_pte();
	}
	table = pmd_table(pmd);
	if (!table)
		return 1;
	spin_lock(&table->ptl);
	mkclean_entry(&table->pte[address & (ptrs_per_pte() - 1)], 1, of);
	spin_unlock(&table->ptl);
	return 1;
}

int pfn_mkclean_range(unsigned long pfn, unsigned long nr_pages, pgoff_t pgoff,
		      struct vm_area_struct *vma)
{
	const struct mkclean of = { .first = pgoff, .last = pgoff + nr_pages - 1, .pfn = pfn };
	unsigned long end = vma->vm_pgoff + (vma->vm_end - vma->vm_start);
	unsigned long index = pgoff > vma->vm_pgoff ? pgoff : vma->vm_pgoff;

	while (index <= of.last && index < end)
		index += mkclean_one(vma, vma->vm_start + index - vma->vm_pgoff, &of);
	return 0;
}
