/* SPDX-License-Identifier: MIT */
/*
 * Moving anonymous memory to a device and back: mm/migrate_device.c, pages of order 0.
 *
 *	setup	 the page is held and locked, and its entries become migration entries
 *	pages	 what the new page is of is told to it; or it is mapped where nothing was
 *	finalize the migration entries map the new page, or the old one where it failed
 *
 * A migrate_pfn is what names the page in an entry, and these bits. Between setup and
 * pages the driver says in dst what it moves each page to, locked.
 */
#ifndef MM_MIGRATE_DEVICE_H
#define MM_MIGRATE_DEVICE_H

#include <mmref/linux/export.h>
#include <mmref/linux/memremap.h>
#include <mmref/linux/mm.h>

enum {
	MIGRATE_PFN_MIGRATE = 1,
	MIGRATE_PFN_WRITE = PTE_WRITE,
};

enum migrate_vma_direction {
	MIGRATE_VMA_SELECT_SYSTEM = 1,
	MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
};

/* Pages of @vma, all of one page table. mmap_lock held. */
struct migrate_vma {
	struct vm_area_struct *vma;
	pte_t *src, *dst;		/* a page each, from @start on */
	unsigned long npages;
	unsigned long cpages;		/* of them to be moved */
	unsigned long start, end;
	enum migrate_vma_direction flags;
	struct dev_pagemap *pgmap;	/* whose device-private page is moved */
	struct page *fault_page;	/* that the caller holds once already, or NULL */
};

/* The page that @mpfn names, or NULL: none, or an anonymous one. */
static inline struct page *migrate_pfn_to_page(pte_t mpfn)
{
	return pte_names(mpfn) ? pte_page(pte_names(mpfn)) : NULL;
}

/* Is it @page that @mpfn names? Never of NULL. */
static inline bool migrate_pfn_is(pte_t mpfn, const struct page *page)
{
	return page && migrate_pfn_to_page(mpfn) == page;
}

/* --- what the kernels' bodies have in common ------------------------------------------------ */

/* The flags, lock included, of what @mpfn names. */
unsigned long *migrate_pfn_flags(pte_t mpfn) EXPORTED(migrate_pfn_flags);
/* Its folio, or NULL of an anonymous page, which is not counted; and folio_put(). */
struct folio *migrate_pfn_folio(pte_t mpfn) EXPORTED(migrate_pfn_folio);
void migrate_pfn_put(pte_t mpfn) EXPORTED(migrate_pfn_put);
/* The same of a page that was allocated and is not used: an anonymous one is free again. */
void migrate_pfn_put_unused(pte_t mpfn) EXPORTED(migrate_pfn_put_unused);
/* May the page of @pte be moved, to the side that is asked for? 0, or its migrate_pfn. */
pte_t migrate_vma_select_at(const struct mmref_site *site, struct migrate_vma *migrate, pte_t pte)
	EXPORTED(migrate_vma_select_at);
#define migrate_vma_select(migrate, pte)                                                           \
	migrate_vma_select_at(SITE("read page->pgmap"), migrate, pte)
/*
 * The first half of migrate_device_unmap(): no entry maps the pages any more, and those that are held
 * by others are not to be moved. How many are.
 */
unsigned long migrate_pfns_unmap(pte_t *src_pfns, unsigned long npages, struct page *fault_page)
	EXPORTED(migrate_pfns_unmap);

/* The flags of the migration entry @pte: the mover of its page has it locked. PTL held. */
unsigned long *pfn_swap_entry_to_page(pte_t pte) EXPORTED(pfn_swap_entry_to_page);
/* include/linux/highmem.h */
void copy_highpage(pte_t to, pte_t from) EXPORTED(copy_highpage);

#endif
