/* SPDX-License-Identifier: MIT */
#include "sched/inspect.h"

#include "check/durable.h"
#include "check/ledger.h"
#include "drivers/nvdimm/pmem.h"
#include <mmref/linux/dax.h>
#include <mmref/linux/spinlock.h>
#include <mmref/linux/memremap.h>

/* The pages of one device, of which there is room for @nr. */
struct looked_at {
	const struct world *world;
	const struct dev_pagemap *pgmap;
	struct page_inside *inside;
	unsigned long nr;
};

static void look_at_entry(const struct looked_at *at, const struct address_space *mapping,
			  unsigned long index)
{
	void *entry = xa_peek(&mapping->i_pages, index);
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

static void look_at_files(const struct looked_at *at, const struct super_block *sb)
{
	for (unsigned long n = 0; n < at->nr; n++)
		at->inside[n].files = sb->block_files[n];
	for (const struct inode *inode = sb->s_inodes; inode; inode = inode->i_next)
		for (unsigned long i = 0; i < inode->max_pages; i++)
			look_at_entry(at, &inode->i_mapping, i);
}

static void look_at_device(const struct looked_at *at)
{
	const struct pmem_device *pmem = at->world->devices[at->pgmap->slot];

	for (unsigned long n = 0; n < at->nr; n++)
		at->inside[n] = (struct page_inside){
			.users = at->pgmap->ledger[n].users,
			.unflushed = at->pgmap->durability[n].unflushed,
		};
	if (pmem)
		look_at_files(at, pmem->sb);
}

void sim_pages_inside(struct mmref_sim *sim, struct page_inside *inside, unsigned int nr)
{
	for (int d = 0; d < MAX_DEVICES && sim->world->pgmaps[d] && nr; d++) {
		struct looked_at at = { .world = sim->world,
					.pgmap = sim->world->pgmaps[d],
					.inside = inside,
					.nr = sim->world->pgmaps[d]->nr_pages };

		if (at.nr > nr)
			at.nr = nr;
		look_at_device(&at);
		inside += at.nr;
		nr -= (unsigned int)at.nr;
	}
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
		inside->come = wait_is_over_peek(&fiber->task);
	} else {
		until = &fiber->sleep;
		if (!until->ready)
			return false;
		inside->object = fiber->pending.object;
		inside->holders = lock_holders(until) | quiesce_holders(until);
		inside->come = has_come(fiber, until);
	}
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
