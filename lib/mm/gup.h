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

#include "mm/memremap.h"
#include "mm/mm.h"

enum gup_flags {
	FOLL_WRITE = 1,
	FOLL_GET = 2,
	FOLL_PIN = 4,
	FOLL_LONGTERM = 8,
};

struct gup {
	struct mm_struct *mm;
	unsigned int flags;
	bool locked;			/* the slow walk, under the PTL */
	bool undo;			/* set by gup_admit: what the table gave so far goes back */
	struct dev_pagemap *pgmap;	/* referenced for the time of the walk, by old rules */
};

/* References that one page of this walk costs its count. */
static inline int gup_refs(const struct gup *gup)
{
	return gup->flags & FOLL_PIN ? GUP_PIN_COUNTING_BIAS : 1;
}

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
 * get_user_pages(), pin_user_pages_remote(): under mmap_lock and PTL. A NULL among
 * the pages is the zero page, which has no struct page here and is not counted.
 */
int gup_slow(struct mm_struct *mm, unsigned long address, int nr, unsigned int flags,
	     struct page **pages);
void unpin_user_pages(struct page **pages, int nr);

#endif
