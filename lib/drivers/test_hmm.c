/* SPDX-License-Identifier: MIT */
/* lib/test_hmm.c, with one chunk of memory that never grows. */
#include <errno.h>

#include <mmref/kernel.h>

#include <mmref/linux/test_hmm.h>
#include "world.h"

static struct dmirror_device *mirror_of(const struct page *page)
{
	return current->world->mirrors[page_device(page)->slot];
}

/* BACKING_PAGE(): what a page in use reads as stands for what the driver keeps of it. */
static void *backing_of(struct page *page)
{
	return media_of(page_to_pfn(page));
}

/* dmirror_devmem_alloc_page(): off the list under the lock, initialized after it. */
static struct page *dmirror_devmem_alloc_page(struct dmirror_device *mirror)
{
	struct page *page;

	spin_lock(&mirror->lock);
	page = mirror->free_pages;
	if (page)
		mirror->free_pages = READ_ONCE(page->zone_device_data);
	spin_unlock(&mirror->lock);
	if (!page || !zone_device_page_init(page))
		return NULL;
	WRITE_ONCE(page->zone_device_data, backing_of(page));
	return page;
}

/* dmirror_devmem_free() */
static void dmirror_devmem_free(struct folio *folio)
{
	struct page *page = &folio->page;
	struct dmirror_device *mirror = mirror_of(page);

	spin_lock(&mirror->lock);
	if (!mirror->remove) {
		WRITE_ONCE(page->zone_device_data, mirror->free_pages);
		mirror->free_pages = page;
	}
	spin_unlock(&mirror->lock);
}

/* dmirror_migrate_alloc_and_copy(): a device page for what is to be moved. */
static void alloc_and_copy(struct dmirror_device *mirror, struct migrate_vma *args)
{
	struct page *page;

	if (!(args->src & MIGRATE_PFN_MIGRATE))
		return;
	page = dmirror_devmem_alloc_page(mirror);
	if (!page)
		return;
	args->dst = page_to_pfn(page) << PTE_PFN_SHIFT;
	if (pte_names(args->src))
		copy_migrated_page(args->dst, args->src);
	else
		POKE(*media_of_pte(args->dst), 0);
}

static int migrate_to_device(struct dmirror_device *mirror, struct vm_area_struct *vma,
			     unsigned long address)
{
	struct migrate_vma args = {
		.vma = vma,
		.address = address,
		.flags = MIGRATE_VMA_SELECT_SYSTEM,
	};

	migrate_vma_setup(&args);
	alloc_and_copy(mirror, &args);
	migrate_vma_pages(&args);
	migrate_vma_finalize(&args);
	return args.src & MIGRATE_PFN_MIGRATE ? 0 : -EBUSY;
}

int dmirror_migrate_to_device(struct dmirror_device *mirror, struct vm_area_struct *vma,
			      unsigned long address)
{
	struct mm_struct *mm = vma->vm_mm;
	int err = -EINVAL;

	if (!READ_ONCE(mirror->bound))
		return -ENODEV;
	down_read(&mm->mmap_lock);
	if (vma_lookup(mm, address) == vma && vma_is_anonymous(vma))
		err = migrate_to_device(mirror, vma, address);
	up_read(&mm->mmap_lock);
	return err;
}

/* An anonymous page for what is to be moved back. */
static mmref_pte alloc_and_copy_back(mmref_pte src)
{
	mmref_pte dst;

	if (!(src & MIGRATE_PFN_MIGRATE) || !pte_names(src))
		return 0;
	dst = alloc_anon_page();
	if (!dst)
		return 0;
	lock_page(migrate_pfn_flags(dst));
	copy_migrated_page(dst, src);
	return dst;
}

/* dmirror_devmem_fault(): whose page it is says what the driver keeps of it. */
static vm_fault_t dmirror_devmem_fault(struct vm_fault *vmf, struct page *page)
{
	struct migrate_vma args = {
		.vma = vmf->vma,
		.address = vmf->address,
		.flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
		.pgmap = page_device(page),
		.fault_page = vmf->page,
	};

	if (READ_ONCE(page->zone_device_data) != backing_of(page))
		kernel_bug(SITE("dmirror_devmem_fault"), page,
			   "the driver is asked for a page that it has not handed out");
	migrate_vma_setup(&args);
	args.dst = alloc_and_copy_back(args.src);
	migrate_vma_pages(&args);
	migrate_vma_finalize(&args);
	return 0;
}

static const struct dev_pagemap_ops dmirror_devmem_ops = {
	.page_free = dmirror_devmem_free,
	.migrate_to_ram = dmirror_devmem_fault,
};

/* dmirror_device_evict_chunk(): best effort; what is held or locked stays where it is. */
static void evict_chunk(struct dmirror_device *mirror)
{
	unsigned long nr = mirror->pgmap->nr_pages;

	migrate_device_range(mirror->src_pfns, mirror->pgmap->start_pfn, nr);
	for (unsigned long i = 0; i < nr; i++)
		mirror->dst_pfns[i] = alloc_and_copy_back(mirror->src_pfns[i]);
	migrate_device_pages(mirror->src_pfns, mirror->dst_pfns, nr);
	migrate_device_finalize(mirror->src_pfns, mirror->dst_pfns, nr);
}

/* dmirror_device_remove_chunks() */
static void remove_chunk(struct dmirror_device *mirror)
{
	spin_lock(&mirror->lock);
	mirror->remove = true;
	mirror->free_pages = NULL;	/* dmirror_remove_free_pages() */
	spin_unlock(&mirror->lock);
	if (mirror->evicts)
		evict_chunk(mirror);
	memunmap_pages(mirror->pgmap);
}

/* dmirror_allocate_chunk() */
static void allocate_chunk(struct dmirror_device *mirror)
{
	struct dev_pagemap *pgmap = mirror->pgmap;

	memremap_pages(current->world, pgmap);
	spin_lock(&mirror->lock);
	mirror->remove = false;
	for (unsigned long i = pgmap->nr_pages; i--;) {
		pgmap->memmap[i].zone_device_data = mirror->free_pages;
		mirror->free_pages = &pgmap->memmap[i];
	}
	spin_unlock(&mirror->lock);
	WRITE_ONCE(mirror->bound, true);
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
	allocate_chunk(mirror);
	return mirror;
}

int dmirror_unbind(struct dmirror_device *mirror)
{
	int err = -ENODEV;

	POKE(current->unplugging, true);
	mutex_lock(&mirror->device_lock);
	if (mirror->bound) {
		remove_chunk(mirror);
		WRITE_ONCE(mirror->bound, false);
		err = 0;
	}
	mutex_unlock(&mirror->device_lock);
	POKE(current->unplugging, false);
	return err;
}

int dmirror_bind(struct dmirror_device *mirror)
{
	int err = -ENODEV;

	mutex_lock(&mirror->device_lock);
	if (!mirror->bound) {
		allocate_chunk(mirror);
		err = 0;
	}
	mutex_unlock(&mirror->device_lock);
	return err;
}
