/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <mmref/kernel.h>

#include "kernel/bodies.h"
#include "world.h"

/* Each disk has one of its own; that of a device-dax outlives its driver. */
static struct dax_device *alloc_dax(struct pmem_device *pmem)
{
	struct dax_device *dax;

	if (is_devdax(pmem) && pmem->dax)
		return pmem->dax;
	dax = world_new(current->world, struct dax_device);
	if (!dax)
		return NULL;
	dax->start_pfn = pmem->pgmap->start_pfn;
	dax->holdable = !is_devdax(pmem) && pmem->sb->s_type->dax_holder;
	return dax;
}

/* And dev_dax_probe(), drivers/dax/device.c. */
int (pmem_attach_disk)(struct pmem_device *pmem)
{
	struct dax_device *dax = alloc_dax(pmem);

	if (!dax)
		return -ENOMEM;
	memremap_pages(pmem->pgmap);
	WRITE_ONCE(dax->alive, true);
	POKE_SHARED(pmem->dax, dax);
	pmem->bound = true;
	return 0;
}

struct pmem_device *pmem_new(struct world *world, unsigned long pages,
			     enum mmref_memory_type type,
			     const struct file_system_type *fs_type)
{
	unsigned int shift = type == MEMORY_DEVICE_GENERIC ? world->pmd_order : 0;
	struct pmem_device *pmem = world_new(world, struct pmem_device);
	int slot = world_free_slot(world);

	if (!pmem || slot < 0 || pages & ((1UL << shift) - 1))
		return NULL;
	pmem->pgmap = pgmap_new(world, slot, type, pages, shift);
	pmem->sb = pmem->pgmap ? alloc_super(world, pmem, fs_type) : NULL;
	if (!pmem->sb)
		return NULL;
	world->devices[slot] = pmem;
	if (pmem_attach_disk(pmem))
		return NULL;
	if (is_devdax(pmem))
		pmem->sb->s_daxdev = pmem->dax;
	else
		get_tree_bdev(pmem->sb);
	return pmem;
}
EXPORT_SYMBOL(pmem_new);

/*
 * The dax device dies before the disk, and the disk before the pages. Or virtio_fs_cleanup_dax(),
 * where there is no disk, and the file system hears of nothing.
 */
void (pmem_release_disk)(struct pmem_device *pmem)
{
	kill_dax(pmem->dax);
	if (pmem->sb->s_type->requires_dev)
		del_gendisk(pmem);
}

/* Takes the device_lock that device_driver_detach() holds around it. In devdax mode: kill_dev_dax(). */
int nd_pmem_remove(struct pmem_device *pmem)
{
	int err = -ENODEV;

	POKE(current->unplugging, true);
	mutex_lock(&pmem->device_lock);
	if (pmem->bound) {
		if (is_devdax(pmem))
			kill_dev_dax(pmem);
		else
			pmem_release_disk(pmem);
		memunmap_pages(pmem->pgmap);
		pmem->bound = false;
		err = 0;
	}
	mutex_unlock(&pmem->device_lock);
	POKE(current->unplugging, false);
	return err;
}
EXPORT_SYMBOL(nd_pmem_remove);

/* Takes the device_lock that device_driver_attach() holds around it. */
int nd_pmem_probe(struct pmem_device *pmem)
{
	int err = -ENODEV;

	mutex_lock(&pmem->device_lock);
	if (!pmem->bound)
		err = pmem_attach_disk(pmem);
	mutex_unlock(&pmem->device_lock);
	return err;
}
EXPORT_SYMBOL(nd_pmem_probe);
