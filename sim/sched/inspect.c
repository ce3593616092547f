/* SPDX-License-Identifier: MIT */
#include "sched/inspect.h"

#include "check/durable.h"
#include "check/ledger.h"
#include "drivers/pmem.h"
#include "fs/dax.h"
#include "kernel/spinlock.h"
#include "mm/memremap.h"

/* The @i-th page of all devices, as mmref_sim_page() counts them; *@pgmap is its device's. */
static const struct page *find_page(const struct world *world, unsigned int i,
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

static void look_at_entry(const struct world *world, const struct address_space *mapping,
			  unsigned long index, unsigned long pfn, struct page_inside *inside)
{
	unsigned long entry = mapping->entry[index];

	if (!entry || entry == DAX_SIBLING || entry & (DAX_ZERO_PAGE | DAX_EMPTY) ||
	    pfn - dax_to_pfn(entry) >= (entry & DAX_PMD ? 1UL << world->pmd_order : 1))
		return;
	inside->entries++;
	inside->marked_dirty |= !!(mapping->tags[index] & PAGECACHE_TAG_DIRTY);
	inside->marked_towrite |= !!(mapping->tags[index] & PAGECACHE_TAG_TOWRITE);
}

static void look_at_files(const struct world *world, const struct super_block *sb,
			  unsigned long block, unsigned long pfn, struct page_inside *inside)
{
	inside->files = sb->block_files[block];
	for (const struct inode *inode = sb->s_inodes; inode; inode = inode->i_next)
		for (unsigned long i = 0; i < inode->max_pages; i++)
			look_at_entry(world, &inode->i_mapping, i, pfn, inside);
}

bool sim_page_inside(struct mmref_sim *sim, unsigned int i, struct page_inside *inside)
{
	const struct world *world = sim->world;
	const struct dev_pagemap *pgmap;
	const struct page *page = find_page(world, i, &pgmap);
	unsigned long n;

	*inside = (struct page_inside){ 0 };
	if (!page)
		return false;
	n = page - pgmap->memmap;
	inside->users = pgmap->ledger[n].users;
	inside->unflushed = pgmap->durability[n].unflushed;
	if (world->devices[pgmap->slot])
		look_at_files(world, world->devices[pgmap->slot]->sb, n, pgmap->start_pfn + n,
			      inside);
	return true;
}

bool sim_pgmap_inside(struct mmref_sim *sim, int i, struct pgmap_inside *inside)
{
	const struct dev_pagemap *pgmap = i < MAX_DEVICES ? sim->world->pgmaps[i] : NULL;

	if (!pgmap)
		return false;
	inside->references = percpu_ref_sum(&pgmap->ref);
	inside->dying = pgmap->ref.percpu_count_ptr & PERCPU_REF_DEAD;
	return true;
}

int sim_pgmap_of(struct mmref_sim *sim, const volatile void *object)
{
	const volatile char *at = object;

	for (int i = 0; i < MAX_DEVICES && sim->world->pgmaps[i]; i++) {
		const char *start = (const char *)sim->world->pgmaps[i];

		if (at >= start && at < start + sizeof(struct dev_pagemap))
			return i;
	}
	return -1;
}

/* A condition is looked at as the task would that waits for it. */
static bool has_come(struct fiber *fiber, const struct sleep *until)
{
	struct task *before = current_task;
	bool come;

	current_task = &fiber->task;
	come = until->ready(until->arg);
	current_task = before;
	return come;
}

bool sim_wait_inside(struct mmref_sim *sim, int task, struct wait_inside *inside)
{
	struct fiber *fiber = sim->fiber[task];
	const struct sleep *until = &fiber->task.wait.until;

	*inside = (struct wait_inside){ 0 };
	if (fiber->task.done || fiber->task.dead)
		return false;
	if (until->ready) {
		inside->object = fiber->task.wait.address;
		inside->by_wakeup = true;
	} else {
		until = &fiber->sleep;
		if (!until->ready)
			return false;
		inside->object = fiber->pending.object;
		inside->holders = lock_holders(until) | quiesce_holders(until);
	}
	inside->come = has_come(fiber, until);
	return true;
}

bool sim_task_has_returned(struct mmref_sim *sim, int task)
{
	return sim->fiber[task]->task.done;
}

bool sim_task_has_died(struct mmref_sim *sim, int task)
{
	return sim->fiber[task]->task.dead;
}
