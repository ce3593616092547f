/* SPDX-License-Identifier: MIT */
#include "report/wrap.h"

#include "report/terminal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* The length of the part of @text that fits @room, or of its first word if none does. */
static size_t part_that_fits(const char *text, size_t room)
{
	size_t part = strspn(text, " "), end = part + strcspn(text + part, " ");

	do {
		part = end;
		end += strspn(text + end, " ");
		end += strcspn(text + end, " ");
	} while (text[part] && end <= room);
	return part;
}

/* As vasprintf(), with memory of malloc() that the command can see fail. */
static char *format_text(const char *format, va_list args)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = length < 0 ? NULL : malloc((size_t)length + 1);
	if (text)
		vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

void print_wrapped(FILE *out, size_t indent, const char *format, ...)
{
	size_t columns = terminal_columns(out), column = 0;
	const char *rest;
	char *text;
	va_list args;

	va_start(args, format);
	text = format_text(format, args);
	va_end(args);
	if (!text)
		return;

	for (rest = text; *rest;) {
		size_t part = part_that_fits(rest, columns > column ? columns - column : 1);

		fprintf(out, "%*s%.*s\n", (int)column, "", (int)part, rest);
		rest += part + strspn(rest + part, " ");
		column = indent;
	}
	free(text);
}
