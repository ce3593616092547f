/* SPDX-License-Identifier: MIT */
/* A pmem namespace in fsdax mode, drivers/nvdimm/pmem.c. */
#ifndef DRIVERS_PMEM_H
#define DRIVERS_PMEM_H

#include "drivers/dax.h"
#include "fs/fs.h"
#include "mm/memremap.h"

struct pmem_device {
	struct mutex device_lock;
	struct dev_pagemap *pgmap;
	struct dax_device dax;
	struct super_block *sb;		/* what was mounted on it, a husk after umount */
	bool bound;
};

/* A namespace of @pages pages with an empty file system mounted. NULL when the world is full. */
struct pmem_device *pmem_new(struct world *world, unsigned long pages);
/* Writing to the driver's unbind and bind files. -ENODEV where it is not bound, or is. */
int pmem_unbind(struct pmem_device *pmem);
int pmem_bind(struct pmem_device *pmem);

static inline struct dax_device *sb_dax_device(struct super_block *sb)
{
	return &sb->s_dev->dax;
}

#endif
