/* SPDX-License-Identifier: MIT */
/* Pages and table entries of a world, as reports and tests read them. */
#ifndef MMREF_INTROSPECT_H
#define MMREF_INTROSPECT_H

#include <mmref/rules.h>

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The current state of a device page. */
struct mmref_page {
	unsigned long pfn;
	int device;			/* number of its device */
	bool present;			/* the memmap is there */
	char kind;			/* '0' of order 0, 'H' head or 'T' tail of a compound */
	int refcount;
	int mapcount;
	int mapping;			/* inode number of its mapping; 0: none; -1: PAGE_MAPPING_ANON */
	unsigned long index;		/* or ->share, of a page that several files share */
	bool referenced, dirty;
	/* of a head page */
	unsigned int order;
	int large_mapcount, entire_mapcount, nr_pages_mapped, pincount;
	int mapped;			/* page table entries that name it */
	int held[MMREF_NR_HOLDERS];	/* the ledger, in units of the count */
};

enum mmref_table {
	MMREF_TABLE_PTE,
	MMREF_TABLE_PMD,
	MMREF_TABLE_DAX,	/* i_pages of a DAX file */
};

#define MMREF_MARKS	64

/* An entry of a page table, or a DAX entry. */
struct mmref_entry {
	enum mmref_table table;
	int device;			/* DAX: the device of the file; else -1 */
	int owner;			/* the mm; DAX: the inode */
	unsigned long index;		/* pages from address 0, or from the start of the file */
	unsigned int order;		/* of the pages that it maps, as a power of two */
	int page;			/* the first, an index for mmref_sim_page(); -1: no device page */
	char marks[MMREF_MARKS];	/* its other bits, in words: "write dirty" */
};

#ifdef __cplusplus
}
#endif

#endif
