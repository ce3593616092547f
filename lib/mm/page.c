/* SPDX-License-Identifier: MIT */
/* struct page, its count and its bytes: include/linux/mm.h and include/linux/page_ref.h. */
#include <mmref/kernel.h>

#include "check/hooks.h"
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
EXPORT_SYMBOL(page_device);

unsigned long page_to_pfn(const struct page *page)
{
	const struct dev_pagemap *pgmap = page_device(page);

	return pgmap ? pgmap->start_pfn + (page - pgmap->memmap) : 0;
}
EXPORT_SYMBOL(page_to_pfn);

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
EXPORT_SYMBOL(pfn_to_page);

uint8_t *media_of(unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);
	struct dev_pagemap *pgmap = page ? page_device(page) : NULL;

	return page ? &pgmap->media[page - pgmap->memmap] : &current->world->zero_byte;
}
EXPORT_SYMBOL(media_of);

/* The index finds the byte of an anonymous page, the pfn that of any other. */
uint8_t *media_of_pte(pte_t pte)
{
	return pte & PTE_ANON ? &current->world->anon_page[pte_pfn(pte)] : media_of(pte_pfn(pte));
}
EXPORT_SYMBOL(media_of_pte);

struct folio *page_folio_at(const struct mmref_site *site, struct page *page)
{
	announce(site, &page->compound_head, sizeof(page->compound_head), MMREF_READ, true);
	return page_folio_peek(page);
}
EXPORT_SYMBOL(page_folio_at);

struct folio *page_folio_peek(const struct page *page)
{
	unsigned long head = PEEK(page->compound_head);

	return (struct folio *)(head & 1 ? (void *)(head - 1) : (void *)(uintptr_t)page);
}
EXPORT_SYMBOL(page_folio_peek);

bool is_zero_folio(const struct folio *folio)
{
	return !page_device(&folio->page);
}
EXPORT_SYMBOL(is_zero_folio);

enum mmref_memory_type folio_type_at(const struct mmref_site *site, struct folio *folio)
{
	return READ_ONCE_AT(site, folio->page.pgmap)->type;
}

bool folio_is_longterm_pinnable(struct folio *folio)
{
	enum mmref_memory_type type = folio_type(folio);

	return type != MEMORY_DEVICE_FS_DAX && type != MEMORY_DEVICE_COHERENT;
}
EXPORT_SYMBOL(folio_is_longterm_pinnable);

int folio_ref_count_at(const struct mmref_site *site, struct folio *folio)
{
	return atomic_read_at(site, &folio->page._refcount);
}
EXPORT_SYMBOL(folio_ref_count_at);

void folio_ref_add_at(const struct mmref_site *site, struct folio *folio, int refs,
		      enum mmref_holder held)
{
	atomic_add_at(site, &folio->page._refcount, refs);
	ledger_take(&folio->page, held, refs);
}
EXPORT_SYMBOL(folio_ref_add_at);

/* folio_ref_zero_or_close_to_overflow() is the kernel's test, 127 wide. */
void folio_get_at(const struct mmref_site *site, struct folio *folio, enum mmref_holder held)
{
	int now;

	announce_add(site, &folio->page._refcount.counter, debug_vm() ? 0 : MMREF_NEVER_ACTS);
	now = PEEK(folio->page._refcount.counter);
	if (debug_vm() && now >= -127 && now <= 0)
		kernel_bug(site, &folio->page, "folio_get() of a folio whose count is 0");
	POKE_ADD_RETURN(folio->page._refcount.counter, 1);
	ledger_take(&folio->page, held, 1);
}
EXPORT_SYMBOL(folio_get_at);

bool folio_ref_add_unless_zero_at(const struct mmref_site *site, struct folio *folio, int refs,
				  enum mmref_holder held)
{
	if (!atomic_add_unless_at(site, &folio->page._refcount, refs, 0))
		return false;
	ledger_take(&folio->page, held, refs);
	return true;
}
EXPORT_SYMBOL(folio_ref_add_unless_zero_at);

int folio_ref_sub_return_at(const struct mmref_site *site, struct folio *folio, int refs,
			    enum mmref_holder held)
{
	atomic_t *count = &folio->page._refcount;

	announce_add(site, &count->counter, 1);
	/* real threads: whoever sees the page idle must not find it held in the ledger */
	ledger_drop(site, &folio->page, held, refs);
	return POKE_ADD_RETURN(count->counter, -refs);
}
EXPORT_SYMBOL(folio_ref_sub_return_at);

void folio_set_count_at(const struct mmref_site *site, struct folio *folio, int count)
{
	atomic_set_at(site, &folio->page._refcount, count);
	ledger_set_base(&folio->page, count);
}
EXPORT_SYMBOL(folio_set_count_at);

void folio_set_flag_at(const struct mmref_site *site, struct folio *folio, enum pageflags flag)
{
	if (READ_ONCE_AT(site, folio->page.flags) & flag)
		return;
	FETCH_OR_AT(site, &folio->page.flags, flag);
}
EXPORT_SYMBOL(folio_set_flag_at);

void folio_clear_flag_at(const struct mmref_site *site, struct folio *folio, enum pageflags flag)
{
	FETCH_AND_AT(site, &folio->page.flags, ~(unsigned long)flag);
}
EXPORT_SYMBOL(folio_clear_flag_at);

int page_count_peek(const struct page *page)
{
	return PEEK(page->_refcount.counter);
}
EXPORT_SYMBOL(page_count_peek);

int page_mapcount_peek(const struct page *page)
{
	return PEEK(page->_mapcount.counter) + 1;
}
EXPORT_SYMBOL(page_mapcount_peek);
