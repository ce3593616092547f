/* SPDX-License-Identifier: MIT */
/*
 * Memory of a PCI BAR for peer-to-peer DMA, drivers/pci/p2pdma.c, and the file in sysfs
 * through which it is mapped.
 *
 *	pgmap = 1 + one a page + one a page that is mapped
 *
 * A map of the file takes pages of its own from the pool; they are free again when
 * the last reference to each is put.
 */
#ifndef DRIVERS_P2PDMA_H
#define DRIVERS_P2PDMA_H

#include <mmref/linux/export.h>
#include <mmref/linux/fs.h>
#include <mmref/linux/genalloc.h>
#include <mmref/linux/memremap.h>

struct p2pdma_device {
	struct mutex device_lock;
	struct dev_pagemap *pgmap;
	bool bound;
	struct gen_pool pool;
	bool present;			/* pdev->p2pdma */
	struct inode inode;		/* of p2pmem/allocate */
	struct file *file;		/* whoever maps it has opened it */
	struct rw_semaphore kn_active;	/* shared by who is in the file's operations */
	bool deactivated;		/* the file is being removed, or is */
};

/* A device of @pages pages, bound; NULL when the world is full. */
struct p2pdma_device *p2pdma_new(struct world *world, unsigned long pages) EXPORTED(p2pdma_new);
/*
 * What p2pmem_alloc_mmap() does under RCU: the first of @len pages that lie in a row, and @ref, the
 * pgmap's, is held. ERR_PTR(-ENODEV) or ERR_PTR(-ENOMEM).
 */
struct page *p2pmem_alloc_pages(struct p2pdma_device *pdev, unsigned long len,
				struct percpu_ref **ref) EXPORTED(p2pmem_alloc_pages);
/* -ENODEV where it is not bound, or is. */
int p2pdma_unbind(struct p2pdma_device *p2pdma) EXPORTED(p2pdma_unbind);
int p2pdma_bind(struct p2pdma_device *p2pdma) EXPORTED(p2pdma_bind);

#endif
