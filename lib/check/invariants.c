/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>

#include "check/fail.h"
#include "check/invariants.h"
#include "check/ledger.h"
#include "check/shape.h"
#include <mmref/linux/pmem.h>
#include "world.h"

typedef bool (*page_check)(const struct page *page, const struct page_ledger *ledger,
			   struct violation *v);

static bool each_page(const struct world *world, page_check check, struct violation *v)
{
	for (int i = 0; i < MAX_DEVICES; i++) {
		const struct dev_pagemap *pgmap = world->pgmaps[i];

		if (!pgmap || world_absent_area(world, pgmap->memmap))
			continue;
		for (unsigned long n = 0; n < pgmap->nr_pages; n++)
			if (!check(&pgmap->memmap[n], &pgmap->ledger[n], v))
				return false;
	}
	return true;
}

static bool count_equals_ledger(const struct page *page, const struct page_ledger *ledger,
				struct violation *v)
{
	int count = page_count_peek(page), sum = 0;

	for (int i = 0; i < MMREF_NR_HOLDERS; i++)
		sum += PEEK(ledger->held[i]);
	if (count < 0)
		return fails(v, MMREF_REFCOUNT_UNDERFLOW, page, "the count is below 0");
	if (count < sum)
		return fails(v, MMREF_REFCOUNT_UNDERFLOW, page, "the count is below what is held");
	if (count > sum)
		return fails(v, MMREF_REFCOUNT_LEAK, page, "the count is above what is held");
	if (PEEK(ledger->mapped) && !page_count_peek(&page_folio_peek(page)->page))
		return fails(v, MMREF_ZERO_REF_MAPPED, page, "a page table names a page that counts 0");
	return true;
}

/* The counts that the ledger knows nothing of: of maps, and of a large folio's pins. */
static bool counts_nothing_below_zero(const struct page *page, const struct page_ledger *ledger,
				      struct violation *v)
{
	bool head = PEEK(page->flags) & PG_head;

	(void)ledger;
	if (page_mapcount_peek(page) < 0)
		return fails(v, MMREF_REFCOUNT_UNDERFLOW, page, "the mapcount is below 0");
	if (head && PEEK(page[1]._pincount.counter) < 0)
		return fails(v, MMREF_REFCOUNT_UNDERFLOW, page, "the pincount is below 0");
	return true;
}

static bool is_whole(const struct page *page, const struct page_ledger *ledger, struct violation *v)
{
	(void)ledger;
	return check_folio(page, v);
}

bool check_step(const struct world *world, struct violation *v)
{
	return each_page(world, count_equals_ledger, v) &&
	       each_page(world, counts_nothing_below_zero, v) && each_page(world, is_whole, v) &&
	       check_sharing(world, v);
}

/* @check of the page @n, and of all that may be of one folio with it. */
static bool check_around(const struct world *world, const struct dev_pagemap *pgmap,
			 unsigned long n, page_check check, struct violation *v)
{
	unsigned long nr = 1UL << world->pmd_order, first = n & ~(nr - 1);

	for (n = first; n < first + nr && n < pgmap->nr_pages; n++)
		if (!check(&pgmap->memmap[n], &pgmap->ledger[n], v))
			return false;
	return true;
}

/* Of the pages whose entries in a table, of @size bytes each, [@start, @end) has a part in. */
static bool check_entries(const struct world *world, const struct dev_pagemap *pgmap,
			  const struct changed *changed, const void *table, size_t size,
			  page_check check, struct violation *v)
{
	const char *first = table, *last = first + pgmap->nr_pages * size;
	unsigned long n, end;

	if (changed->end <= first || changed->start >= last)
		return true;
	n = changed->start > first ? (changed->start - first) / size : 0;
	end = changed->end < last ? (changed->end - first + size - 1) / size : pgmap->nr_pages;
	for (; n < end; n++)
		if (!check_around(world, pgmap, n, check, v))
			return false;
	return true;
}

static bool each_changed_page(const struct world *world, const struct changed *changed, size_t nr,
			      page_check check, struct violation *v)
{
	for (int i = 0; i < MAX_DEVICES; i++) {
		const struct dev_pagemap *pgmap = world->pgmaps[i];

		if (!pgmap || world_absent_area(world, pgmap->memmap))
			continue;
		for (size_t n = 0; n < nr; n++)
			if (!check_entries(world, pgmap, &changed[n], pgmap->memmap,
					   sizeof(struct page), check, v) ||
			    !check_entries(world, pgmap, &changed[n], pgmap->ledger,
					   sizeof(struct page_ledger), check, v))
				return false;
	}
	return true;
}

bool check_changed(const struct world *world, const struct changed *changed, size_t nr,
		   struct violation *v)
{
	return each_changed_page(world, changed, nr, count_equals_ledger, v) &&
	       each_changed_page(world, changed, nr, counts_nothing_below_zero, v) &&
	       each_changed_page(world, changed, nr, is_whole, v) && check_sharing(world, v);
}
