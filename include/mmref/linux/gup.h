/* SPDX-License-Identifier: MIT */
/*
 * get_user_pages(): references to the pages behind a user address.
 *
 * The fast walk takes no lock. It takes the page and then looks at the entry
 * again; truncate clears the entry and then looks at the count. Whoever comes
 * second sees the other.
 */
#ifndef MM_GUP_H
#define MM_GUP_H

#include <mmref/linux/memremap.h>
#include <mmref/linux/mm.h>

enum gup_flags {
	FOLL_WRITE = 1,
	FOLL_GET = 2,
	FOLL_PIN = 4,
	FOLL_LONGTERM = 8,
	FOLL_PCI_P2PDMA = 64,
};

struct gup {
	struct mm_struct *mm;
	unsigned int flags;
	pmd_t *pmdp, pmd;		/* where the walk without locks is, and what it found there */
	pte_t *ptep, pte;		/* NULL: at a leaf */
	bool locked;			/* the slow walk, under the PTL */
	bool undo;			/* set by gup_admit: what the table gave so far goes back */
	struct folio *leaf;		/* what gup_grab_leaf took it of; NULL: page by page */
	int kept;			/* of a leaf that gup_grab_leaf refused: pages taken all the same */
	bool stop;			/* no further: the leaf is not what it was */
	struct dev_pagemap *pgmap;	/* referenced for the time of the walk, by old rules */
};

/*
 * What @refs references of this walk cost the count of @folio: a pin of an order-0
 * page 1024 each, of a large folio 1, with the rest told by _pincount.
 */
int gup_cost(const struct gup *gup, const struct folio *folio, int refs);
/* @refs are counted as FOLL_GET would: make pins of them, where they are to be pins. */
void gup_complete_pin(struct gup *gup, struct folio *folio, int refs);
/* @refs of what the walk took of @folio, which were @held, go again. */
void gup_put_folio(const struct gup *gup, struct folio *folio, int refs, enum mmref_holder held);
/* The same page by page, and the last first: gup_fast_undo_dev_pagemap(). */
void gup_put_pages(const struct gup *gup, struct page *page, int nr, enum mmref_holder held);

/*
 * get_user_pages_fast(), pin_user_pages_fast(): @nr pages from @address on. The
 * walk without locks first, the slow one for what it left. Returns how many were
 * taken, or -errno where none was; the slow walk faults, and sleeps.
 */
int get_user_pages_fast(struct mm_struct *mm, unsigned long address, int nr, unsigned int flags,
			struct page **pages);
/* The walk without locks alone. */
int gup_fast(struct mm_struct *mm, unsigned long address, int nr, unsigned int flags,
	     struct page **pages);
/*
 * get_user_pages(), pin_user_pages_remote(): under mmap_lock and PTL. What is pinned for
 * long is moved out of device-coherent memory first. A NULL among
 * the pages is the zero page or an anonymous one, which have no struct page here.
 */
int gup_slow(struct mm_struct *mm, unsigned long address, int nr, unsigned int flags,
	     struct page **pages);
/* unpin_user_pages() */
void unpin_user_pages(struct page **pages, int nr);

#endif
