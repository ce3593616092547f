/* SPDX-License-Identifier: MIT */
/* Folios that are made and taken apart; anonymous pages of system memory, a byte each that nobody counts. */
#include <mmref/kernel.h>

#include "kernel/bodies.h"
#include "world.h"

/* The tails' pgmap gives way to the way to the head. */
void (prep_compound_page)(struct page *page, unsigned int order)
{
	unsigned long head = (unsigned long)page | 1;

	announce(SITE("prep_compound_page"), page, sizeof(*page) << order, MMREF_WRITE, false);
	POKE(page->flags, PEEK(page->flags) | PG_head);	/* __SetPageHead() */
	for (unsigned long i = 1; i < 1UL << order; i++) {
		POKE(page[i].compound_head, head);
		POKE(page[i].mapping, NULL);
	}
	POKE(page[1]._folio_order, order);
	POKE(page[1]._large_mapcount.counter, -1);
	POKE(page[1]._entire_mapcount.counter, -1);
	POKE(page[1]._nr_pages_mapped.counter, 0);
	POKE(page[1]._pincount.counter, 0);
}

/* The order alone, in the step of whoever takes the folio apart: its pages still lead to the head. */
void (folio_reset_order)(struct folio *folio)
{
	WARN_ON_ONCE(!folio_test_large(folio));
	POKE_SHARED(folio_second(folio)->_folio_order, 0);
}

pte_t alloc_anon_page(void)
{
	uint16_t *used = &current->world->anon_used;

	step_touches(used, sizeof(*used), MMREF_WRITE);
	for (unsigned int i = 0; i < MAX_ANON; i++)
		if (!(POKE_OR(*used, 1u << i) & 1u << i))
			return (pte_t)i << PTE_PFN_SHIFT | PTE_ANON;
	return 0;
}
EXPORT_SYMBOL(alloc_anon_page);

void free_anon_page(pte_t name)
{
	struct world *world = current->world;
	unsigned int i = pte_pfn(name);

	step_touches(&world->anon_used, sizeof(world->anon_used), MMREF_WRITE);
	POKE(world->anon_page[i], 0);
	POKE(world->anon[i].mapping, NULL);
	POKE(world->anon[i].index, 0);
	POKE_AND(world->anon_used, ~(1u << i));
}
EXPORT_SYMBOL(free_anon_page);
