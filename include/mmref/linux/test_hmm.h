/* SPDX-License-Identifier: MIT */
/*
 * A driver with memory of its own that anonymous pages move into and out of, as
 * lib/test_hmm.c is: device-private memory, which the CPU cannot reach, or
 * device-coherent memory, which it can.
 *
 *	free page  = counted 0, on the free list
 *	taken page = counted 1 by the driver until it is mapped, and has the pgmap
 */
#ifndef DRIVERS_DEVICE_PRIVATE_H
#define DRIVERS_DEVICE_PRIVATE_H

#include <mmref/linux/export.h>
#include <mmref/linux/memremap.h>
#include <mmref/linux/mm.h>

struct dmirror_device {
	struct mutex device_lock;
	struct dev_pagemap *pgmap;	/* its one chunk */
	spinlock_t lock;		/* guards the next two */
	struct page *free_pages;	/* linked by zone_device_data */
	bool remove;			/* what is freed is not handed out again */
	bool evicts;			/* it moves out what it can before it is removed */
	bool bound;
	pte_t *src_pfns, *dst_pfns;	/* of an eviction */
};

/* A device of @pages pages of @type, bound; NULL when the world is full. */
struct dmirror_device *dmirror_new(struct world *world, unsigned long pages,
				   enum mmref_memory_type type, bool evicts) EXPORTED(dmirror_new);
/* BACKING_PAGE() of a page that is handed out: its zone_device_data. */
void *dmirror_backing_page(struct page *page) EXPORTED(dmirror_backing_page);
/* -ENODEV where it is not bound, or is. */
int dmirror_device_remove(struct dmirror_device *mirror) EXPORTED(dmirror_device_remove);
int dmirror_device_init(struct dmirror_device *mirror) EXPORTED(dmirror_device_init);

#endif
