/* SPDX-License-Identifier: MIT */
#include "mm/pgtable.h"

static void count_entry(pte_t pte, int change)
{
	struct page *page = pte ? pte_page(pte) : NULL;

	if (page)
		ledger_mapped(page, change);
}

void set_pte_at(const struct mmref_site *site, pte_t *ptep, pte_t pte)
{
	WRITE_ONCE_AT(site, *ptep, pte);
	count_entry(pte, 1);
}

pte_t ptep_get_and_clear_at(const struct mmref_site *site, pte_t *ptep)
{
	pte_t old;

	announce(site, ptep, sizeof(*ptep), MMREF_RMW, true);
	old = __atomic_exchange_n(ptep, 0, __ATOMIC_SEQ_CST);
	count_entry(old, -1);
	return old;
}

void ptep_change_at(const struct mmref_site *site, pte_t *ptep, pte_t pte)
{
	WRITE_ONCE_AT(site, *ptep, pte);
}
