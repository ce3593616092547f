/* SPDX-License-Identifier: MIT */
/* The objects of a world, in words. */
#ifndef CHECK_DESCRIBE_H
#define CHECK_DESCRIBE_H

#include <stddef.h>

struct world;

/* What @object is part of: "page 1 refcount". Into @text of @size bytes; "" where nothing has it. */
void describe(const struct world *world, const volatile void *object, char *text, size_t size);

#endif
