/* SPDX-License-Identifier: MIT */
/* What the forms of the verdict table share: see report/table.h. */
#ifndef REPORT_TABLE_PARTS_H
#define REPORT_TABLE_PARTS_H

#include "report/verdict.h"

#include <stdio.h>

struct column {
	const struct mmref_rules *rules;
	size_t width;
};

struct table {
	FILE *out;
	const struct verdict *verdicts;
	size_t nr;
	struct column *columns;		/* oldest rule set first; variants have none */
	size_t nr_columns;
	size_t name_width;		/* of the first column */
	bool figures;			/* states and steps under each verdict */
	bool folders;			/* rows stand below the name of their folder */
};

/* How many verdicts from @first on are of one scenario. */
size_t row_length(const struct table *table, size_t first);
/* That under @rules, of the @nr of a row; or NULL. */
const struct verdict *find_verdict(const struct verdict *row, size_t nr,
				   const struct mmref_rules *rules);
/* Print the folder of the row at @first, if it is another than that of the row before. */
void print_folder(const struct table *table, size_t first);
/* How far names stand to the right of their folder. */
int indent_of_names(const struct table *table);
/* The first column past those that fit on a line with @first, in words. */
size_t end_of_line(const struct table *table, size_t first);

/* A mark a verdict, under rule sets whose names stand in steps. */
void print_matrix(const struct table *table);

#endif
