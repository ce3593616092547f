/* SPDX-License-Identifier: MIT */
/*
 * The current state of a world, for reports and tests. Nothing here takes a step or changes the
 * world. No other part of lib uses it.
 *
 *	index of a page = its number when the pages of all devices are counted, device by device
 */
#ifndef CHECK_INTROSPECT_H
#define CHECK_INTROSPECT_H

#include <mmref/introspect.h>

#include <mmref/linux/pgtable.h>

#include <stdint.h>

struct inode;
struct world;

/* What struct mmref_page does not have. */
struct page_inside {
	uint64_t files;		/* the files that have its block: a bit for each inode number */
	int entries;		/* DAX entries that name it */
	bool marked_dirty;	/* one of these entries has PAGECACHE_TAG_DIRTY */
	bool marked_towrite;	/* or PAGECACHE_TAG_TOWRITE */
	bool unflushed;		/* a store to it is not persistent yet */
	int users;		/* references that a user can still put */
	int pmds;		/* of the page table entries that name it */
};

struct pgmap_inside {
	unsigned long references;
	bool dying;
};

/* The page with index @i; false past the last. */
bool introspect_page(const struct world *world, unsigned int i, struct mmref_page *info);
/* The zero page, or the huge one; false before it is allocated. */
bool introspect_zero_page(const struct world *world, bool huge, struct mmref_page *info);
/* The first @nr pages. One call for all, because it walks all DAX entries. */
void introspect_pages(const struct world *world, struct page_inside *inside, unsigned int nr);

/* The index of the page @pfn, or -1. */
int introspect_pfn(const struct world *world, unsigned long pfn);
/* The index of the page whose struct page, or page table entry, @object lies in; or -1. */
int introspect_page_of(const struct world *world, const volatile void *object);
/* The index of the page that @inode has at @index; -1: a hole. */
int introspect_file_page(const struct world *world, const struct inode *inode, unsigned long index);
/* The PTE that @object is, and in *@mm the number of its mm; or NULL. */
const pte_t *introspect_pte_at(const struct world *world, const volatile void *object, int *mm);

/* False where there is no device @i. */
bool introspect_pgmap(const struct world *world, int i, struct pgmap_inside *inside);
/* The device whose struct dev_pagemap @object lies in; or -1. */
int introspect_pgmap_of(const struct world *world, const volatile void *object);

#endif
