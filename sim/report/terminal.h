/* SPDX-License-Identifier: MIT */
/* What the terminal at the other end can show. */
#ifndef REPORT_TERMINAL_H
#define REPORT_TERMINAL_H

#include <stdio.h>

/* Columns to fill: COLUMNS, or what the terminal says, or 100; a file gets no more than that. */
unsigned int terminal_columns(FILE *out);

/* Escape sequences, empty unless @out is a terminal and NO_COLOR is unset. */
const char *terminal_red(FILE *out);
const char *terminal_green(FILE *out);
const char *terminal_bold(FILE *out);
const char *terminal_plain(FILE *out);

#endif
