/* SPDX-License-Identifier: MIT */
/*
 * struct dax_device, drivers/dax/super.c: whether the memory may still be
 * reached. Readers ask under SRCU; kill_dax() says no, and waits for them.
 */
#ifndef DRIVERS_DAX_H
#define DRIVERS_DAX_H

#include <mmref/linux/export.h>
#include <mmref/linux/srcu.h>

struct dax_device;

/* Whoever is to be told when memory of the device fails, or goes. */
struct dax_holder_operations {
	/* @mf_flags: MF_MEM_PRE_REMOVE where the memory is good and about to be removed. */
	int (*notify_failure)(struct dax_device *dax_dev, int mf_flags);
};

/* enum mf_flags, include/linux/mm.h: the memory is good, and about to be removed. */
#define MF_MEM_PRE_REMOVE	(1 << 5)

struct dax_device {
	bool alive;			/* DAXDEV_ALIVE */
	bool holdable;			/* its file system takes it as a holder */
	unsigned long start_pfn;
	struct super_block *holder_data;
	const struct dax_holder_operations *holder_ops;
};

/* The SRCU domain of dax_read_lock(): what synchronize_srcu() of kill_dax() waits for. */
struct srcu_struct *dax_srcu(void) EXPORTED(dax_srcu);

#endif
