/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void no_memory_to_print(void)
{
	fputs("mmref: there is no memory to print what was found; free some\n", stderr);
	exit(2);
}

void text_append(char *text, size_t size, const char *format, ...)
{
	size_t length = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + length, size - length, format, args);
	va_end(args);
}

const char *source_path(const char *path)
{
	const char *part = path, *next;

	if (path[0] != '/')
		return path;
	for (next = strstr(path, "/lib/"); next; next = strstr(next + 1, "/lib/"))
		part = next + 1;
	if (part == path)
		part = strrchr(path, '/') + 1;
	return part;
}

bool refuse_line(const struct file_line *at, const char *format, ...)
{
	int length = snprintf(at->error, at->size, "%s:%d: ", at->file, at->line);
	va_list args;

	if (length < 0 || (size_t)length >= at->size)
		return false;
	va_start(args, format);
	vsnprintf(at->error + length, at->size - (size_t)length, format, args);
	va_end(args);
	return false;
}
