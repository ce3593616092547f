/* SPDX-License-Identifier: MIT */
#include "check/describe.h"

#include <stdio.h>

#include "check/introspect.h"
#include <mmref/linux/pmem.h>
#include <mmref/linux/pci-p2pdma.h>
#include <mmref/linux/test_hmm.h>
#include "world.h"
#include <mmref/linux/dax.h>
#include <mmref/linux/memremap.h>

static const char *page_field(size_t offset)
{
	static const struct {
		size_t offset;
		const char *name;
	} fields[] = {
		{ offsetof(struct page, flags), "flags" },
		{ offsetof(struct page, _refcount), "refcount" },
		{ offsetof(struct page, _mapcount), "mapcount" },
		{ offsetof(struct page, mapping), "mapping" },
		{ offsetof(struct page, index), "index" },
		{ offsetof(struct page, pgmap), "pgmap" },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].offset == offset)
			return fields[i].name;
	return "page";
}

static bool describe_page(const struct world *world, const volatile void *object, char *text,
			  size_t size)
{
	const struct page *page = world_page_at(world, object);

	if (!page)
		return false;
	snprintf(text, size, "page %d %s", introspect_page_of(world, page),
		 page_field((const volatile char *)object - (const volatile char *)page));
	return true;
}

static bool describe_entry(const struct world *world, const volatile void *object, char *text,
			   size_t size)
{
	int mm;

	if (!introspect_pte_at(world, object, &mm))
		return false;
	snprintf(text, size, "PTE of mm %d", mm);
	return true;
}

static bool inside(const volatile void *object, const void *start, size_t size)
{
	const volatile char *at = object;

	return start && at >= (const char *)start && at < (const char *)start + size;
}

static bool describe_inode(const struct inode *inode, const volatile void *object, char *text,
			   size_t size)
{
	const struct address_space *mapping = &inode->i_mapping;
	const struct {
		const void *start;
		size_t size;
		const char *name;
	} parts[] = {
		{ &mapping->i_pages.xa_lock, sizeof(mapping->i_pages.xa_lock), "i_pages lock" },
		{ &mapping->i_mmap_rwsem, sizeof(mapping->i_mmap_rwsem), "i_mmap_rwsem" },
		{ &mapping->i_mmap, sizeof(mapping->i_mmap), "i_mmap" },
		{ &mapping->invalidate_lock, sizeof(mapping->invalidate_lock), "invalidate_lock" },
		{ &inode->i_rwsem, sizeof(inode->i_rwsem), "inode lock" },
		{ &inode->i_count, sizeof(inode->i_count), "i_count" },
		{ &inode->i_size, sizeof(inode->i_size), "i_size" },
		{ &inode->i_nlink, sizeof(inode->i_nlink), "i_nlink" },
		{ inode->block, inode->max_pages * sizeof(*inode->block), "extents" },
		{ inode->cow, inode->max_pages * sizeof(*inode->cow), "CoW fork" },
		{ inode, sizeof(*inode), "state" },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!inside(object, parts[i].start, parts[i].size))
			continue;
		snprintf(text, size, "inode %d %s", inode->i_ino, parts[i].name);
		return true;
	}
	return false;
}

static bool describe_pgmap(const struct dev_pagemap *pgmap, const volatile void *object,
			   char *text, size_t size)
{
	if (inside(object, &pgmap->ref, sizeof(pgmap->ref)))
		snprintf(text, size, "pgmap %d ref", pgmap->slot);
	else if (inside(object, &pgmap->done, sizeof(pgmap->done)))
		snprintf(text, size, "pgmap %d done", pgmap->slot);
	else if (inside(object, pgmap->media, pgmap->nr_pages))
		snprintf(text, size, "data of page %d",
			 (int)((const volatile uint8_t *)object - pgmap->media));
	else
		return false;
	return true;
}

static bool describe_pmem(const struct pmem_device *pmem, const volatile void *object, char *text,
			  size_t size)
{
	const struct dev_pagemap *pgmap = pmem->pgmap;
	const struct super_block *sb = pmem->sb;

	for (const struct inode *inode = sb->s_inodes; inode; inode = inode->i_next)
		if (describe_inode(inode, object, text, size))
			return true;
	if (inside(object, pmem->dax, sizeof(*pmem->dax)) ||
	    inside(object, sb->s_daxdev, sizeof(*sb->s_daxdev)))
		snprintf(text, size, "dax device %d", pgmap->slot);
	else if (inside(object, pmem, sizeof(*pmem)))
		snprintf(text, size, "pmem device %d", pgmap->slot);
	else if (inside(object, sb, sizeof(*sb)))
		snprintf(text, size, "file system of device %d", pgmap->slot);
	else
		return false;
	return true;
}

static bool describe_p2pdma(const struct p2pdma_device *p2pdma, const volatile void *object,
			    char *text, size_t size)
{
	int slot = p2pdma->pgmap->slot;

	if (inside(object, p2pdma->pool.taken, p2pdma->pool.nr))
		snprintf(text, size, "pool of device %d", slot);
	else if (inside(object, &p2pdma->inode, sizeof(p2pdma->inode)))
		snprintf(text, size, "p2pmem/allocate of device %d", slot);
	else if (inside(object, p2pdma, sizeof(*p2pdma)))
		snprintf(text, size, "PCI device %d", slot);
	else
		return false;
	return true;
}

/* The device at @slot, of any type. */
static bool describe_device(const struct world *world, int slot, const volatile void *object,
			    char *text, size_t size)
{
	const struct dmirror_device *mirror = world->mirrors[slot];

	if (describe_pgmap(world->pgmaps[slot], object, text, size))
		return true;
	if (world->devices[slot])
		return describe_pmem(world->devices[slot], object, text, size);
	if (world->p2pdma[slot])
		return describe_p2pdma(world->p2pdma[slot], object, text, size);
	if (!mirror || !inside(object, mirror, sizeof(*mirror)))
		return false;
	snprintf(text, size, "driver of device %d", slot);
	return true;
}

static bool describe_world(const struct world *world, const volatile void *object, char *text,
			   size_t size)
{
	const struct {
		const void *start;
		size_t size;
		const char *name;
	} parts[] = {
		{ &world->irqs_off, sizeof(world->irqs_off), "interrupts" },
		{ &world->rcu, sizeof(world->rcu), "RCU" },
		{ &world->dax_srcu, sizeof(world->dax_srcu), "dax_srcu" },
		{ &world->dax_waiters, sizeof(world->dax_waiters), "waiters for DAX entries" },
		{ &world->folio_waiters, sizeof(world->folio_waiters), "waiters for pages" },
		{ world->anon, sizeof(world->anon), "anonymous page" },
		{ world->anon_page, sizeof(world->anon_page), "data of an anonymous page" },
		{ world->var_queues, sizeof(world->var_queues), "wait queue" },
		{ world->pgmap_array, sizeof(world->pgmap_array), "pgmap_array" },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!inside(object, parts[i].start, parts[i].size))
			continue;
		snprintf(text, size, "%s", parts[i].name);
		return true;
	}
	return false;
}

void describe(const struct world *world, const volatile void *object, char *text, size_t size)
{
	*text = '\0';
	if (!object || describe_page(world, object, text, size) ||
	    describe_entry(world, object, text, size) ||
	    describe_world(world, object, text, size))
		return;
	for (int i = 0; i < MAX_DEVICES && world->pgmaps[i]; i++)
		if (describe_device(world, i, object, text, size))
			return;
	for (int i = 0; i < MAX_MMS && world->mms[i]; i++) {
		if (!inside(object, world->mms[i], sizeof(*world->mms[i])))
			continue;
		snprintf(text, size, "mm %d", world->mms[i]->id);
		return;
	}
}
