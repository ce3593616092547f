/* SPDX-License-Identifier: MIT */
/* The verdict table: a row a scenario, a column a rule set; and a line for each variant of one. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "report/verdict.h"

#include <stdio.h>

/*
 * Verdicts of one scenario stand next to each other in @verdicts. A few rows have
 * states and steps below their verdicts, and are continued below themselves where
 * the columns are more than a line takes. Of many rows each has one line, in words
 * or, where these do not fit, in marks; unless @figures are asked for.
 */
void print_table(FILE *out, const struct verdict *verdicts, size_t nr, bool figures);

#endif
