/* SPDX-License-Identifier: MIT */
/*
 * struct dax_device, drivers/dax/super.c: whether the memory may still be
 * reached. Readers ask under SRCU; kill_dax() says no, and waits for them.
 */
#ifndef DRIVERS_DAX_H
#define DRIVERS_DAX_H

#include <mmref/linux/srcu.h>

struct dax_device;

/* Whoever is to be told when memory of the device fails, or goes. */
struct dax_holder_operations {
	/* @mf_flags: MF_MEM_PRE_REMOVE where the memory is good and about to be removed. */
	int (*notify_failure)(struct dax_device *dax_dev, int mf_flags);
};

struct dax_device {
	bool alive;			/* DAXDEV_ALIVE */
	bool holdable;			/* its file system takes it as a holder */
	unsigned long start_pfn;
	struct super_block *holder_data;
	const struct dax_holder_operations *holder_ops;
};

/* As every lock, each is a step of the caller's. */
void dax_read_lock_at(const struct mmref_site *site);
void dax_read_unlock_at(const struct mmref_site *site);

#define dax_read_lock()		dax_read_lock_at(SITE("srcu_read_lock"))
#define dax_read_unlock()	dax_read_unlock_at(SITE("srcu_read_unlock"))

/* Under dax_read_lock(). */
bool dax_alive(const struct dax_device *dax);
/* The pfn of @block. */
unsigned long dax_direct_access(const struct dax_device *dax, int block);
/*
 * fs_dax_get_by_bdev(), at the mount; @holder may be NULL. -ENODEV where the device is dead,
 * -EBUSY where it has a holder. And its end, at the umount.
 */
int fs_dax_get(struct dax_device *dax, struct super_block *holder,
	       const struct dax_holder_operations *ops);
void fs_put_dax(struct dax_device *dax, struct super_block *holder);
/* Tell the holder, within an SRCU section. -ENXIO where the device is dead, or -EOPNOTSUPP. */
int dax_holder_notify_failure(struct dax_device *dax, bool pre_remove);
/* No new access from here on; sleeps until those under way are over. */
void kill_dax(struct dax_device *dax);

#endif
