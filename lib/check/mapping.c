/* SPDX-License-Identifier: MIT */
#include "check/mapping.h"

#include "check/fail.h"
#include "check/hooks.h"
#include <mmref/linux/pmem.h>
#include <mmref/linux/bug.h>
#include <mmref/linux/dax.h>

static const char names_another[] =
	"the page's mapping or index is not that of the DAX entry that names it";

static bool is_checked(const struct world *world, const struct super_block *sb)
{
	const struct pmem_device *pmem = sb->s_dev;

	return !PEEK(sb->reflink) && PEEK(sb->s_daxdev) == PEEK(pmem->dax) &&
	       !world_absent_area(world, pmem->pgmap->memmap);
}

/* How many pages the entry at @index names, if they must name its file: 0 if not. */
static unsigned long pages_to_check(const struct world *world, const struct address_space *mapping,
				    unsigned long index)
{
	const void *entry = xa_peek(&mapping->i_pages, index);

	if (!dax_names_page(entry) || xa_to_value(entry) & (DAX_LOCKED | DAX_ZAP))
		return 0;
	return dax_is_pmd_entry(entry) ? 1UL << world->pmd_order : 1;
}

static const struct page *first_page(const struct address_space *mapping, unsigned long index)
{
	const struct dev_pagemap *pgmap = mapping->host->i_sb->s_dev->pgmap;

	return &pgmap->memmap[dax_to_pfn(xa_peek(&mapping->i_pages, index)) - pgmap->start_pfn];
}

/* The first of @nr pages whose folio names another file, or another place of it; or NULL. */
static const struct page *stranger(const struct address_space *mapping, unsigned long index,
				   unsigned long nr)
{
	const struct page *page = nr ? first_page(mapping, index) : NULL;

	for (unsigned long i = 0; i < nr; i++) {
		const struct page *head = &page_folio_peek(&page[i])->page;

		if (PEEK(head->mapping) != mapping || PEEK(head->index) != index + (head - page))
			return &page[i];
	}
	return NULL;
}

/* Many folios of one page each, as up to 6.14, count as one range. */
static void touch_names(const struct page *page, unsigned long nr)
{
	const struct page *head = &page_folio_peek(page)->page;
	const struct page *last = &page_folio_peek(&page[nr - 1])->page;

	_Static_assert(offsetof(struct page, index) ==
			       offsetof(struct page, mapping) + sizeof(head->mapping),
		       "one range");
	step_touches(&head->mapping,
		     (const char *)(&last->index + 1) - (const char *)&head->mapping, MMREF_READ);
}

void check_unlocked_entry(const struct mmref_site *site, struct address_space *mapping,
			  unsigned long index)
{
	const struct world *world = current->world;
	const struct super_block *sb = mapping->host->i_sb;
	unsigned long nr = pages_to_check(world, mapping, index);
	const struct page *page;

	if (!nr || !is_checked(world, sb))
		return;
	touch_names(first_page(mapping, index), nr);
	page = stranger(mapping, index, nr);
	if (page)
		violation(MMREF_BAD_MAPPING, site, page, names_another);
}

static bool check_inode(const struct world *world, const struct inode *inode, struct violation *v)
{
	const struct address_space *mapping = &inode->i_mapping;

	for (unsigned long index = 0; index < inode->max_pages; index++) {
		const struct page *page =
			stranger(mapping, index, pages_to_check(world, mapping, index));

		if (page)
			return fails(v, MMREF_BAD_MAPPING, page, names_another);
	}
	return true;
}

bool check_mappings(const struct world *world, struct violation *v)
{
	for (int i = 0; i < MAX_DEVICES && world->devices[i]; i++) {
		const struct super_block *sb = world->devices[i]->sb;

		if (!is_checked(world, sb))
			continue;
		for (const struct inode *inode = PEEK(sb->s_inodes); inode; inode = inode->i_next)
			if (!check_inode(world, inode, v))
				return false;
	}
	return true;
}
