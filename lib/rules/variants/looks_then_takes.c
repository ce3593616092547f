/* SPDX-License-Identifier: MIT */
/*
 * GUP-fast looks at the PTE a second time, and takes the page after that.
 *
 * Nobody did so. It takes the page first, as truncate clears the entry before it looks at the
 * count: whoever comes second sees the other.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static int (gup_fast_pte_range)(pmd_t pmd, pmd_t *pmdp, unsigned long addr, unsigned long end,
				unsigned int flags, struct page **pages, int *nr)
{
	pte_t *ptep = pte_offset_kernel(pmd, addr);

	do {
		pte_t pte = ptep_get(ptep);
		struct folio *folio;
		struct page *page;

		if (!pte_access_permitted(pte, flags & FOLL_WRITE))
			return 0;
		if (pte & PTE_SPECIAL)
			return 0;
		page = pte_page(pte);
		if (page) {
			if (READ_ONCE(*pmdp) != pmd || ptep_get(ptep) != pte)
				return 0;
			folio = try_grab_folio_fast(page, 1, flags);
			if (!folio)
				return 0;
			if (!gup_fast_folio_allowed(folio, flags) ||
			    (!pte_write(pte) && gup_must_unshare(NULL, flags, page))) {
				gup_put_folio(folio, 1, flags);
				return 0;
			}
			folio_set_referenced(folio);
		}
		pages[(*nr)++] = page;
	} while (ptep++, ++addr != end);
	return 1;
}

static int (gup_fast_pmd_leaf)(pmd_t orig, pmd_t *pmdp, unsigned long addr, unsigned long end,
			       unsigned int flags, struct page **pages, int *nr)
{
	int refs = end - addr;
	struct folio *folio;
	struct page *page;

	if (!pmd_access_permitted(orig, flags & FOLL_WRITE))
		return 0;
	if (orig & PTE_SPECIAL)
		return 0;
	page = pte_page(orig) + (addr & (ptrs_per_pte() - 1));
	if (READ_ONCE(*pmdp) != orig)
		return 0;
	folio = try_grab_folio_fast(page, refs, flags);
	if (!folio)
		return 0;
	if (!gup_fast_folio_allowed(folio, flags) ||
	    (!pte_write(orig) && gup_must_unshare(NULL, flags, &folio->page))) {
		gup_put_folio(folio, refs, flags);
		return 0;
	}
	for (; refs; refs--)
		pages[(*nr)++] = page++;
	folio_set_referenced(folio);
	return 1;
}

const struct mmref_rules v7_2_looks_then_takes = {
	.name = "v7.2/looks-then-takes",
	.ancestor = &mmref_v7_2,
	.summary = "GUP-fast looks again, and takes after that",

	.gup_fast_pte_range = gup_fast_pte_range,
	.gup_fast_pmd_leaf = gup_fast_pmd_leaf,
};
