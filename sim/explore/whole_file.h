/* SPDX-License-Identifier: MIT */
/*
 * A file that is there as a whole or not at all: it is written beside the one that had its
 * name, and takes the name at the end. What is no regular file, a pipe or a device, keeps its
 * place and is written to as it is. Where a symbolic link leads to a file, that is replaced.
 */
#ifndef EXPLORE_WHOLE_FILE_H
#define EXPLORE_WHOLE_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct whole_file {
	FILE *out;
	char *name;	/* what it will be called */
	char *beside;	/* what it is called until then; NULL: it is no regular file */
};

/* Is there nothing of this name yet, or a regular file? False, with errno, where not. */
bool whole_file_can_be(const char *name);
/* To write to, or NULL with errno. */
FILE *whole_file_begin(struct whole_file *file, const char *name);
/* False, with errno, where it could not be written, or was not @good: then all is as it was. */
bool whole_file_end(struct whole_file *file, bool good);

#endif
