/* SPDX-License-Identifier: MIT */
/*
 * Anonymous pages of mm/memory.c: in system memory a byte each that nobody counts, on a
 * device a page like others.
 */
#include <mmref/kernel.h>
#include "world.h"

pte_t alloc_anon_page(void)
{
	uint16_t *used = &current->world->anon_used;

	step_touches(used, sizeof(*used), MMREF_WRITE);
	for (unsigned int i = 0; i < MAX_ANON; i++) {
		uint16_t bit = 1u << i;

		if (!(__atomic_fetch_or(used, bit, __ATOMIC_SEQ_CST) & bit))
			return (pte_t)i << PTE_PFN_SHIFT | PTE_ANON;
	}
	return 0;
}

void free_anon_page(pte_t name)
{
	struct world *world = current->world;
	unsigned int i = pte_pfn(name);

	step_touches(&world->anon_used, sizeof(world->anon_used), MMREF_WRITE);
	POKE(world->anon_page[i], 0);
	POKE(world->anon[i].mapping, NULL);
	POKE(world->anon[i].index, 0);
	__atomic_fetch_and(&world->anon_used, ~(1u << i), __ATOMIC_SEQ_CST);
}

/* alloc_anon_folio() and __page_set_anon_rmap(), as far as they are seen here. */
pte_t new_anon_pte(struct vm_fault *vmf, uint8_t byte)
{
	struct world *world = current->world;
	pte_t name = alloc_anon_page();
	unsigned int i = pte_pfn(name);

	if (!name)
		return 0;
	if (vmf->vma->anon_rmap) {
		uintptr_t mapping = (uintptr_t)vmf->vma->anon_rmap | PAGE_MAPPING_ANON;

		POKE(world->anon[i].mapping, (struct address_space *)mapping);
		POKE(world->anon[i].index, vmf->pgoff);
	}
	POKE(world->anon_page[i], byte);
	return name | PTE_PRESENT | PTE_YOUNG | PTE_WRITE | PTE_DIRTY;
}

/* do_anonymous_page(): a read maps the zero page. */
vm_fault_t do_anonymous_page(struct vm_fault *vmf)
{
	pte_t pte = PTE_PRESENT | PTE_YOUNG | PTE_SPECIAL;

	if (vmf->write)
		pte = new_anon_pte(vmf, 0);
	if (!pte)
		return VM_FAULT_OOM;
	spin_lock(&vmf->table->ptl);
	if (!PEEK(*vmf->pte))
		set_pte(vmf->pte, pte);
	else if (vmf->write)
		free_anon_page(pte_names(pte));
	spin_unlock(&vmf->table->ptl);
	return 0;
}

/*
 * wp_can_reuse_anon_folio(): what nobody else holds is written to as it is. The lock keeps
 * it from being moved meanwhile.
 */
bool wp_can_reuse_anon_folio(struct page *page)
{
	struct folio *folio = page_folio(page);
	bool alone;

	if (folio_ref_count(folio) > 1 || !trylock_page(&page->flags))
		return false;
	alone = folio_ref_count(folio) == 1;
	unlock_page(&page->flags);
	return alone;
}
