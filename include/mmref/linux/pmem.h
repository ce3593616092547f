/* SPDX-License-Identifier: MIT */
/*
 * A pmem namespace: in fsdax mode a disk with a file system, drivers/nvdimm/pmem.c;
 * in devdax mode a character device that is mapped as it is, drivers/dax/device.c.
 */
#ifndef DRIVERS_PMEM_H
#define DRIVERS_PMEM_H

#include <mmref/linux/export.h>
#include <mmref/linux/dax_device.h>
#include <mmref/linux/fs.h>
#include <mmref/linux/memremap.h>

struct pmem_device {
	struct mutex device_lock;
	struct dev_pagemap *pgmap;
	struct dax_device *dax;		/* of the disk that is bound, or was bound last */
	struct super_block *sb;		/* what was mounted on it, a husk after umount */
	bool bound;
};

/*
 * A namespace of @pages pages: MEMORY_DEVICE_FS_DAX with an empty file system of
 * @fs_type mounted, or MEMORY_DEVICE_GENERIC. NULL when the world is full.
 */
struct pmem_device *pmem_new(struct world *world, unsigned long pages,
			     enum mmref_memory_type type,
			     const struct file_system_type *fs_type) EXPORTED(pmem_new);
/* Writing to the driver's unbind and bind files. -ENODEV where it is not bound, or is. */
int nd_pmem_remove(struct pmem_device *pmem) EXPORTED(nd_pmem_remove);
int nd_pmem_probe(struct pmem_device *pmem) EXPORTED(nd_pmem_probe);

static inline bool is_devdax(const struct pmem_device *pmem)
{
	return pmem->pgmap->type == MEMORY_DEVICE_GENERIC;
}

/* drivers/dax/device.c */
extern const struct file_operations dax_file_operations;

/* What it was mounted on, and no other that is bound since. */
static inline struct dax_device *sb_dax_device(const struct super_block *sb)
{
	return PEEK(sb->s_daxdev);
}

#endif
