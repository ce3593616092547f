/* SPDX-License-Identifier: MIT */
/* What must hold once every task has returned. */
#include "check/invariants.h"

#include "check/fail.h"
#include "check/mapping.h"
#include "check/ledger.h"
#include <mmref/linux/pmem.h>
#include <mmref/linux/fs.h>
#include <mmref/linux/memremap.h>
#include <mmref/linux/mm_types.h>

static bool leaks(struct violation *v, const struct page *page, const char *why)
{
	return fails(v, MMREF_REFCOUNT_LEAK, page, why);
}

static bool underflows(struct violation *v, const struct page *page, const char *why)
{
	return fails(v, MMREF_REFCOUNT_UNDERFLOW, page, why);
}

/* A folio's entries, and what its pages count of them. */
struct maps {
	long ptes, pmds; /* that name any part of it */
	long mapcounts;	 /* the sum of _mapcount + 1 */
	int mapped;	 /* pages whose _mapcount is not -1 */
};

/* A PMD names a whole PMD's worth of pages, so one page of these tells of it. */
static struct maps maps_of(const struct world *world, const struct page *page,
			   const struct page_ledger *ledger, unsigned long nr)
{
	unsigned long stride = 1UL << world->pmd_order;
	struct maps maps = { 0 };

	for (unsigned long i = 0; i < nr; i++) {
		int mapcount = page_mapcount_peek(&page[i]);

		maps.ptes += PEEK(ledger[i].mapped) - PEEK(ledger[i].pmds);
		maps.pmds += i % stride ? 0 : PEEK(ledger[i].pmds);
		maps.mapcounts += mapcount;
		maps.mapped += mapcount > 0;
	}
	return maps;
}

static bool entries_hold_their_references(const struct page *page, const struct page_ledger *ledger,
					  const struct maps *maps, struct violation *v)
{
	if (PEEK(ledger->held[HELD_BY_PTE]) > maps->ptes)
		return leaks(v, page, "an entry is gone and its reference is not");
	if (PEEK(ledger->held[HELD_BY_PMD]) > maps->pmds)
		return leaks(v, page, "a PMD is gone and its reference is not");
	return true;
}

/* Where an entry holds a reference it is in the mapcount, under every rule set. */
static bool mapcounts_are_right(const struct page *page, const struct page_ledger *ledger,
				const struct maps *maps, struct violation *v)
{
	if (maps->mapcounts > maps->ptes)
		return leaks(v, page, "an entry is gone and is still in the mapcount");
	if (maps->mapcounts < PEEK(ledger->held[HELD_BY_PTE]))
		return underflows(v, page, "an entry holds a reference and is not in the mapcount");
	return true;
}

static bool large_mapcounts_are_right(const struct page *page, const struct page_ledger *ledger,
				      const struct maps *maps, struct violation *v)
{
	long entire = PEEK(page[1]._entire_mapcount.counter) + 1;
	long large = PEEK(page[1]._large_mapcount.counter) + 1;
	long held = PEEK(ledger->held[HELD_BY_PTE]) + PEEK(ledger->held[HELD_BY_PMD]);
	int nr_pages = maps->mapped + (entire > 0 ? ENTIRELY_MAPPED : 0);

	if (entire > maps->pmds)
		return leaks(v, page, "a PMD is gone and is still in _entire_mapcount");
	if (entire < PEEK(ledger->held[HELD_BY_PMD]))
		return underflows(v, page,
				  "a PMD holds a reference and is not in _entire_mapcount");
	if (large > maps->ptes + maps->pmds)
		return leaks(v, page, "an entry is gone and is still in _large_mapcount");
	if (large < held)
		return underflows(v, page,
				  "an entry holds a reference and is not in _large_mapcount");
	if (PEEK(page[1]._nr_pages_mapped.counter) > nr_pages)
		return leaks(v, page, "_nr_pages_mapped is above the pages that are mapped");
	if (PEEK(page[1]._nr_pages_mapped.counter) < nr_pages)
		return underflows(v, page, "_nr_pages_mapped is below the pages that are mapped");
	return true;
}

static bool pincount_is_right(const struct page *page, const struct page_ledger *ledger,
			      struct violation *v)
{
	int pincount = PEEK(page[1]._pincount.counter), held = PEEK(ledger->held[HELD_BY_PIN]);

	if (pincount > held)
		return leaks(v, page, "a pin is gone and is still in _pincount");
	if (pincount < held)
		return underflows(v, page, "a pin is not in _pincount");
	return true;
}

/* A tail holds nothing of its own; its mapcount is in its head's sum. */
static bool folio_counts_are_right(const struct world *world, const struct page *page,
				   const struct page_ledger *ledger, struct violation *v)
{
	bool large = PEEK(page->flags) & PG_head;
	struct maps maps;

	if (PEEK(page->compound_head) & 1)
		return true;
	maps = maps_of(world, page, ledger, 1UL << (large ? PEEK(page[1]._folio_order) : 0));
	if (!entries_hold_their_references(page, ledger, &maps, v) ||
	    !mapcounts_are_right(page, ledger, &maps, v))
		return false;
	return !large || (large_mapcounts_are_right(page, ledger, &maps, v) &&
			  pincount_is_right(page, ledger, v));
}

static bool page_has_nothing_left_over(const struct world *world, const struct page *page,
				       const struct page_ledger *ledger, struct violation *v)
{
	if (PEEK(ledger->held[HELD_BY_TRANSIENT]) || PEEK(ledger->held[HELD_BY_GATHER]))
		return leaks(v, page, "a walk returned and kept its reference");
	if (PEEK(ledger->held[HELD_BY_GET]) + PEEK(ledger->held[HELD_BY_PIN]) > PEEK(ledger->users))
		return leaks(v, page, "a user let go and the count did not fall");
	return folio_counts_are_right(world, page, ledger, v);
}

static bool nothing_is_left_over(const struct world *world, struct violation *v)
{
	for (int i = 0; i < MAX_DEVICES; i++) {
		const struct dev_pagemap *pgmap = world->pgmaps[i];

		if (!pgmap || world_absent_area(world, pgmap->memmap))
			continue;
		for (unsigned long n = 0; n < pgmap->nr_pages; n++)
			if (!page_has_nothing_left_over(world, &pgmap->memmap[n], &pgmap->ledger[n],
							v))
				return false;
	}
	return true;
}

static bool inode_counts_its_users(const struct inode *inode, struct violation *v)
{
	int count = PEEK(inode->i_count.counter), held = PEEK(inode->users) + inode->i_dentry;

	if (count < held)
		return underflows(v, NULL, "an inode counts less than hold it");
	if (count > held)
		return leaks(v, NULL, "an inode counts more than hold it");
	return true;
}

static bool inodes_count_their_users(const struct world *world, struct violation *v)
{
	for (int i = 0; i < MAX_DEVICES; i++) {
		const struct pmem_device *pmem = world->devices[i];
		const struct inode *inode = pmem ? pmem->sb->s_inodes : NULL;

		for (; inode; inode = inode->i_next)
			if (!inode_counts_its_users(inode, v))
				return false;
	}
	return true;
}

bool check_quiescent(const struct world *world, struct violation *v)
{
	return nothing_is_left_over(world, v) && inodes_count_their_users(world, v) &&
	       check_mappings(world, v);
}

enum mmref_violation check_sleeper(const struct task *task)
{
	if (wait_is_over_peek(task))
		return MMREF_LOST_WAKEUP;
	return task->unplugging ? MMREF_UNPLUG_HANGS : MMREF_DEADLOCK;
}
