/* SPDX-License-Identifier: MIT */

#include <mmref/kernel.h>

#include "check/ledger.h"
#include "world.h"

static void count_entry(pte_t pte, unsigned int order, int change)
{
	struct page *page = pte && !(pte & PTE_MIGRATION) ? pte_page(pte) : NULL;

	for (unsigned long i = 0; page && i < 1UL << order; i++)
		ledger_mapped(page + i, order, change);
}

void set_pmd_at(const struct mmref_site *site, pmd_t *pmdp, pmd_t pmd)
{
	WRITE_ONCE_AT(site, *pmdp, pmd);
	count_entry(pmd, current->world->pmd_order, 1);
}

pmd_t pmdp_get_and_clear_at(const struct mmref_site *site, pmd_t *pmdp)
{
	pmd_t old;

	announce(site, pmdp, sizeof(*pmdp), MMREF_RMW, true);
	old = __atomic_exchange_n(pmdp, 0, __ATOMIC_SEQ_CST);
	count_entry(old, current->world->pmd_order, -1);
	return old;
}

void set_pte_at(const struct mmref_site *site, pte_t *ptep, pte_t pte)
{
	WRITE_ONCE_AT(site, *ptep, pte);
	count_entry(pte, 0, 1);
}

pte_t ptep_get_and_clear_at(const struct mmref_site *site, pte_t *ptep)
{
	pte_t old;

	announce(site, ptep, sizeof(*ptep), MMREF_RMW, true);
	old = __atomic_exchange_n(ptep, 0, __ATOMIC_SEQ_CST);
	count_entry(old, 0, -1);
	return old;
}

void ptep_change_at(const struct mmref_site *site, pte_t *ptep, pte_t pte)
{
	WRITE_ONCE_AT(site, *ptep, pte);
}
