/* SPDX-License-Identifier: MIT */
#include "check/introspect.h"

#include <string.h>

#include "check/ledger.h"
#include <mmref/linux/pmem.h>
#include "world.h"
#include <mmref/linux/dax.h>
#include <mmref/linux/memremap.h>

/* The page with index @i, and its device. */
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

/* The fields of a large folio that lie in its second page. */
static void fill_folio(const struct page *second, struct mmref_page *info)
{
	info->order = second->_folio_order;
	info->large_mapcount = second->_large_mapcount.counter + 1;
	info->entire_mapcount = second->_entire_mapcount.counter + 1;
	info->nr_pages_mapped = second->_nr_pages_mapped.counter;
	info->pincount = second->_pincount.counter;
}

/* v6.1 to v6.12 mark shared DAX pages with PAGE_MAPPING_ANON too: also -1. */
static int mapping_of(const struct page *page)
{
	if ((uintptr_t)page->mapping & PAGE_MAPPING_ANON)
		return -1;
	return page->mapping ? page->mapping->host->i_ino : 0;
}

/* @ledger is NULL where @page belongs to no device. */
static void fill_page(const struct world *world, const struct page *page,
		      const struct page_ledger *ledger, struct mmref_page *info)
{
	*info = (struct mmref_page){
		.present = !world_absent_area(world, page),
		.kind = kind_of(page),
		.refcount = page_count_peek(page),
		.mapcount = page_mapcount_peek(page),
		.mapping = mapping_of(page),
		.index = page->index,
		.referenced = page->flags & PG_referenced,
		.dirty = page->flags & PG_dirty,
		.device = -1,
	};
	if (info->kind == 'H')
		fill_folio(page + 1, info);
	if (!ledger)
		return;
	info->mapped = ledger->mapped;
	memcpy(info->held, ledger->held, sizeof(info->held));
}

bool introspect_page(const struct world *world, unsigned int i, struct mmref_page *info)
{
	const struct dev_pagemap *pgmap;
	const struct page *page = page_at(world, i, &pgmap);

	if (!page)
		return false;
	fill_page(world, page, &pgmap->ledger[page - pgmap->memmap], info);
	info->pfn = pgmap->start_pfn + (page - pgmap->memmap);
	info->device = pgmap->slot;
	return true;
}

bool introspect_zero_page(const struct world *world, bool huge, struct mmref_page *info)
{
	const struct page *page = huge ? world->huge_zero_folio : world->zero_page;

	if (!page)
		return false;
	fill_page(world, page, NULL, info);
	return true;
}

const pte_t *introspect_pte_at(const struct world *world, const volatile void *object, int *mm)
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

int introspect_pfn(const struct world *world, unsigned long pfn)
{
	int index = 0;

	for (int d = 0; d < MAX_DEVICES && world->pgmaps[d]; d++) {
		const struct dev_pagemap *pgmap = world->pgmaps[d];

		if (pfn - pgmap->start_pfn < pgmap->nr_pages)
			return index + (pfn - pgmap->start_pfn);
		index += pgmap->nr_pages;
	}
	return -1;
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

int introspect_page_of(const struct world *world, const volatile void *object)
{
	const struct page *page = object ? world_page_at(world, object) : NULL;
	const pte_t *pte;
	int mm;

	if (page)
		return index_of_page(world, page);
	pte = object ? introspect_pte_at(world, object, &mm) : NULL;
	return pte && *pte ? introspect_pfn(world, pte_pfn(*pte)) : -1;
}

int introspect_file_page(const struct world *world, const struct inode *inode, unsigned long index)
{
	const struct page *memmap = inode->i_sb->s_dev->pgmap->memmap;
	block_t block = inode->block[index];

	if (block == HOLE)
		return -1;
	return introspect_page_of(world, &memmap[block & ~BLOCK_UNWRITTEN]);
}

/* The first @nr pages of one device. */
struct device_pages {
	const struct world *world;
	const struct dev_pagemap *pgmap;
	struct page_inside *inside;
	unsigned long nr;
};

static void note_entry(const struct device_pages *at, const struct address_space *mapping,
			  unsigned long index)
{
	const void *entry = xa_peek(&mapping->i_pages, index);
	unsigned long first = dax_to_pfn(entry) - at->pgmap->start_pfn;
	unsigned long nr = dax_is_pmd_entry(entry) ? 1UL << at->world->pmd_order : 1;
	uint8_t marks = mapping->i_pages.marks[index];

	if (!dax_names_page(entry))
		return;
	for (unsigned long n = first; n < first + nr && n < at->nr; n++) {
		at->inside[n].entries++;
		at->inside[n].marked_dirty |= !!(marks & PAGECACHE_TAG_DIRTY);
		at->inside[n].marked_towrite |= !!(marks & PAGECACHE_TAG_TOWRITE);
	}
}

static void note_files(const struct device_pages *at, const struct super_block *sb)
{
	for (unsigned long n = 0; n < at->nr; n++)
		at->inside[n].files = sb->block_files[n];
	for (const struct inode *inode = sb->s_inodes; inode; inode = inode->i_next)
		for (unsigned long i = 0; i < inode->max_pages; i++)
			note_entry(at, &inode->i_mapping, i);
}

static void note_device(const struct device_pages *at)
{
	const struct pmem_device *pmem = at->world->devices[at->pgmap->slot];

	for (unsigned long n = 0; n < at->nr; n++)
		at->inside[n] = (struct page_inside){
			.users = at->pgmap->ledger[n].users,
			.pmds = at->pgmap->ledger[n].pmds,
			.unflushed = at->pgmap->durability[n].unflushed,
		};
	if (pmem)
		note_files(at, pmem->sb);
}

void introspect_pages(const struct world *world, struct page_inside *inside, unsigned int nr)
{
	for (int d = 0; d < MAX_DEVICES && world->pgmaps[d] && nr; d++) {
		struct device_pages at = { .world = world,
					.pgmap = world->pgmaps[d],
					.inside = inside,
					.nr = world->pgmaps[d]->nr_pages };

		if (at.nr > nr)
			at.nr = nr;
		note_device(&at);
		inside += at.nr;
		nr -= (unsigned int)at.nr;
	}
}

bool introspect_pgmap(const struct world *world, int i, struct pgmap_inside *inside)
{
	const struct dev_pagemap *pgmap = i < MAX_DEVICES ? world->pgmaps[i] : NULL;

	if (!pgmap)
		return false;
	inside->references = percpu_ref_sum(&pgmap->ref);
	inside->dying = pgmap->ref.percpu_count_ptr & PERCPU_REF_DEAD;
	return true;
}

int introspect_pgmap_of(const struct world *world, const volatile void *object)
{
	const volatile char *at = object;

	for (int i = 0; i < MAX_DEVICES && world->pgmaps[i]; i++) {
		const char *start = (const char *)world->pgmaps[i];

		if (at >= start && at < start + sizeof(struct dev_pagemap))
			return i;
	}
	return -1;
}
