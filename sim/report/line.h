/* SPDX-License-Identifier: MIT */
/* Lines of a file that somebody else wrote: one that never ends does not eat the memory. */
#ifndef REPORT_LINE_H
#define REPORT_LINE_H

#include <stdio.h>
#include <sys/types.h>

/*
 * As getline(), with errno: 0 at the end of the file, EFBIG where a line has more than @most
 * bytes.
 */
ssize_t read_line(char **text, size_t *room, size_t most, FILE *in);

/*
 * Open @file to be read. NULL, with errno, if it cannot be, or is neither a regular file nor a pipe.
 * A FIFO that no process has open for writing reads as an empty file.
 */
FILE *open_file(const char *file);
/* strerror(), for open_file(). */
const char *file_error(int error);

#endif
