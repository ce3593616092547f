/* SPDX-License-Identifier: MIT */
/* Pages on their way out of page tables: first the TLB is flushed, then they are put. */
#include <mmref/kernel.h>

#include "check/hooks.h"
#include "kernel/bodies.h"

static bool add_folio(struct mmu_gather *tlb, struct folio *folio)
{
	tlb->folio[tlb->nr++] = folio;
	return tlb->nr == GATHER_MAX;
}

bool tlb_remove_page(struct mmu_gather *tlb, struct folio *folio, struct page *page,
		     bool delay_rmap)
{
	if (delay_rmap)
		tlb->delayed_rmap[tlb->nr_delayed++] = page;
	else
		ledger_pass(SITE("tlb_remove_page"), &folio->page, HELD_BY_PTE, HELD_BY_GATHER, 1);
	return add_folio(tlb, folio);
}
EXPORT_SYMBOL(tlb_remove_page);

void tlb_remove_page_size(struct mmu_gather *tlb, struct folio *folio)
{
	ledger_pass(SITE("tlb_remove_page_size"), &folio->page, HELD_BY_PMD, HELD_BY_GATHER, 1);
	if (add_folio(tlb, folio))
		tlb_flush_mmu(tlb);
}
EXPORT_SYMBOL(tlb_remove_page_size);

void tlb_flush_mmu_tlbonly(struct mmu_gather *tlb)
{
	if (!tlb->cleared)
		return;
	flush_tlb();
	tlb->cleared = false;
}
EXPORT_SYMBOL(tlb_flush_mmu_tlbonly);

/* The mapcounts of dirty pages: no CPU writes to them any more, and only now do they look unmapped. */
void (tlb_flush_rmaps)(struct mmu_gather *tlb, struct vm_area_struct *vma)
{
	for (unsigned int i = 0; i < tlb->nr_delayed; i++) {
		struct page *page = tlb->delayed_rmap[i];
		struct folio *folio = page_folio_peek(page);

		folio_remove_rmap_pte(folio, page, vma);
		ledger_pass(SITE("tlb_flush_rmaps"), &folio->page, HELD_BY_PTE, HELD_BY_GATHER, 1);
	}
	tlb->nr_delayed = 0;
}

/* tlb_batch_pages_flush() puts all in one: folios_put_refs(). */
void (tlb_flush_mmu)(struct mmu_gather *tlb)
{
	tlb_flush_mmu_tlbonly(tlb);
	folios_put_refs(tlb->folio, tlb->nr, HELD_BY_GATHER);
	tlb->nr = 0;
}

void (tlb_finish_mmu)(struct mmu_gather *tlb)
{
	tlb_flush_mmu(tlb);
}
