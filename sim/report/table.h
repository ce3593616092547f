/* SPDX-License-Identifier: MIT */
/*
 * The verdict table: a row for each scenario, a column for each rule set, and a line for each
 * variant of a rule set.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "report/verdict.h"

#include <stdio.h>

/*
 * Print the table. Verdicts of one scenario are adjacent in @verdicts.
 *
 * Up to 12 rows, or with @figures, each row lists states and steps below its verdicts, and wide
 * tables continue below. With more rows each has one line: verdicts in words if they fit, else in
 * marks.
 */
void print_table(FILE *out, const struct verdict *verdicts, size_t nr, bool figures);

#endif
