/* SPDX-License-Identifier: MIT */
/*
 * get_user_pages(): references to the pages behind a user address, mm/gup.c.
 *
 *	FOLL_GET	_refcount + 1				put_page()
 *	FOLL_PIN	_refcount + 1024 of a single page	unpin_user_page()
 *			_refcount + 1 and _pincount + 1 of a large folio
 *
 * GUP-fast takes no lock. It takes the page and then looks at the entry again; truncate clears the
 * entry and then looks at the count. The one that comes second sees the other.
 *
 * A walk holds its references as HELD_BY_TRANSIENT, until gup_hand_over() makes them the caller's.
 * The zero page and anonymous pages of system memory have no struct page here: a walk finds
 * NO_STRUCT_PAGE for them, counts nothing, and gives the caller a NULL among the pages.
 *
 * Addresses are pages. The functions are listed in functions.def.
 */
#ifndef MM_GUP_H
#define MM_GUP_H

#include <mmref/linux/list.h>
#include <mmref/linux/memremap.h>
#include <mmref/linux/mm.h>

enum gup_flags {
	FOLL_WRITE = 1,
	FOLL_GET = 2,
	FOLL_PIN = 4,
	FOLL_LONGTERM = 8,
	FOLL_PCI_P2PDMA = 64,
	FOLL_TOUCH = 128,
	FOLL_FAST_ONLY = 256,
};

/* A page that is there and has no struct page. */
#define NO_STRUCT_PAGE	((struct page *)2)

struct follow_page_context {
	struct dev_pagemap *pgmap;	/* held over the walk, until v6.16 */
	unsigned int page_mask;		/* pages of the entry that was found, minus 1 */
};

/* The holder of what a walk with @flags gives its caller. */
static inline enum mmref_holder gup_holder(unsigned int flags)
{
	return flags & FOLL_PIN ? HELD_BY_PIN : HELD_BY_GET;
}

/* What @refs references of a walk with @flags add to the _refcount of @folio. */
static inline int gup_refs(const struct folio *folio, int refs, unsigned int flags)
{
	bool bias = (flags & FOLL_PIN) && !folio_test_large(folio);

	return bias ? refs * GUP_PIN_COUNTING_BIAS : refs;
}

/* pte_access_permitted(), pmd_access_permitted() */
static inline bool pte_access_permitted(pte_t pte, bool write)
{
	return pte_present(pte) && (!write || pte_write(pte));
}

#define pmd_access_permitted(pmd, write)	pte_access_permitted(pmd, write)

/* Where @pmd, which is a table, has the entry of @addr. */
static inline pte_t *pte_offset_kernel(pmd_t pmd, unsigned long addr)
{
	return &pmd_table(pmd)->pte[addr & (ptrs_per_pte() - 1)];
}

/*
 * The end of a walk with @flags: what it took of @nr pages, the caller holds from now on. Notes the
 * inode through which the task takes them (current->through). No step.
 */
#define gup_hand_over(pages, nr, flags)	gup_hand_over_at(SITE("gup_hand_over"), pages, nr, flags)
void gup_hand_over_at(const struct mmref_site *site, struct page **pages, unsigned long nr,
		      unsigned int flags);

#endif
