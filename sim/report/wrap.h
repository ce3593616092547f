/* SPDX-License-Identifier: MIT */
/* Lines of text that fit what they are printed on. */
#ifndef REPORT_WRAP_H
#define REPORT_WRAP_H

#include <stddef.h>
#include <stdio.h>

/*
 * Print a line to @out, broken at blanks where it would be longer than the
 * columns of @out; what goes on is indented by @indent.
 */
void print_wrapped(FILE *out, size_t indent, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
