/* SPDX-License-Identifier: MIT */
/*
 * Preloaded: the allocation numbered FAIL_NTH fails, and no other. With FAIL_COUNT=FILE the number
 * of all is written there at the end.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static unsigned long nth, nr;
static char early[4096];	/* dlsym() allocates before it has found calloc() */
static size_t early_used;

static void *take_early(size_t size)
{
	void *memory = early + early_used;

	early_used += (size + 15) & ~(size_t)15;
	return early_used <= sizeof(early) ? memory : NULL;
}

/* libdw and glibc's fts crash of their own where their allocations fail: those do not. */
static int is_spared(void *caller)
{
	Dl_info info;

	if (!dladdr(caller, &info))
		return 0;
	return (info.dli_fname && (strstr(info.dli_fname, "libdw") ||
				   strstr(info.dli_fname, "libelf"))) ||
	       (info.dli_sname && !strncmp(info.dli_sname, "ft", 2));
}

static int fails(void *caller)
{
	if (!real_realloc || ++nr != nth || is_spared(caller))
		return 0;
	errno = ENOMEM;
	return 1;
}

static void __attribute__((constructor)) begin(void)
{
	const char *text = getenv("FAIL_NTH");

	nth = text ? strtoul(text, NULL, 10) : 0;
	real_malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
	real_calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
	real_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
}

static void __attribute__((destructor)) end(void)
{
	const char *file = getenv("FAIL_COUNT");
	unsigned long all = nr;
	FILE *out = file ? fopen(file, "w") : NULL;

	if (out) {
		fprintf(out, "%lu\n", all);
		fclose(out);
	}
}

void *malloc(size_t size)
{
	if (!real_malloc)
		return take_early(size);
	return fails(__builtin_return_address(0)) ? NULL : real_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	if (!real_calloc)
		return take_early(count * size);
	return fails(__builtin_return_address(0)) ? NULL : real_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	if (!real_realloc)
		return take_early(size);
	return fails(__builtin_return_address(0)) ? NULL : real_realloc(old, size);
}
