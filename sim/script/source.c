/* SPDX-License-Identifier: MIT */
#include "source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A hundred times the longest scenario that anybody would read. */
#define SOURCE_LONGEST	(1 << 20)

static const char *refuse(struct script_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static const char *refuse(struct script_error *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	error->line = 1;
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return NULL;
}

/* Binary files and precompiled Lua have bytes that no text has. */
static int binary_line(const char *text, size_t size)
{
	int line = 1;

	for (size_t i = 0; i < size; i++) {
		line += text[i] == '\n';
		if (text[i] == '\0' || text[i] == '\033')
			return line;
	}
	return 0;
}

static const char *read_all(struct region *region, FILE *from, size_t size,
			    struct script_error *error)
{
	char *text = region_alloc(region, size + 1);

	if (!text)
		return refuse(error, "there is no memory for the file; free some");
	if (fread(text, 1, size, from) != size)
		return refuse(error, "the file could not be read to its end; give one that can");

	error->line = binary_line(text, size);
	if (error->line) {
		snprintf(error->text, sizeof(error->text),
			 "this is no text but a binary file; give a script in Lua");
		return NULL;
	}
	return text;
}

const char *source_read(struct region *region, const char *file, struct script_error *error)
{
	struct stat is;
	const char *text;
	FILE *from;

	/* Saved runs and results have the name on one line. */
	if (strchr(file, '\n') || strchr(file, '\r'))
		return refuse(error, "the name of the file has a line break; rename it");
	/* Before it is opened: opening a FIFO would wait for whoever writes it. */
	if (stat(file, &is) < 0)
		return refuse(error, "cannot be read: %s; give the path of a scenario",
			      strerror(errno));
	if (S_ISDIR(is.st_mode))
		return refuse(error, "this is a directory; give a file in it");
	if (!S_ISREG(is.st_mode))
		return refuse(error, "this is no regular file; give the path of a scenario");
	if (is.st_size > SOURCE_LONGEST)
		return refuse(error, "the file has %lld bytes; a script has at most %d",
			      (long long)is.st_size, SOURCE_LONGEST);

	from = fopen(file, "rb");
	if (!from)
		return refuse(error, "cannot be read: %s; give the path of a scenario",
			      strerror(errno));
	text = read_all(region, from, (size_t)is.st_size, error);
	fclose(from);
	return text;
}

const char *source_name(struct region *region, const char *file)
{
	static const char ending[] = ".lua";
	const char *slash = strrchr(file, '/');
	const char *base = slash ? slash + 1 : file;
	size_t length = strlen(base);
	char *name;

	if (length > strlen(ending) && strcmp(base + length - strlen(ending), ending) == 0)
		length -= strlen(ending);

	name = region_alloc(region, length + 1);
	if (name)
		memcpy(name, base, length);
	return name;
}

const char *source_story(struct region *region, const char *text)
{
	static const char licence[] = "-- SPDX-License-Identifier:";
	char *story = region_alloc(region, strlen(text) + 1);
	size_t used = 0;

	if (!story)
		return NULL;

	while (strncmp(text, "--", 2) == 0 && text[2] != '[') {
		size_t length = strcspn(text, "\n");
		const char *said = text + 2;
		size_t left = length - 2;

		if (strncmp(text, licence, strlen(licence)) != 0) {
			if (left && *said == ' ') {
				said++;
				left--;
			}
			if (left && said[left - 1] == '\r')
				left--;
			if (used)
				story[used++] = '\n';
			memcpy(story + used, said, left);
			used += left;
		}
		text += length + (text[length] == '\n');
	}
	return story;
}
