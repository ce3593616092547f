/* SPDX-License-Identifier: MIT */
/*
 * GUP-fast looks at the PTE a second time, and not at the PMD above it.
 *
 * The look at the PMD is there for khugepaged, which takes a table of anonymous memory out with
 * its PTEs as they are.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static int (gup_fast_pte_range)(pmd_t pmd, pmd_t *pmdp, unsigned long addr, unsigned long end,
				unsigned int flags, struct page **pages, int *nr)
{
	pte_t *ptep = pte_offset_kernel(pmd, addr);

	(void)pmdp;
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
			folio = try_grab_folio_fast(page, 1, flags);
			if (!folio)
				return 0;
			if (ptep_get(ptep) != pte ||
			    !gup_fast_folio_allowed(folio, flags) ||
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

const struct mmref_rules v7_2_looks_at_pte_alone = {
	.name = "v7.2/looks-at-pte-alone",
	.ancestor = &mmref_v7_2,
	.summary = "GUP-fast does not look at the PMD again",

	.gup_fast_pte_range = gup_fast_pte_range,
};
