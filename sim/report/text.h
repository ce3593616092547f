/* SPDX-License-Identifier: MIT */
/* Pieces of text that several reports use. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Append to the string @text of @size bytes; what does not fit is cut. */
void text_append(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* @path as in the source tree, whatever path the compiler got. */
const char *source_path(const char *path);

/* A line of a file that is being read, and where to say what is wrong with it. */
struct file_line {
	const char *file;
	int line;
	char *error;
	size_t size;	/* bytes of ->error */
};

/* Set ->error to "file:line: ..."; returns false. */
bool refuse_line(const struct file_line *at, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* End the command, rather than leave a part of a report out. */
_Noreturn void no_memory_to_print(void);

#endif
