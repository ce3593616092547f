/* SPDX-License-Identifier: MIT */
/* The verdict table of report/table.h: shared by its long form and its compact one. */
#ifndef REPORT_TABLE_INTERNAL_H
#define REPORT_TABLE_INTERNAL_H

#include "report/verdict.h"

#include <stdio.h>

#define GAP		3	/* blanks between columns */
#define CELL_TEXT	64

struct column {
	const struct mmref_rules *rules;
	size_t width;
};

struct table {
	FILE *out;
	const struct verdict *verdicts;
	size_t nr;
	struct column *columns;		/* oldest rule set first; none for variants */
	size_t nr_columns;
	size_t name_width;		/* of the first column */
	bool figures;			/* states and steps under each verdict */
	bool folders;			/* rows are grouped below the name of their folder */
};

/* The number of verdicts, from @first on, that belong to one scenario: a row. */
size_t row_length(const struct table *table, size_t first);
/* The verdict under @rules among the @nr of a row, or NULL. */
const struct verdict *find_verdict(const struct verdict *row, size_t nr,
				   const struct mmref_rules *rules);
/* Is it a variant of a rule set? Those have no column. */
bool is_variant(const struct mmref_rules *rules);
/* Do the scenarios lie in more than one folder? */
bool several_folders(const struct table *table);
/* Print the folder of the row at @first if the row before is in another. */
void print_folder(const struct table *table, size_t first);
/* Blanks before the name of a scenario below its folder. */
int indent_of_names(const struct table *table);
/* "states / steps", into @text of CELL_TEXT bytes. */
void counts_text(const struct verdict *verdict, char *text);
void widen(size_t *width, size_t to);
/* Add a column for each rule set, and set all widths. */
void lay_out(struct table *table);
/* The first column, from @first on, that no longer fits on the line in words. */
size_t end_of_line(const struct table *table, size_t first);

/* The short form of the table, in table_compact.c. */
void print_table_compact(const struct table *table);

#endif
