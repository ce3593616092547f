/* SPDX-License-Identifier: MIT */
/*
 * struct dax_device, drivers/dax/super.c: whether the memory may still be
 * reached. Readers ask under SRCU; kill_dax() says no, and waits for them.
 */
#ifndef DRIVERS_DAX_H
#define DRIVERS_DAX_H

#include "kernel/quiesce.h"
#include "world.h"

struct dax_device {
	bool alive;			/* DAXDEV_ALIVE */
	unsigned long start_pfn;
};

#define dax_read_lock()		srcu_read_lock(&current->world->dax_srcu)
#define dax_read_unlock()	srcu_read_unlock(&current->world->dax_srcu)

/* Under dax_read_lock(). */
bool dax_alive(struct dax_device *dax);
/* The pfn of @block. */
unsigned long dax_direct_access(const struct dax_device *dax, int block);
/* No new access from here on; sleeps until those under way are over. */
void kill_dax(struct dax_device *dax);

#endif
