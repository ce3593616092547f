/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>

void tlb_remove_folio(struct mmu_gather *tlb, struct folio *folio)
{
	tlb->folio[tlb->nr++] = folio;
}

void tlb_flush_only(struct mmu_gather *tlb)
{
	if (!tlb->cleared)
		return;
	flush_tlb();
	tlb->cleared = false;
}

/* tlb_finish_mmu() -> tlb_flush_mmu() -> ... -> folios_put_refs(): first flush, then put. */
void tlb_finish_mmu(struct mmu_gather *tlb)
{
	tlb_flush_only(tlb);
	folios_put_refs(tlb->folio, tlb->nr, HELD_BY_GATHER);
	tlb->nr = 0;
}
