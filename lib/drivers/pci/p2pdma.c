/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <mmref/kernel.h>

#include "kernel/bodies.h"
#include "world.h"

static struct p2pdma_device *p2pdma_of_inode(const struct inode *inode)
{
	return (struct p2pdma_device *)((char *)inode - offsetof(struct p2pdma_device, inode));
}

/* Until 7.2 p2pdma_page_free(). The pgmap has been held since the page was mapped. */
void (p2pdma_folio_free)(struct folio *folio)
{
	struct dev_pagemap *pgmap = READ_ONCE(folio->page.pgmap);
	struct p2pdma_device *pdev = current->world->p2pdma[pgmap->slot];
	struct percpu_ref *ref;

	gen_pool_free_owner(&pdev->pool, &folio->page, 1, &ref);
	percpu_ref_put(ref);
}

static void folio_free(struct folio *folio)
{
	p2pdma_folio_free(folio);
}

static const struct dev_pagemap_ops p2pdma_pgmap_ops = {
	.page_free = folio_free,
};

struct page *p2pmem_alloc_pages(struct p2pdma_device *pdev, unsigned long len,
				struct percpu_ref **ref)
{
	struct page *page = ERR_PTR(-ENODEV);

	rcu_read_lock();
	if (READ_ONCE(pdev->present)) {
		page = gen_pool_alloc_owner(&pdev->pool, len, ref);
		if (!page) {
			page = ERR_PTR(-ENOMEM);
		} else if (!percpu_ref_tryget_live_rcu(*ref)) {
			gen_pool_free(&pdev->pool, page, len);
			page = ERR_PTR(-ENODEV);
		}
	}
	rcu_read_unlock();
	return page;
}
EXPORT_SYMBOL(p2pmem_alloc_pages);

/* fs/kernfs/file.c: the file is there for as long as it takes, and no longer. */
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

/* There is nothing to bring. */
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

/* And kernfs_drain_open_files(): maps being made are waited for, and what the file knows of is unmapped. */
static void kernfs_drain(struct p2pdma_device *pdev)
{
	down_write(&pdev->kn_active);
	up_write(&pdev->kn_active);
	unmap_mapping_range(&pdev->inode.i_mapping, 0, 0, true);
}

/* The file goes, and with it what was mapped through it. */
void (pci_p2pdma_unmap_mappings)(struct p2pdma_device *pdev)
{
	WRITE_ONCE(pdev->deactivated, true);	/* kernfs_deactivate() */
	kernfs_drain(pdev);
}

/* A page of the pool that is still taken is a BUG. */
void (pci_p2pdma_release)(struct p2pdma_device *pdev)
{
	WRITE_ONCE(pdev->present, false);
	synchronize_rcu();
	gen_pool_destroy(&pdev->pool);
}

/* And pci_p2pdma_setup(): until both are over nothing is mapped. */
static void pci_p2pdma_add_resource(struct p2pdma_device *p2pdma)
{
	memremap_pages(p2pdma->pgmap);
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
	p2pdma->pool.taken = world_alloc(world, pages * sizeof(*p2pdma->pool.taken));
	p2pdma->pgmap = pgmap_new(world, slot, MEMORY_DEVICE_PCI_P2PDMA, pages, 0);
	p2pdma->inode.i_mapping.host = &p2pdma->inode;
	p2pdma->inode.i_count.counter = 1;	/* the directory in sysfs */
	ihold(&p2pdma->inode);
	p2pdma->file = alloc_file(&p2pdma->inode, &kernfs_file_fops);
	if (!p2pdma->pool.taken || !p2pdma->pgmap || !p2pdma->file)
		return NULL;
	p2pdma->pool.nr = pages;
	p2pdma->pool.start = p2pdma->pgmap->memmap;
	p2pdma->pool.owner = &p2pdma->pgmap->ref;
	p2pdma->pgmap->ops = &p2pdma_pgmap_ops;
	world->p2pdma[slot] = p2pdma;
	pci_p2pdma_add_resource(p2pdma);
	return p2pdma;
}
EXPORT_SYMBOL(p2pdma_new);

/* devres: what was set up last goes first. */
int p2pdma_unbind(struct p2pdma_device *p2pdma)
{
	int err = -ENODEV;

	POKE(current->unplugging, true);
	mutex_lock(&p2pdma->device_lock);
	if (p2pdma->bound) {
		pci_p2pdma_unmap_mappings(p2pdma);
		memunmap_pages(p2pdma->pgmap);
		pci_p2pdma_release(p2pdma);
		p2pdma->bound = false;
		err = 0;
	}
	mutex_unlock(&p2pdma->device_lock);
	POKE(current->unplugging, false);
	return err;
}
EXPORT_SYMBOL(p2pdma_unbind);

int p2pdma_bind(struct p2pdma_device *p2pdma)
{
	int err = -ENODEV;

	mutex_lock(&p2pdma->device_lock);
	if (!p2pdma->bound) {
		pci_p2pdma_add_resource(p2pdma);
		err = 0;
	}
	mutex_unlock(&p2pdma->device_lock);
	return err;
}
EXPORT_SYMBOL(p2pdma_bind);
