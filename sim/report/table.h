/* SPDX-License-Identifier: MIT */
/* The verdict table: a row a scenario, a column a rule set; and a line for each variant of one. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "report/verdict.h"

#include <stdio.h>

/*
 * Verdicts of one scenario stand next to each other in @verdicts. Where the
 * columns are more than a line takes, the table is continued below itself.
 */
void print_table(FILE *out, const struct verdict *verdicts, size_t nr);

#endif
