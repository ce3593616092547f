/* SPDX-License-Identifier: MIT */
/*
 * Memory that is given out piece by piece and given back at once: what a program
 * is made of. A region has a limit, so that a script cannot eat the machine.
 */
#ifndef SCRIPT_REGION_H
#define SCRIPT_REGION_H

#include <stddef.h>

struct region;

/* A region of at most @limit bytes, or NULL when memory is short. */
struct region *region_new(size_t limit);
void region_free(struct region *region);

/* @size zeroed bytes, or NULL beyond the limit or when memory is short. */
void *region_alloc(struct region *region, size_t size);

#endif
