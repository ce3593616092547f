/* SPDX-License-Identifier: MIT */
/* The objects of a world, in words. */
#ifndef CHECK_DESCRIBE_H
#define CHECK_DESCRIBE_H

#include <stddef.h>

struct world;

/* Write what @object is part of, "page 1 refcount", to @text of @size bytes; "" if of nothing. */
void describe(const struct world *world, const volatile void *object, char *text, size_t size);

#endif
