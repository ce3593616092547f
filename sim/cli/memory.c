/* SPDX-License-Identifier: MIT */
/*
 * An allocation that fails ends the command: one line, exit status 2, and no file half written.
 * The linker sends the calls of the command here (--wrap, see sim/CMakeLists.txt); libmmref, in a
 * user's process, returns an error instead.
 */
#include "cli/cli.h"

#include "explore/whole_file.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t nr, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
FILE *__real_open_memstream(char **text, size_t *size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t nr, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
FILE *__wrap_open_memstream(char **text, size_t *size);

static void __attribute__((noreturn)) out_of_memory(void)
{
	static const char text[] = "mmref: there is no memory left; free some\n";

	whole_file_abandon();
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		_exit(STATUS_BAD_USAGE);	/* nobody reads standard error */
	_exit(STATUS_BAD_USAGE);
}

void *__wrap_malloc(size_t size)
{
	void *memory = __real_malloc(size);

	if (!memory && size)
		out_of_memory();
	return memory;
}

void *__wrap_calloc(size_t nr, size_t size)
{
	void *memory = __real_calloc(nr, size);

	if (!memory && nr && size)
		out_of_memory();
	return memory;
}

void *__wrap_realloc(void *old, size_t size)
{
	void *memory = __real_realloc(old, size);

	if (!memory && size)
		out_of_memory();
	return memory;
}

char *__wrap_strdup(const char *text)
{
	char *copy = __real_strdup(text);

	if (!copy)
		out_of_memory();
	return copy;
}

FILE *__wrap_open_memstream(char **text, size_t *size)
{
	FILE *stream = __real_open_memstream(text, size);

	if (!stream)
		out_of_memory();
	return stream;
}

void end_when_memory_is_short(void)
{
	cJSON_Hooks hooks = { .malloc_fn = malloc, .free_fn = free };

	cJSON_InitHooks(&hooks);
}
