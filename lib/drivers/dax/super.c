/* SPDX-License-Identifier: MIT */

#include <errno.h>

#include <mmref/kernel.h>

#include "world.h"

void dax_read_lock_at(const struct mmref_site *site)
{
	quiesce_enter(site, &current->world->dax_srcu.readers);
}

void dax_read_unlock_at(const struct mmref_site *site)
{
	quiesce_leave(site, &current->world->dax_srcu.readers);
}

bool dax_alive(const struct dax_device *dax)
{
	return READ_ONCE(dax->alive);
}

unsigned long dax_direct_access(const struct dax_device *dax, int block)
{
	return dax->start_pfn + block;
}

/* Whoever comes second has no holder's operations to store. */
static int take_holder(struct dax_device *dax, struct super_block *holder,
		       const struct dax_holder_operations *ops)
{
	if (cmpxchg(&dax->holder_data, NULL, holder))
		return -EBUSY;
	WRITE_ONCE(dax->holder_ops, ops);
	return 0;
}

int fs_dax_get(struct dax_device *dax, struct super_block *holder,
	       const struct dax_holder_operations *ops)
{
	int err = 0;

	dax_read_lock();
	if (!dax_alive(dax))
		err = -ENODEV;
	else if (holder)
		err = take_holder(dax, holder, ops);
	dax_read_unlock();
	return err;
}

void fs_put_dax(struct dax_device *dax, struct super_block *holder)
{
	bool ops_first = rules()->put_dax_clears_ops_first;

	if (!holder)
		return;
	if (ops_first)
		WRITE_ONCE(dax->holder_ops, NULL);
	if (cmpxchg(&dax->holder_data, holder, NULL) == holder && !ops_first)
		WRITE_ONCE(dax->holder_ops, NULL);
}

int dax_holder_notify_failure(struct dax_device *dax, bool pre_remove)
{
	const struct dax_holder_operations *ops;
	int err = -ENXIO;

	dax_read_lock();
	if (dax_alive(dax)) {
		ops = READ_ONCE(dax->holder_ops);
		err = ops ? ops->notify_failure(dax, pre_remove ? MF_MEM_PRE_REMOVE : 0) : -EOPNOTSUPP;
	}
	dax_read_unlock();
	return err;
}

void kill_dax(struct dax_device *dax)
{
	if (dax->holdable && READ_ONCE(dax->holder_data))
		dax_holder_notify_failure(dax, rules()->kill_dax_pre_remove);
	WRITE_ONCE(dax->alive, false);
	synchronize_srcu(&current->world->dax_srcu);
	if (!dax->holdable)
		return;
	WRITE_ONCE(dax->holder_ops, NULL);
	WRITE_ONCE(dax->holder_data, NULL);
}
