/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <mmref/kernel.h>

#include "drivers/pci/p2pdma.h"
#include "world.h"

static struct p2pdma_device *p2pdma_of(const struct dev_pagemap *pgmap)
{
	return current->world->p2pdma[pgmap->slot];
}

static struct p2pdma_device *p2pdma_of_inode(const struct inode *inode)
{
	return (struct p2pdma_device *)((char *)inode - offsetof(struct p2pdma_device, inode));
}

/* False, and none is taken, where one of them is taken already. */
static bool take_pages(bool *pool, unsigned long nr)
{
	for (unsigned long n = 0; n < nr; n++) {
		if (!__atomic_exchange_n(&pool[n], true, __ATOMIC_SEQ_CST))
			continue;
		while (n--)
			POKE(pool[n], false);
		return false;
	}
	return true;
}

/* gen_pool_alloc_owner(): the first @nr pages in a row, or -ENOMEM. */
static long gen_pool_alloc(struct p2pdma_device *p2pdma, unsigned long nr)
{
	announce(SITE("gen_pool_alloc"), p2pdma->pool, p2pdma->pgmap->nr_pages, MMREF_RMW, true);
	for (unsigned long first = 0; first + nr <= p2pdma->pgmap->nr_pages; first++)
		if (take_pages(&p2pdma->pool[first], nr))
			return first;
	return -ENOMEM;
}

/* gen_pool_free_owner(): a BUG where they are free already. */
static void gen_pool_free(struct p2pdma_device *p2pdma, unsigned long first, unsigned long nr)
{
	const struct mmref_site *site = SITE("gen_pool_free");

	announce(site, &p2pdma->pool[first], nr, MMREF_RMW, true);
	for (unsigned long n = first; n < first + nr; n++)
		if (!__atomic_exchange_n(&p2pdma->pool[n], false, __ATOMIC_SEQ_CST))
			kernel_bug(site, &p2pdma->pgmap->memmap[n],
				   "a page is given back to the pool that nobody has taken");
}

/* p2pdma_page_free(): the pgmap has been held since the page was mapped. */
static void p2pdma_page_free(struct folio *folio)
{
	struct dev_pagemap *pgmap = READ_ONCE(folio->page.pgmap);

	gen_pool_free(p2pdma_of(pgmap), &folio->page - pgmap->memmap, 1);
	put_dev_pagemap(pgmap);
}

static const struct dev_pagemap_ops p2pdma_pgmap_ops = {
	.page_free = p2pdma_page_free,
};

/* One page of p2pmem_alloc_mmap(): what the pool's page counted becomes what the PTE holds. */
static int insert_pool_page(struct vm_area_struct *vma, unsigned long address, struct page *page)
{
	struct dev_pagemap *pgmap = page_device(page);
	int err;

	if (rules()->p2pmem_page_begin)
		rules()->p2pmem_page_begin(page, true);
	err = vm_insert_page(vma, address, page);
	if (err)
		return err;
	percpu_ref_get(&pgmap->ref);
	put_page(page, HELD_BY_BASE);
	return 0;
}

/* What p2pmem_alloc_mmap() does under RCU: the first of @nr pages, and their pgmap is held. */
static long alloc_pages_of_pool(struct p2pdma_device *p2pdma, unsigned long nr)
{
	long first;

	if (!READ_ONCE(p2pdma->present))
		return -ENODEV;
	first = gen_pool_alloc(p2pdma, nr);
	if (first < 0 || percpu_ref_tryget_live_rcu(&p2pdma->pgmap->ref))
		return first;
	gen_pool_free(p2pdma, first, nr);
	return -ENODEV;
}

/* p2pmem_alloc_mmap(): pages are taken and inserted here; no fault will bring more. */
static int p2pmem_alloc_mmap(struct p2pdma_device *p2pdma, struct vm_area_struct *vma)
{
	unsigned long nr = vma->vm_end - vma->vm_start;
	struct page *page;
	int err = 0;
	long first;

	rcu_read_lock();
	first = alloc_pages_of_pool(p2pdma, nr);
	rcu_read_unlock();
	if (first < 0)
		return first;

	for (unsigned long i = 0; !err && i < nr; i++) {
		page = &p2pdma->pgmap->memmap[first + i];
		err = insert_pool_page(vma, vma->vm_start + i, page);
		if (!err)
			continue;
		gen_pool_free(p2pdma, first + i, nr - i);
		if (rules()->p2pmem_page_begin)
			rules()->p2pmem_page_begin(page, false);
	}
	put_dev_pagemap(p2pdma->pgmap);
	return err;
}

/* kernfs_fop_mmap(): the file is there for as long as it takes, and no longer. */
static int kernfs_fop_mmap(struct vm_area_struct *vma)
{
	struct p2pdma_device *p2pdma = p2pdma_of_inode(vma->vm_file->f_inode);
	int err = -ENODEV;

	down_read(&p2pdma->kn_active);
	if (!READ_ONCE(p2pdma->deactivated)) {
		vma->vm_flags |= VM_MIXEDMAP;	/* vm_insert_page() */
		err = p2pmem_alloc_mmap(p2pdma, vma);
	}
	up_read(&p2pdma->kn_active);
	return err;
}

/* kernfs_vma_fault(): there is nothing to bring. */
static vm_fault_t kernfs_vma_fault(struct vm_fault *vmf)
{
	(void)vmf;
	return VM_FAULT_SIGBUS;
}

static const struct file_operations kernfs_file_fops = {
	.fault = kernfs_vma_fault,
	.pfn_mkwrite = kernfs_vma_fault,
	.mmap = kernfs_fop_mmap,
};

/*
 * pci_p2pdma_unmap_mappings() and kernfs_drain(): no new maps, those being made are
 * waited for, and what the file knows of is unmapped.
 */
static void unmap_mappings(struct p2pdma_device *p2pdma)
{
	WRITE_ONCE(p2pdma->deactivated, true);
	down_write(&p2pdma->kn_active);
	up_write(&p2pdma->kn_active);
	unmap_mapping_pages(&p2pdma->inode.i_mapping, 0, 0, true);
}

/* pci_p2pdma_release(): gen_pool_destroy() is a BUG where pages are still taken. */
static void pci_p2pdma_release(struct p2pdma_device *p2pdma)
{
	WRITE_ONCE(p2pdma->present, false);
	synchronize_rcu();
	step_touches(p2pdma->pool, p2pdma->pgmap->nr_pages, MMREF_READ);
	for (unsigned long i = 0; i < p2pdma->pgmap->nr_pages; i++)
		if (PEEK(p2pdma->pool[i]))
			kernel_bug(SITE("gen_pool_destroy"), &p2pdma->pgmap->memmap[i],
				   "the pool is destroyed while pages of it are taken");
}

/* pci_p2pdma_setup() and pci_p2pdma_add_resource(): until both are over nothing is mapped. */
static void add_resource(struct p2pdma_device *p2pdma)
{
	memremap_pages(current->world, p2pdma->pgmap);
	WRITE_ONCE(p2pdma->present, true);
	POKE_SHARED(p2pdma->deactivated, false);
	p2pdma->bound = true;
}

struct p2pdma_device *p2pdma_new(struct world *world, unsigned long pages)
{
	struct p2pdma_device *p2pdma = world_new(world, struct p2pdma_device);
	int slot = world_free_slot(world);

	if (!p2pdma || slot < 0)
		return NULL;
	p2pdma->pool = world_alloc(world, pages * sizeof(*p2pdma->pool));
	p2pdma->pgmap = pgmap_new(world, slot, MEMORY_DEVICE_PCI_P2PDMA, pages, 0);
	p2pdma->inode.i_mapping.host = &p2pdma->inode;
	p2pdma->inode.i_count.counter = 1;	/* the directory in sysfs */
	ihold(&p2pdma->inode);
	p2pdma->file = alloc_file(&p2pdma->inode, &kernfs_file_fops);
	if (!p2pdma->pool || !p2pdma->pgmap || !p2pdma->file)
		return NULL;
	p2pdma->pgmap->ops = &p2pdma_pgmap_ops;
	world->p2pdma[slot] = p2pdma;
	add_resource(p2pdma);
	return p2pdma;
}

/* devres: what was set up last goes first. */
int p2pdma_unbind(struct p2pdma_device *p2pdma)
{
	int err = -ENODEV;

	POKE(current->unplugging, true);
	mutex_lock(&p2pdma->device_lock);
	if (p2pdma->bound) {
		unmap_mappings(p2pdma);
		memunmap_pages(p2pdma->pgmap);
		pci_p2pdma_release(p2pdma);
		p2pdma->bound = false;
		err = 0;
	}
	mutex_unlock(&p2pdma->device_lock);
	POKE(current->unplugging, false);
	return err;
}

int p2pdma_bind(struct p2pdma_device *p2pdma)
{
	int err = -ENODEV;

	mutex_lock(&p2pdma->device_lock);
	if (!p2pdma->bound) {
		add_resource(p2pdma);
		err = 0;
	}
	mutex_unlock(&p2pdma->device_lock);
	return err;
}
