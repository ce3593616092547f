/* SPDX-License-Identifier: MIT */
/*
 * A file that is replaced as a whole or not at all: written under a name that nobody has beside
 * the old file, F.XXXXXX, and renamed at the end. Of several that write F the last one replaces it. A pipe or a device is written directly. A symbolic link
 * stays, and the file it names is replaced.
 */
#ifndef EXPLORE_WHOLE_FILE_H
#define EXPLORE_WHOLE_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct whole_file {
	FILE *out;
	char *name;	/* final name */
	char *beside;	/* name while it is written; NULL: not a regular file */
};

/* True if @name does not exist or is a regular file. False with errno otherwise. */
bool whole_file_can_be(const char *name);
/* The stream to write to, or NULL with errno. */
FILE *whole_file_begin(struct whole_file *file, const char *name);
/*
 * Replace the old file. False, with errno, if writing failed or @good is false: then the old file
 * stays.
 */
bool whole_file_end(struct whole_file *file, bool good);
/* The process is about to end: remove what is being written. */
void whole_file_abandon(void);

#endif
