/* SPDX-License-Identifier: MIT */
/* Migration entries: mm/migrate.c. */
#include <mmref/kernel.h>

#include "kernel/bodies.h"
#include "world.h"

struct moved {
	pte_t from, to;
};

bool (remove_migration_pte)(struct vm_area_struct *vma, pte_t *pte, const void *arg)
{
	const struct moved *moved = arg;
	struct page *page = pte_page(moved->to);
	pte_t old = PEEK_SHARED(*pte), write = old & PTE_WRITE, new;

	if (!(old & PTE_MIGRATION) || pte_names(old) != moved->from)
		return true;
	if (!page) {
		new = moved->to | PTE_PRESENT | PTE_YOUNG | (write ? PTE_WRITE | PTE_DIRTY : 0);
	} else {
		folio_get((struct folio *)page, HELD_BY_PTE);
		folio_add_file_rmap_pte((struct folio *)page, page, vma);
		new = folio_type((struct folio *)page) == MEMORY_DEVICE_PRIVATE ?
			      moved->to | PTE_PRIVATE | write :
			      mk_pte(page, write, 0);
	}
	set_pte(pte, new);
	return true;
}

void (remove_migration_ptes)(pte_t from, pte_t to)
{
	const struct moved moved = { .from = from, .to = to };
	const struct rmap_walk_control rwc = {
		.arg = &moved,
		.rmap_one = mmref_running()->remove_migration_pte,
	};

	rmap_walk_anon(to, &rwc);
}

/* Whoever moves the page has it locked: sleep until it is unlocked, and hold it no more than the entry does. */
void (migration_entry_wait)(struct mm_struct *mm, pmd_t *pmd, unsigned long address)
{
	struct pte_table *table;
	pte_t *ptep, pte;

	(void)pmd;
	table = pte_offset_map(mm, address, &ptep);
	if (!table)
		return;
	spin_lock(&table->ptl);
	pte = PEEK_SHARED(*ptep);
	if (pte & PTE_MIGRATION)
		migration_entry_wait_on_locked(pfn_swap_entry_to_page(pte), &table->ptl);
	else
		spin_unlock(&table->ptl);
}
