/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <mmref/kernel.h>

#include "kernel/bodies.h"
#include "world.h"

struct srcu_struct *dax_srcu(void)
{
	return &current->world->dax_srcu;
}
EXPORT_SYMBOL(dax_srcu);

void (dax_read_lock)(void)
{
	srcu_read_lock(dax_srcu());
}

void (dax_read_unlock)(void)
{
	srcu_read_unlock(dax_srcu());
}

bool (dax_alive)(const struct dax_device *dax_dev)
{
	return READ_ONCE(dax_dev->alive);
}

unsigned long (dax_direct_access)(const struct dax_device *dax_dev, pgoff_t pgoff)
{
	return dax_dev->start_pfn + pgoff;
}

/* The one that comes second has no holder's operations to store. */
struct dax_device *(fs_dax_get_by_bdev)(struct pmem_device *bdev, struct super_block *holder,
					const struct dax_holder_operations *ops)
{
	struct dax_device *dax_dev = PEEK_SHARED(bdev->dax);

	dax_read_lock();
	if (!dax_alive(dax_dev)) {
		dax_dev = NULL;
	} else if (holder) {
		if (!cmpxchg(&dax_dev->holder_data, NULL, holder))
			WRITE_ONCE(dax_dev->holder_ops, ops);
		else
			dax_dev = NULL;
	}
	dax_read_unlock();
	return dax_dev;
}

/* -ENXIO where the device is dead, -EOPNOTSUPP where nobody wants to be told. */
int (dax_holder_notify_failure)(struct dax_device *dax_dev, int mf_flags)
{
	const struct dax_holder_operations *ops;
	int rc = -ENXIO;

	dax_read_lock();
	if (dax_alive(dax_dev)) {
		ops = READ_ONCE(dax_dev->holder_ops);
		rc = ops ? ops->notify_failure(dax_dev, mf_flags) : -EOPNOTSUPP;
	}
	dax_read_unlock();
	return rc;
}
