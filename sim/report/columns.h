/* SPDX-License-Identifier: MIT */
/*
 * The pages that matter to a run as columns: counts, pins, file. A run is looked
 * through once before it is printed, for what changes in it and how wide that gets.
 *
 *	page 0         page 1
 *	 ref map pin    ref map pin
 *	1025*  0   1*     0   0   0
 *
 * The mark stands behind what the step has changed; a terminal shows it bold.
 */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

#include "report/history.h"

#include <stdio.h>

#define CELL_TEXT	24

enum cell {
	CELL_REF,	/* refcount */
	CELL_MAP,	/* mapcount */
	CELL_PTE,	/* page table entries that name it, where these are not its mapcount */
	CELL_PIN,	/* pins, not in units of the count */
	CELL_INODE,	/* of the file that ->mapping is of; "anon" or "-" */
	CELL_DIRTY,	/* "store": not on the medium; "mark": i_pages knows of it; "both" */
	NR_CELLS,
};

struct page_cells {
	char text[NR_CELLS][CELL_TEXT];
};

struct columns {
	struct page_cells *now, *before;	/* of every page */
	unsigned int *page;			/* those that are shown, in order */
	unsigned int nr_shown;
	bool has[NR_CELLS];			/* told of each page */
	size_t width[NR_CELLS];
};

/* Run @schedule in @sim; choose what @room columns of text have room for, one page at least. */
bool columns_begin(struct columns *columns, struct mmref_sim *sim,
		   const struct mmref_schedule *schedule, size_t room);
/* @history has just begun; it has noted a step. */
void columns_start(struct columns *columns, const struct history *history);
void columns_step(struct columns *columns, const struct history *history);
void columns_end(struct columns *columns);

size_t columns_width(const struct columns *columns);
bool columns_show(const struct columns *columns, unsigned int page);
/* Is it shown, and marked as what the last step changed? */
bool columns_changed(const struct columns *columns, unsigned int page, enum cell cell);
/* The two lines above the columns, each after @indent blanks. */
void columns_print_heads(const struct columns *columns, FILE *out, int indent);
/* What the last step left. */
void columns_print(const struct columns *columns, FILE *out);

#endif
