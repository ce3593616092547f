/* SPDX-License-Identifier: MIT */
/* A list of the kernel, as far as the model has one: folios taken off an LRU, of which it has none. */
#ifndef MMREF_LINUX_LIST_H
#define MMREF_LINUX_LIST_H

#include <stdbool.h>

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD(name)	struct list_head name = { &(name), &(name) }

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

#endif
