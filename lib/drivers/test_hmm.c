/* SPDX-License-Identifier: MIT */
/* lib/test_hmm.c, with one chunk of memory that never grows. */
#include <errno.h>

#include <mmref/kernel.h>

#include "kernel/bodies.h"
#include "world.h"

void *dmirror_backing_page(struct page *page)
{
	return media_of(page_to_pfn(page));
}
EXPORT_SYMBOL(dmirror_backing_page);

/* Off the list under the lock, initialized after it. */
struct page *(dmirror_devmem_alloc_page)(struct dmirror_device *mdevice)
{
	struct page *dpage;

	spin_lock(&mdevice->lock);
	dpage = mdevice->free_pages;
	if (dpage)
		mdevice->free_pages = READ_ONCE(dpage->zone_device_data);
	spin_unlock(&mdevice->lock);
	if (!dpage)
		return NULL;
	zone_device_page_init(dpage, mdevice->pgmap, 0);
	WRITE_ONCE(dpage->zone_device_data, dmirror_backing_page(dpage));
	return dpage;
}

void (dmirror_devmem_free)(struct folio *folio)
{
	struct page *page = &folio->page;
	struct dmirror_device *mdevice = current->world->mirrors[page_device(page)->slot];

	spin_lock(&mdevice->lock);
	if (!mdevice->remove) {
		WRITE_ONCE(page->zone_device_data, mdevice->free_pages);
		mdevice->free_pages = page;
	}
	spin_unlock(&mdevice->lock);
}

/* A device page for each that is to be moved, or to be new. */
void (dmirror_migrate_alloc_and_copy)(struct migrate_vma *args, struct dmirror_device *mdevice)
{
	for (unsigned long i = 0; i < args->npages; i++) {
		struct page *dpage;

		if (!(args->src[i] & MIGRATE_PFN_MIGRATE))
			continue;
		dpage = dmirror_devmem_alloc_page(mdevice);
		if (!dpage)
			continue;
		args->dst[i] = page_to_pfn(dpage) << PTE_PFN_SHIFT;
		if (pte_names(args->src[i]))
			copy_highpage(args->dst[i], args->src[i]);
		else
			POKE(*media_of_pte(args->dst[i]), 0);
	}
}

/*
 * Best effort: 0 where the page is there then, -EBUSY where it could not be moved, -EINVAL where
 * @vma is no anonymous memory, or is gone.
 */
int (dmirror_migrate_to_device)(struct dmirror_device *mdevice, struct vm_area_struct *vma,
				unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;
	pte_t src_pfns[1] = { 0 }, dst_pfns[1] = { 0 };
	struct migrate_vma args = {
		.vma = vma,
		.src = src_pfns,
		.dst = dst_pfns,
		.start = addr,
		.end = addr + 1,
		.flags = MIGRATE_VMA_SELECT_SYSTEM,
	};
	int err = -EINVAL;

	if (!READ_ONCE(mdevice->bound))
		return -ENODEV;
	down_read(&mm->mmap_lock);
	if (vma_lookup(mm, addr) == vma && vma_is_anonymous(vma) && !migrate_vma_setup(&args)) {
		dmirror_migrate_alloc_and_copy(&args, mdevice);
		migrate_vma_pages(&args);
		migrate_vma_finalize(&args);
		err = src_pfns[0] & MIGRATE_PFN_MIGRATE ? 0 : -EBUSY;
	}
	up_read(&mm->mmap_lock);
	return err;
}

/* An anonymous page for each that is to be moved back; an eviction does the same. */
static void dmirror_devmem_fault_alloc_and_copy(pte_t *src_pfns, pte_t *dst_pfns,
						unsigned long npages)
{
	for (unsigned long i = 0; i < npages; i++) {
		dst_pfns[i] = 0;
		if (!(src_pfns[i] & MIGRATE_PFN_MIGRATE) || !pte_names(src_pfns[i]))
			continue;
		dst_pfns[i] = alloc_anon_page();
		if (!dst_pfns[i])
			continue;
		lock_page(migrate_pfn_flags(dst_pfns[i]));
		copy_highpage(dst_pfns[i], src_pfns[i]);
	}
}

/* What the page reads as says whether the driver has handed it out. */
vm_fault_t (dmirror_devmem_fault)(struct vm_fault *vmf)
{
	pte_t src_pfns[1] = { 0 }, dst_pfns[1] = { 0 };
	struct migrate_vma args = {
		.vma = vmf->vma,
		.src = src_pfns,
		.dst = dst_pfns,
		.start = vmf->address,
		.end = vmf->address + 1,
		.flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
		.pgmap = page_device(vmf->page),
		.fault_page = vmf->page,
	};

	if (READ_ONCE(vmf->page->zone_device_data) != dmirror_backing_page(vmf->page))
		kernel_bug(SITE("dmirror_devmem_fault"), vmf->page,
			   "the driver is asked for a page that it has not handed out");
	if (migrate_vma_setup(&args))
		return VM_FAULT_SIGBUS;
	dmirror_devmem_fault_alloc_and_copy(args.src, args.dst, args.npages);
	migrate_vma_pages(&args);
	migrate_vma_finalize(&args);
	return 0;
}

static void devmem_free(struct folio *folio)
{
	dmirror_devmem_free(folio);
}

static vm_fault_t devmem_fault(struct vm_fault *vmf)
{
	return dmirror_devmem_fault(vmf);
}

static const struct dev_pagemap_ops dmirror_devmem_ops = {
	.page_free = devmem_free,
	.migrate_to_ram = devmem_fault,
};

/* Best effort: what is held or locked stays where it is. */
void (dmirror_device_evict_chunk)(struct dmirror_device *mdevice)
{
	unsigned long npages = mdevice->pgmap->nr_pages;

	migrate_device_range(mdevice->src_pfns, mdevice->pgmap->start_pfn, npages);
	dmirror_devmem_fault_alloc_and_copy(mdevice->src_pfns, mdevice->dst_pfns, npages);
	migrate_device_pages(mdevice->src_pfns, mdevice->dst_pfns, npages);
	migrate_device_finalize(mdevice->src_pfns, mdevice->dst_pfns, npages);
}

void (dmirror_device_remove_chunks)(struct dmirror_device *mdevice)
{
	spin_lock(&mdevice->lock);
	mdevice->remove = true;
	mdevice->free_pages = NULL;	/* dmirror_remove_free_pages() */
	spin_unlock(&mdevice->lock);
	if (mdevice->evicts)
		dmirror_device_evict_chunk(mdevice);
	memunmap_pages(mdevice->pgmap);
}

/* The one chunk that a device has here. */
void (dmirror_allocate_chunk)(struct dmirror_device *mdevice)
{
	struct dev_pagemap *pgmap = mdevice->pgmap;

	memremap_pages(pgmap);
	spin_lock(&mdevice->lock);
	mdevice->remove = false;
	for (unsigned long i = pgmap->nr_pages; i--;) {
		pgmap->memmap[i].zone_device_data = mdevice->free_pages;
		mdevice->free_pages = &pgmap->memmap[i];
	}
	spin_unlock(&mdevice->lock);
	WRITE_ONCE(mdevice->bound, true);
}

struct dmirror_device *dmirror_new(struct world *world, unsigned long pages,
				   enum mmref_memory_type type, bool evicts)
{
	struct dmirror_device *mirror = world_new(world, struct dmirror_device);
	int slot = world_free_slot(world);

	if (!mirror || slot < 0)
		return NULL;
	mirror->evicts = evicts;
	mirror->src_pfns = world_alloc(world, pages * sizeof(*mirror->src_pfns));
	mirror->dst_pfns = world_alloc(world, pages * sizeof(*mirror->dst_pfns));
	mirror->pgmap = pgmap_new(world, slot, type, pages, 0);
	if (!mirror->src_pfns || !mirror->dst_pfns || !mirror->pgmap)
		return NULL;
	mirror->pgmap->ops = &dmirror_devmem_ops;
	world->mirrors[slot] = mirror;
	dmirror_allocate_chunk(mirror);
	return mirror;
}
EXPORT_SYMBOL(dmirror_new);

/* Takes the device_lock that the driver core would hold around it. */
int dmirror_device_remove(struct dmirror_device *mirror)
{
	int err = -ENODEV;

	POKE(current->unplugging, true);
	mutex_lock(&mirror->device_lock);
	if (mirror->bound) {
		dmirror_device_remove_chunks(mirror);
		WRITE_ONCE(mirror->bound, false);
		err = 0;
	}
	mutex_unlock(&mirror->device_lock);
	POKE(current->unplugging, false);
	return err;
}
EXPORT_SYMBOL(dmirror_device_remove);

int dmirror_device_init(struct dmirror_device *mirror)
{
	int err = -ENODEV;

	mutex_lock(&mirror->device_lock);
	if (!mirror->bound) {
		dmirror_allocate_chunk(mirror);
		err = 0;
	}
	mutex_unlock(&mirror->device_lock);
	return err;
}
EXPORT_SYMBOL(dmirror_device_init);
