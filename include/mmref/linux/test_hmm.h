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
	mmref_pte *src_pfns, *dst_pfns;	/* of an eviction */
};

/* A device of @pages pages of @type, bound; NULL when the world is full. */
struct dmirror_device *dmirror_new(struct world *world, unsigned long pages,
				   enum mmref_memory_type type, bool evicts);
/*
 * dmirror_migrate_to_device(): the page at @address of @vma. Best effort, as in the driver:
 * 0 where it is there then, -EBUSY where it could not be moved, -EINVAL where @vma is no
 * anonymous memory, or is gone.
 */
int dmirror_migrate_to_device(struct dmirror_device *mirror, struct vm_area_struct *vma,
			      unsigned long address);
/* -ENODEV where it is not bound, or is. */
int dmirror_unbind(struct dmirror_device *mirror);
int dmirror_bind(struct dmirror_device *mirror);

#endif
