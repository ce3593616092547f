/* SPDX-License-Identifier: MIT */
/* Changes of page table entries; the ledger counts who maps a page. */
#include <mmref/kernel.h>

#include "check/hooks.h"
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
EXPORT_SYMBOL(set_pmd_at);

pmd_t pmdp_get_and_clear_at(const struct mmref_site *site, pmd_t *pmdp)
{
	pmd_t old = XCHG_AT(site, pmdp, 0);

	count_entry(old, current->world->pmd_order, -1);
	return old;
}
EXPORT_SYMBOL(pmdp_get_and_clear_at);

void set_pte_at(const struct mmref_site *site, pte_t *ptep, pte_t pte)
{
	WRITE_ONCE_AT(site, *ptep, pte);
	count_entry(pte, 0, 1);
}
EXPORT_SYMBOL(set_pte_at);

pte_t ptep_get_and_clear_at(const struct mmref_site *site, pte_t *ptep)
{
	pte_t old = XCHG_AT(site, ptep, 0);

	count_entry(old, 0, -1);
	return old;
}
EXPORT_SYMBOL(ptep_get_and_clear_at);

void ptep_change_at(const struct mmref_site *site, pte_t *ptep, pte_t pte)
{
	WRITE_ONCE_AT(site, *ptep, pte);
}
EXPORT_SYMBOL(ptep_change_at);

void ptep_set_wrprotect_at(const struct mmref_site *site, pte_t *ptep)
{
	FETCH_AND_AT(site, ptep, ~(pte_t)PTE_WRITE);
}
EXPORT_SYMBOL(ptep_set_wrprotect_at);
