/* SPDX-License-Identifier: MIT */
/* How a check says what it found. */
#ifndef CHECK_FAIL_H
#define CHECK_FAIL_H

#include "kernel/host.h"

/* Fill in *@v; false, for the check to return. */
static inline bool fails(struct violation *v, enum mmref_violation kind, const struct page *page,
			 const char *why)
{
	*v = (struct violation){ .kind = kind, .page = page, .why = why };
	return false;
}

#endif
