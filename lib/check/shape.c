/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>

#include "check/shape.h"
#include "check/fail.h"
#include <mmref/linux/pmem.h>
#include "world.h"

static bool is_tail(const struct page *page)
{
	return PEEK(page->compound_head) & 1;
}

static bool check_tail(const struct page *page, struct violation *v)
{
	const struct page *head = &page_folio_peek(page)->page;

	if (!(PEEK(head->flags) & PG_head) || page >= head + (1UL << PEEK(head[1]._folio_order)))
		return fails(v, MMREF_BAD_SPLIT, page,
			     "a tail leads to a page that is not its head");
	if (page_count_peek(page))
		return fails(v, MMREF_BAD_SPLIT, page, "a tail has a count of its own");
	return true;
}

static bool check_head(const struct page *page, struct violation *v)
{
	if (!(PEEK(page->flags) & PG_head))
		return true;
	for (unsigned long i = 1; i < 1UL << PEEK(page[1]._folio_order); i++)
		if (!is_tail(&page[i]) || &page_folio_peek(&page[i])->page != page)
			return fails(v, MMREF_BAD_SPLIT, page,
				     "a page of a large folio does not lead to its head");
	return true;
}

bool check_folio(const struct page *page, struct violation *v)
{
	return is_tail(page) ? check_tail(page, v) : check_head(page, v);
}

/* Between taking and leaving it an entry and its page may be told apart. */
static bool xa_lock_is_held(const struct super_block *sb)
{
	for (const struct inode *inode = PEEK(sb->s_inodes); inode; inode = inode->i_next)
		if (PEEK(inode->i_mapping.i_pages.xa_lock.owner))
			return true;
	return false;
}

/* A folio, and the entries that name any part of it. */
struct sharers {
	const struct page *page;
	unsigned long pfn, nr;
	long entries;
	bool other_parts; /* an entry names less of it, or more, than all */
};

static void count_entry(const struct world *world, struct sharers *sharers, const void *entry)
{
	unsigned long pfn = dax_to_pfn(entry);
	unsigned long nr = dax_is_pmd_entry(entry) ? 1UL << world->pmd_order : 1;

	if (!dax_names_page(entry) || pfn >= sharers->pfn + sharers->nr || pfn + nr <= sharers->pfn)
		return;
	sharers->entries++;
	sharers->other_parts |= sharers->nr > 1 && nr != sharers->nr;
}

static void count_sharers(const struct world *world, const struct super_block *sb,
			  struct sharers *sharers)
{
	for (const struct inode *inode = PEEK(sb->s_inodes); inode; inode = inode->i_next)
		for (unsigned long i = 0; i < inode->max_pages; i++)
			count_entry(world, sharers, xa_peek(&inode->i_mapping.i_pages, i));
}

/*
 * By its own account, how many entries share @page; -1: it is not shared. How a page says so is what
 * kernels differ in, and the function that asks is theirs.
 */
static long count_of_sharers(const struct world *world, const struct page *page)
{
	struct folio *folio = (struct folio *)(uintptr_t)page;
	struct peek peek;
	bool shared;

	mmref_peek_begin(&peek, world);
	if (MMREF_HAS(*world->rules, dax_folio_is_shared))
		shared = dax_folio_is_shared(folio);
	else if (MMREF_HAS(*world->rules, dax_page_is_shared))
		shared = dax_page_is_shared(&folio->page);
	else
		shared = dax_mapping_is_cow(PEEK(page->mapping));
	mmref_peek_end(&peek);
	return shared ? (long)PEEK(page->share) : -1;
}

static bool check_sharers(const struct world *world, const struct sharers *sharers,
			  struct violation *v)
{
	long share = count_of_sharers(world, sharers->page);

	if (share < 0 && sharers->entries > 1)
		return fails(v, MMREF_BAD_SHARE, sharers->page,
			     "several files have an entry of a page that is not shared");
	if (share >= 0 && !sharers->entries)
		return fails(v, MMREF_BAD_SHARE, sharers->page,
			     "a page is shared that no file has an entry of");
	if (share >= 0 && share != sharers->entries)
		return fails(v, MMREF_BAD_SHARE, sharers->page,
			     "a page counts other sharers than there are entries of it");
	if (share >= 0 && sharers->other_parts)
		return fails(v, MMREF_BAD_SHARE, sharers->page,
			     "files share a folio, and one has a part of it");
	return true;
}

bool check_sharing(const struct world *world, struct violation *v)
{
	for (int i = 0; i < MAX_DEVICES && world->devices[i]; i++) {
		const struct super_block *sb = world->devices[i]->sb;
		const struct dev_pagemap *pgmap = world->devices[i]->pgmap;

		if (!PEEK(sb->reflink) || world_absent_area(world, pgmap->memmap) ||
		    xa_lock_is_held(sb))
			continue;
		for (unsigned long n = 0; n < pgmap->nr_pages; n++) {
			const struct page *page = &pgmap->memmap[n];
			bool large = PEEK(page->flags) & PG_head;
			struct sharers sharers = {
				.page = page,
				.pfn = pgmap->start_pfn + n,
				.nr = 1UL << (large ? PEEK(page[1]._folio_order) : 0),
			};

			if (is_tail(page))
				continue;
			count_sharers(world, sb, &sharers);
			if (!check_sharers(world, &sharers, v))
				return false;
		}
	}
	return true;
}
