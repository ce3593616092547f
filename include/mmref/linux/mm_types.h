/* SPDX-License-Identifier: MIT */
/*
 * struct page and its counts.
 *
 *	_refcount = what check/ledger.h says is held, at every step
 *	_mapcount = PTEs that took a reference when they were set, minus 1
 *
 * A folio is a page, or a head and its tails: a tail's count is 0, and its
 * compound_head, which lies over the pgmap, leads to the head. What a large
 * folio keeps of itself lies in its second page:
 *
 *	_large_mapcount  = PTEs + PMDs that name it, minus 1
 *	_entire_mapcount = PMDs that name it, minus 1
 *	_nr_pages_mapped = pages that a PTE names, + ENTIRELY_MAPPED where a PMD does
 *	_pincount        = FOLL_PIN references, a page each
 *
 * A page that several files share has no mapping, or PAGE_MAPPING_DAX_SHARED for
 * one, and in the place of its index the number of DAX entries that name it.
 *
 * Every access to a field is a step, and finds out whether the memmap is still
 * there.
 */
#ifndef MM_PAGE_H
#define MM_PAGE_H

#include <mmref/rules.h>

#include <mmref/linux/atomic.h>
#include <mmref/linux/spinlock.h>

#define GUP_PIN_COUNTING_BIAS	1024

#define ENTIRELY_MAPPED	0x800000

/* PAGE_MAPPING_DAX_COW of 6.1: no mapping, and the same bit as PAGE_MAPPING_ANON. */
#define PAGE_MAPPING_DAX_SHARED	((struct address_space *)1)

enum pageflags {
	PG_referenced = 1,
	PG_dirty = 2,
	PG_head = 4,
	PG_locked = 8,
	PG_waiters = 16,
};

/* In page->mapping: the rest of it is a struct anon_vma. */
#define PAGE_MAPPING_ANON	1

struct page {
	unsigned long flags;
	atomic_t _refcount;		/* not at the address of the page, on which others sleep */
	atomic_t _mapcount;
	struct address_space *mapping;
	union {
		unsigned long index;
		unsigned long share;
	};
	union {
		struct dev_pagemap *pgmap;
		unsigned long compound_head;	/* of a tail: its head, + 1 */
	};
	void *zone_device_data;			/* the driver's own */

	/* of the second page of a large folio */
	atomic_t _large_mapcount;
	atomic_t _entire_mapcount;
	atomic_t _nr_pages_mapped;
	atomic_t _pincount;
	uint8_t _folio_order;
};

struct folio {
	struct page page;
};

/* The device @page belongs to, whatever the memmap says; for checks, no step. */
struct dev_pagemap *page_device(const struct page *page);
/* 0 of the zero page and of the huge one. */
unsigned long page_to_pfn(const struct page *page);
/* Arithmetic on the vmemmap: works for pages that are gone. NULL for no device's pfn. */
struct page *pfn_to_page(unsigned long pfn);

static inline struct page *folio_page(struct folio *folio, unsigned long n)
{
	return &folio->page + n;
}

/* Words of the second page; there is one behind every page of a folio that is large. */
static inline struct page *folio_second(struct folio *folio)
{
	return folio_page(folio, 1);
}

/* Of a folio that the caller has a hold on, or that nobody else can reach: no step. */
static inline bool folio_test_large(const struct folio *folio)
{
	return PEEK(folio->page.flags) & PG_head;
}

static inline unsigned int folio_order(struct folio *folio)
{
	return folio_test_large(folio) ? PEEK(folio_second(folio)->_folio_order) : 0;
}

static inline unsigned long folio_nr_pages(struct folio *folio)
{
	return 1UL << folio_order(folio);
}

/* Of a folio that the caller has a hold on: no step. */
static inline bool folio_test_anon(const struct folio *folio)
{
	return (uintptr_t)PEEK(folio->page.mapping) & PAGE_MAPPING_ANON;
}

/* The zero page, or the huge one. */
bool is_zero_folio(const struct folio *folio);

/* page_folio(): reads compound_head. */
#define page_folio(page)	page_folio_at(SITE("page_folio"), page)
struct folio *page_folio_at(const struct mmref_site *site, struct page *page);

/* folio->pgmap->type of a zone device folio; reads the folio. */
#define folio_type(folio)	folio_type_at(SITE("folio_type"), folio)
enum mmref_memory_type folio_type_at(const struct mmref_site *site, struct folio *folio);

/*
 * include/linux/page_ref.h and include/linux/mm.h. @held names the holder for
 * the ledger. folio_get() on a free page is a VM_BUG_ON; folio_ref_add() does
 * not look. folio_ref_sub_return() calls no hook and frees nothing; its result may be
 * asked for being 0 or 1, and for nothing else.
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
#define set_page_count(page, n)		folio_set_count((struct folio *)(page), n)

/* atomic bit operations on ->flags; setting reads first, as folio_set_referenced() callers do */
#define folio_set_flag(folio, flag)	folio_set_flag_at(SITE("set " #flag), folio, flag)
void folio_set_flag_at(const struct mmref_site *site, struct folio *folio, enum pageflags flag);
#define folio_clear_flag(folio, flag)	folio_clear_flag_at(SITE("clear " #flag), folio, flag)
void folio_clear_flag_at(const struct mmref_site *site, struct folio *folio, enum pageflags flag);

#define folio_set_referenced(folio)	folio_set_flag(folio, PG_referenced)
#define folio_clear_referenced(folio)	folio_clear_flag(folio, PG_referenced)
/* A page of a device is on no LRU: only the flag is set. */
#define folio_mark_accessed(folio)	folio_set_flag(folio, PG_referenced)
/* Of the head, as all flags of a folio; page_folio() of it takes no step. */
#define SetPageReferenced(page)		folio_set_referenced(page_folio_peek(page))
#define ClearPageReferenced(page)	folio_clear_referenced(page_folio_peek(page))

/* May it be pinned for long? Looks at the type; the folio is held, or may be gone. */
bool folio_is_longterm_pinnable(struct folio *folio);

/*
 * The lock of a page, include/linux/pagemap.h and mm/filemap.c; @flags are those of a
 * struct page or of an anonymous page. lock_page() sleeps. unlock_page() wakes whoever
 * waits without holding the page; see migration_entry_wait_on_locked().
 */
bool trylock_page_at(const struct mmref_site *site, unsigned long *flags);
void lock_page_at(const struct mmref_site *site, unsigned long *flags);
void unlock_page_at(const struct mmref_site *site, unsigned long *flags);
/* Sleep, without a reference, until a page that is locked now was unlocked; drops @ptl. */
void migration_entry_wait_on_locked(unsigned long *flags, spinlock_t *ptl);

#define trylock_page(flags)	trylock_page_at(SITE("trylock_page"), flags)
#define lock_page(flags)	lock_page_at(SITE("lock_page"), flags)
#define unlock_page(flags)	unlock_page_at(SITE("unlock_page"), flags)

/* What a report or a check sees of a page; no steps. */
struct folio *page_folio_peek(const struct page *page);
int page_count_peek(const struct page *page);
int page_mapcount_peek(const struct page *page);

#endif
