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

/* One page of @vma. mmap_lock held. */
struct migrate_vma {
	struct vm_area_struct *vma;
	unsigned long address;
	enum migrate_vma_direction flags;
	struct dev_pagemap *pgmap;	/* whose device-private page is moved */
	struct page *fault_page;	/* that the caller holds once already, or NULL */
	pte_t src, dst;
};

/* The page that @mpfn names, or NULL: none, or an anonymous one. */
static inline struct page *migrate_pfn_to_page(pte_t mpfn)
{
	return pte_names(mpfn) ? pte_page(pte_names(mpfn)) : NULL;
}

void migrate_vma_setup(struct migrate_vma *migrate);
void migrate_vma_pages(struct migrate_vma *migrate);
void migrate_vma_finalize(struct migrate_vma *migrate);

/* Pages of a device, wherever they are mapped; those that are free, or locked, are left out. */
void migrate_device_range(pte_t *src, unsigned long start_pfn, unsigned long nr);
void migrate_device_pages(pte_t *src, pte_t *dst, unsigned long nr);
void migrate_device_finalize(pte_t *src, pte_t *dst, unsigned long nr);

/* migrate_device_coherent_page(): back to an anonymous page; the reference to it goes. */
int migrate_device_coherent_page(struct page *page);

/* The flags, lock included, of what @mpfn names. */
unsigned long *migrate_pfn_flags(pte_t mpfn);
/* The same of the migration entry @pte: whoever moves its page has it locked. PTL held. */
unsigned long *migration_entry_flags(pte_t pte);
/* copy_highpage() */
void copy_migrated_page(pte_t to, pte_t from);

#endif
