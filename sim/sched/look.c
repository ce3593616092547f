/* SPDX-License-Identifier: MIT */
/* What can be seen of a world from outside: its pages, its tasks, the names of its parts. */
#include "sched/sim.h"

#include <stdio.h>
#include <string.h>

#include "check/ledger.h"
#include "drivers/test_hmm.h"
#include "drivers/pci/p2pdma.h"
#include "drivers/nvdimm/pmem.h"
#include <mmref/linux/dax.h>
#include <mmref/linux/memremap.h>

/* Sites lie in a section of their own; the linker knows where it begins and ends. */
extern const struct mmref_site __start_mmref_sites[], __stop_mmref_sites[];

/* The page with index @i of all devices one after the other. */
static const struct page *page_at(const struct world *world, unsigned int i,
				  const struct dev_pagemap **pgmap)
{
	for (int d = 0; d < MAX_DEVICES && world->pgmaps[d]; d++) {
		*pgmap = world->pgmaps[d];
		if (i < (*pgmap)->nr_pages)
			return &(*pgmap)->memmap[i];
		i -= (*pgmap)->nr_pages;
	}
	return NULL;
}

static char kind_of(const struct page *page)
{
	if (page->compound_head & 1)
		return 'T';
	return page->flags & PG_head ? 'H' : '0';
}

/* What a large folio keeps in its second page. */
static void tell_folio(const struct page *second, struct mmref_page *told)
{
	told->order = second->_folio_order;
	told->large_mapcount = second->_large_mapcount.counter + 1;
	told->entire_mapcount = second->_entire_mapcount.counter + 1;
	told->nr_pages_mapped = second->_nr_pages_mapped.counter;
	told->pincount = second->_pincount.counter;
}

/* The inode; -1 for anonymous memory, as which a page looks that 6.1 to 6.12 call shared. */
static int mapping_of(const struct page *page)
{
	if ((uintptr_t)page->mapping & PAGE_MAPPING_ANON)
		return -1;
	return page->mapping ? page->mapping->host->i_ino : 0;
}

/* @ledger may be NULL: the page is no device's. */
static void tell_page(const struct mmref_sim *sim, const struct page *page,
		      const struct page_ledger *ledger, struct mmref_page *told)
{
	*told = (struct mmref_page){
		.present = !world_absent_area(sim->world, page),
		.kind = kind_of(page),
		.refcount = page_count_peek(page),
		.mapcount = page_mapcount_peek(page),
		.mapping = mapping_of(page),
		.index = page->index,
		.referenced = page->flags & PG_referenced,
		.dirty = page->flags & PG_dirty,
		.device = -1,
	};
	if (told->kind == 'H')
		tell_folio(page + 1, told);
	if (!ledger)
		return;
	told->mapped = ledger->mapped;
	memcpy(told->held, ledger->held, sizeof(told->held));
}

bool mmref_sim_page(struct mmref_sim *sim, unsigned int i, struct mmref_page *told)
{
	const struct dev_pagemap *pgmap;
	const struct page *page = page_at(sim->world, i, &pgmap);

	if (!page)
		return false;
	tell_page(sim, page, &pgmap->ledger[page - pgmap->memmap], told);
	told->pfn = pgmap->start_pfn + (page - pgmap->memmap);
	told->device = pgmap->slot;
	return true;
}

bool sim_zero_page(struct mmref_sim *sim, bool huge, struct mmref_page *told)
{
	const struct page *page = huge ? sim->world->huge_zero_folio : sim->world->zero_page;

	if (!page)
		return false;
	tell_page(sim, page, NULL, told);
	return true;
}

static int index_of_page(const struct world *world, const struct page *page)
{
	int index = 0;

	for (int d = 0; d < MAX_DEVICES && world->pgmaps[d]; d++) {
		const struct dev_pagemap *pgmap = world->pgmaps[d];

		if (page >= pgmap->memmap && page < pgmap->memmap + pgmap->nr_pages)
			return index + (page - pgmap->memmap);
		index += pgmap->nr_pages;
	}
	return -1;
}

/* The entry that @object is, and the table it stands in; NULL if it is none. */
static const pte_t *entry_at(const struct world *world, const volatile void *object, int *mm)
{
	size_t entries = (size_t)1 << world->pmd_order;

	for (*mm = 0; *mm < MAX_MMS && world->mms[*mm]; ++*mm) {
		for (int i = 0; i < MM_PMDS; i++) {
			const struct pte_table *table = pmd_table(world->mms[*mm]->pmd[i]);
			const pte_t *pte = (const pte_t *)object;

			if (table && pte >= table->pte && pte < table->pte + entries)
				return pte;
		}
	}
	return NULL;
}

int sim_page_index(const struct mmref_sim *sim, unsigned long pfn)
{
	int index = 0;

	for (int d = 0; d < MAX_DEVICES && sim->world->pgmaps[d]; d++) {
		const struct dev_pagemap *pgmap = sim->world->pgmaps[d];

		if (pfn - pgmap->start_pfn < pgmap->nr_pages)
			return index + (pfn - pgmap->start_pfn);
		index += pgmap->nr_pages;
	}
	return -1;
}

int mmref_sim_page_of(struct mmref_sim *sim, const volatile void *object)
{
	const struct page *page = object ? world_page_at(sim->world, object) : NULL;
	const pte_t *pte;
	int mm;

	if (page)
		return index_of_page(sim->world, page);
	pte = object ? entry_at(sim->world, object, &mm) : NULL;
	return pte && *pte ? sim_page_index(sim, pte_pfn(*pte)) : -1;
}

const char *mmref_sim_task_name(struct mmref_sim *sim, int task)
{
	return task >= 0 && task < sim->nr_fibers ? sim->fiber[task]->task.name : "?";
}

unsigned int mmref_sim_nr_tasks(struct mmref_sim *sim)
{
	return sim->nr_fibers;
}

const char *mmref_site_function(const struct mmref_site *site)
{
	const char *name = site->func;
	size_t version = *name == 'v' ? strspn(name + 1, "0123456789_") : 0;

	return version > 1 ? name + 1 + version : name;
}

bool mmref_has_function(const char *func)
{
	for (const struct mmref_site *site = __start_mmref_sites; site < __stop_mmref_sites; site++)
		if (!strcmp(mmref_site_function(site), func))
			return true;
	return false;
}

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
	snprintf(text, size, "page %d %s", index_of_page(world, page),
		 page_field((const volatile char *)object - (const volatile char *)page));
	return true;
}

static bool describe_entry(const struct world *world, const volatile void *object, char *text,
			   size_t size)
{
	int mm;

	if (!entry_at(world, object, &mm))
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

	if (inside(object, p2pdma->pool, p2pdma->pgmap->nr_pages))
		snprintf(text, size, "pool of device %d", slot);
	else if (inside(object, &p2pdma->inode, sizeof(p2pdma->inode)))
		snprintf(text, size, "p2pmem/allocate of device %d", slot);
	else if (inside(object, p2pdma, sizeof(*p2pdma)))
		snprintf(text, size, "PCI device %d", slot);
	else
		return false;
	return true;
}

/* The device at @slot, whatever it is. */
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

void mmref_sim_describe(struct mmref_sim *sim, const volatile void *object, char *text,
			size_t size)
{
	const struct world *world = sim->world;

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
