/* SPDX-License-Identifier: MIT */

#include <mmref/kernel.h>

#include "check/ledger.h"
#include "world.h"

struct dev_pagemap *page_device(const struct page *page)
{
	struct world *world = current->world;

	for (int i = 0; i < MAX_DEVICES; i++) {
		struct dev_pagemap *pgmap = world->pgmaps[i];

		if (pgmap && page >= pgmap->memmap && page < pgmap->memmap + pgmap->nr_pages)
			return pgmap;
	}
	return NULL;
}

unsigned long page_to_pfn(const struct page *page)
{
	const struct dev_pagemap *pgmap = page_device(page);

	return pgmap->start_pfn + (page - pgmap->memmap);
}

struct page *pfn_to_page(unsigned long pfn)
{
	struct world *world = current->world;

	for (int i = 0; i < MAX_DEVICES; i++) {
		struct dev_pagemap *pgmap = world->pgmaps[i];

		if (pgmap && pfn - pgmap->start_pfn < pgmap->nr_pages)
			return &pgmap->memmap[pfn - pgmap->start_pfn];
	}
	return NULL;
}

struct folio *page_folio_at(const struct mmref_site *site, struct page *page)
{
	announce(site, &page->compound_head, sizeof(page->compound_head), MMREF_READ, true);
	return page_folio_peek(page);
}

struct folio *page_folio_peek(const struct page *page)
{
	unsigned long head = PEEK(page->compound_head);

	return (struct folio *)(head & 1 ? (void *)(head - 1) : (void *)(uintptr_t)page);
}

/* prep_compound_page(), mm/page_alloc.c: the tails' pgmap gives way to the way to the head. */
void prep_compound_page(struct page *page, unsigned int order)
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

/* folio_reset_order() and what dax_folio_put() does to each page after it. */
void folio_reset_order(struct folio *folio, struct dev_pagemap *pgmap)
{
	unsigned long nr = folio_nr_pages(folio);
	struct page *page = &folio->page;

	announce(SITE("folio_reset_order"), page, nr * sizeof(*page), MMREF_WRITE, false);
	POKE(page[1]._folio_order, 0);
	__atomic_and_fetch(&page->flags, ~(unsigned long)PG_head, __ATOMIC_SEQ_CST);
	for (unsigned long i = 0; i < nr; i++) {
		POKE(page[i].pgmap, pgmap);
		POKE(page[i].mapping, NULL);
		POKE(page[i].index, 0);
		POKE(page[i]._nr_pages_mapped.counter, 0);
		POKE(page[i]._large_mapcount.counter, 0);
		POKE(page[i]._entire_mapcount.counter, 0);
	}
}

enum mmref_memory_type folio_type_at(const struct mmref_site *site, struct folio *folio)
{
	return READ_ONCE_AT(site, folio->page.pgmap)->type;
}

bool folio_is_longterm_pinnable(struct folio *folio)
{
	enum mmref_memory_type type = folio_type(folio);

	return type != MEMORY_DEVICE_FS_DAX && type != MEMORY_DEVICE_COHERENT;
}

int folio_ref_count_at(const struct mmref_site *site, struct folio *folio)
{
	return atomic_read_at(site, &folio->page._refcount);
}

void folio_ref_add_at(const struct mmref_site *site, struct folio *folio, int refs,
		      enum mmref_holder held)
{
	atomic_add_at(site, &folio->page._refcount, refs);
	ledger_take(&folio->page, held, refs);
}

/* folio_ref_zero_or_close_to_overflow() is the kernel's test, 127 wide. */
void folio_get_at(const struct mmref_site *site, struct folio *folio, enum mmref_holder held)
{
	int now;

	announce_add(site, &folio->page._refcount.counter, debug_vm() ? 0 : MMREF_NEVER_ACTS);
	now = PEEK(folio->page._refcount.counter);
	if (debug_vm() && now >= -127 && now <= 0)
		kernel_bug(site, &folio->page, "folio_get() of a folio whose count is 0");
	__atomic_add_fetch(&folio->page._refcount.counter, 1, __ATOMIC_SEQ_CST);
	ledger_take(&folio->page, held, 1);
}

bool folio_ref_add_unless_zero_at(const struct mmref_site *site, struct folio *folio, int refs,
				  enum mmref_holder held)
{
	if (!atomic_add_unless_at(site, &folio->page._refcount, refs, 0))
		return false;
	ledger_take(&folio->page, held, refs);
	return true;
}

int folio_ref_sub_return_at(const struct mmref_site *site, struct folio *folio, int refs,
			    enum mmref_holder held)
{
	atomic_t *count = &folio->page._refcount;

	announce_add(site, &count->counter, 1);
	/* real threads: whoever sees the page idle must not find it held in the ledger */
	ledger_drop(site, &folio->page, held, refs);
	return __atomic_sub_fetch(&count->counter, refs, __ATOMIC_SEQ_CST);
}

void folio_set_count_at(const struct mmref_site *site, struct folio *folio, int count)
{
	struct page_ledger *ledger = ledger_of(&folio->page);

	atomic_set_at(site, &folio->page._refcount, count);
	POKE(ledger->held[HELD_BY_BASE], count);
}

void folio_set_flag_at(const struct mmref_site *site, struct folio *folio, enum pageflags flag)
{
	if (READ_ONCE_AT(site, folio->page.flags) & flag)
		return;
	ATOMIC_OR_AT(site, &folio->page.flags, flag);
}

void folio_clear_flag_at(const struct mmref_site *site, struct folio *folio, enum pageflags flag)
{
	ATOMIC_AND_AT(site, &folio->page.flags, ~(unsigned long)flag);
}

int page_count_peek(const struct page *page)
{
	return PEEK(page->_refcount.counter);
}

int page_mapcount_peek(const struct page *page)
{
	return PEEK(page->_mapcount.counter) + 1;
}
