/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>

#include "check/ledger.h"
#include <mmref/linux/pmem.h>

static struct durability *durability_of(const struct page *page)
{
	const struct dev_pagemap *pgmap = page_device(page);

	return &pgmap->durability[page - pgmap->memmap];
}

static void touch_all(const struct dev_pagemap *pgmap)
{
	step_touches(pgmap->durability, pgmap->nr_pages * sizeof(*pgmap->durability), MMREF_WRITE);
}

static uint16_t mine(void)
{
	return 1u << current->id;
}

void durable_store(const struct page *page)
{
	if (page)
		POKE_SHARED(durability_of(page)->unflushed, true);
}

void durable_flush(const struct page *page, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++) {
		POKE_SHARED(durability_of(page + i)->unflushed, false);
		POKE(durability_of(page + i)->owed, 0);
	}
}

void durable_sync_begin(const struct inode *inode)
{
	const struct dev_pagemap *pgmap = inode->i_sb->s_dev->pgmap;
	const struct page *memmap = pgmap->memmap;

	leave_mark();
	touch_all(pgmap);
	step_touches(inode->block, inode->max_pages * sizeof(*inode->block), MMREF_READ);
	for (unsigned long i = 0; i < inode->max_pages; i++) {
		block_t block = PEEK(inode->block[i]);
		struct durability *durability;

		if (block == HOLE)
			continue;
		durability = durability_of(&memmap[block & ~BLOCK_UNWRITTEN]);
		if (PEEK(durability->unflushed))
			POKE_OR(durability->owed, mine());
	}
}

/* Does @inode have the block at a page that no call is about to give up? */
static bool keeps_block(const struct inode *inode, block_t block)
{
	for (unsigned long page = 0; page < inode->max_pages; page++) {
		if (PEEK(inode->block[page]) == HOLE ||
		    (PEEK(inode->block[page]) & ~BLOCK_UNWRITTEN) != block)
			continue;
		if (page < PEEK(inode->cut_first) || page >= PEEK(inode->cut_end))
			return true;
	}
	return false;
}

/* Is there a file with a name that has the block, and keeps it? */
static bool is_wanted(const struct super_block *sb, block_t block)
{
	for (const struct inode *inode = PEEK(sb->s_inodes); inode; inode = inode->i_next)
		if (PEEK(inode->i_nlink) && keeps_block(inode, block))
			return true;
	return false;
}

void durable_sync_end(const struct mmref_site *site, const struct super_block *sb, int err)
{
	const struct dev_pagemap *pgmap = sb->s_dev->pgmap;

	take_mark();
	touch_all(pgmap);
	for (unsigned long i = 0; i < pgmap->nr_pages; i++) {
		uint16_t *owed = &pgmap->durability[i].owed;

		if (!(POKE_AND(*owed, ~mine()) & mine()))
			continue;
		if (!err && is_wanted(sb, (block_t)i))
			violation(MMREF_DIRTY_LOST, site, &pgmap->memmap[i],
				  "a sync has returned, and a store before it was not flushed");
	}
}

void durable_cut(struct inode *inode, unsigned long first, unsigned long end)
{
	POKE(inode->cut_first, first);
	POKE(inode->cut_end, end);
}
