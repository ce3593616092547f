/* SPDX-License-Identifier: MIT */
/*
 * struct page and its counts.
 *
 *	_refcount = what check/ledger.h says is held, at every step
 *	_mapcount = entries that took a reference when they were set, minus 1
 *
 * Every access to a field is a step, and finds out whether the memmap is still
 * there. A page is a folio of one page here.
 */
#ifndef MM_PAGE_H
#define MM_PAGE_H

#include <mmref/rules.h>

#include "check/ledger.h"
#include "kernel/atomic.h"

#define GUP_PIN_COUNTING_BIAS	1024

enum pageflags {
	PG_referenced = 1,
	PG_dirty = 2,
};

struct page {
	atomic_t _refcount;
	atomic_t _mapcount;
	unsigned long flags;
	struct address_space *mapping;
	unsigned long index;
	struct dev_pagemap *pgmap;
};

struct folio {
	struct page page;
};

/* The device @page belongs to, whatever the memmap says; for checks, no step. */
struct dev_pagemap *page_device(const struct page *page);
unsigned long page_to_pfn(const struct page *page);
/* Arithmetic on the vmemmap: works for pages that are gone. NULL for no device's pfn. */
struct page *pfn_to_page(unsigned long pfn);

/* page_folio(): reads compound_head. */
#define page_folio(page)	page_folio_at(SITE("page_folio"), page)
struct folio *page_folio_at(const struct mmref_site *site, struct page *page);

/* folio->pgmap->type of a zone device folio; reads the folio. */
#define folio_type(folio)	folio_type_at(SITE("folio_type"), folio)
enum mmref_memory_type folio_type_at(const struct mmref_site *site, struct folio *folio);

/*
 * include/linux/page_ref.h and include/linux/mm.h. @held names the holder for
 * the ledger. folio_get() on a free page is a VM_BUG_ON; folio_ref_add() does
 * not look. folio_ref_sub_return() calls no hook and frees nothing.
 */
int folio_ref_count_at(const struct mmref_site *site, struct folio *folio);
void folio_ref_add_at(const struct mmref_site *site, struct folio *folio, int refs,
		      enum mmref_holder held);
void folio_get_at(const struct mmref_site *site, struct folio *folio, enum mmref_holder held);
bool folio_ref_add_unless_zero_at(const struct mmref_site *site, struct folio *folio, int refs,
				  enum mmref_holder held);
int folio_ref_sub_return_at(const struct mmref_site *site, struct folio *folio, int refs,
			    enum mmref_holder held);
/* The whole count is set, and belongs to the base. */
void folio_set_count_at(const struct mmref_site *site, struct folio *folio, int count);

#define folio_ref_count(folio)		folio_ref_count_at(SITE("folio_ref_count"), folio)
#define folio_ref_inc(folio, held)	folio_ref_add_at(SITE("folio_ref_inc"), folio, 1, held)
#define folio_ref_add(folio, n, held)	folio_ref_add_at(SITE("folio_ref_add"), folio, n, held)
#define folio_get(folio, held)		folio_get_at(SITE("folio_get"), folio, held)
#define folio_ref_add_unless_zero(folio, n, held)                                                  \
	folio_ref_add_unless_zero_at(SITE("folio_ref_add_unless_zero"), folio, n, held)
#define folio_ref_sub_return(folio, n, held)                                                       \
	folio_ref_sub_return_at(SITE("folio_ref_sub_return"), folio, n, held)
#define folio_set_count(folio, n)	folio_set_count_at(SITE("set_page_count"), folio, n)

/* atomic bit operations on ->flags; setting reads first, as folio_set_referenced() callers do */
#define folio_set_flag(folio, flag)	folio_set_flag_at(SITE("set " #flag), folio, flag)
void folio_set_flag_at(const struct mmref_site *site, struct folio *folio, enum pageflags flag);

/* mm/rmap.c; the sum of both is what a report calls the mapcount */
#define folio_add_file_rmap_pte(folio)	atomic_add_at(SITE("folio_add_file_rmap_pte"),             \
						      &(folio)->page._mapcount, 1)
#define folio_remove_rmap_pte(folio)	atomic_add_at(SITE("folio_remove_rmap_pte"),               \
						      &(folio)->page._mapcount, -1)
#define folio_mapcount(folio)		(atomic_read_at(SITE("folio_mapcount"),                    \
							&(folio)->page._mapcount) + 1)

/* What a report or a check sees of a page; no steps. */
int page_count_peek(const struct page *page);
int page_mapcount_peek(const struct page *page);

#endif
