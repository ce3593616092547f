/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>

#include <string.h>

#include "check/ledger.h"
#include "world.h"

bool ledger_alloc(struct world *world, struct dev_pagemap *pgmap)
{
	pgmap->ledger = world_alloc(world, pgmap->nr_pages * sizeof(*pgmap->ledger));
	pgmap->durability = world_alloc(world, pgmap->nr_pages * sizeof(*pgmap->durability));
	return pgmap->ledger && pgmap->durability;
}

struct page_ledger *ledger_of(const struct page *page)
{
	const struct dev_pagemap *pgmap = page_device(page);

	return &pgmap->ledger[page - pgmap->memmap];
}

/* A step that checks the ledger depends on the steps that change it. */
void ledger_touch(const struct page *page, enum mmref_access access)
{
	step_touches(ledger_of(page), sizeof(struct page_ledger), access);
}

void ledger_touch_all(const struct dev_pagemap *pgmap)
{
	step_touches(pgmap->ledger, pgmap->nr_pages * sizeof(*pgmap->ledger), MMREF_WRITE);
}

void ledger_init(const struct page *page)
{
	memset(ledger_of(page), 0, sizeof(struct page_ledger));
}

void ledger_set_base(struct page *page, int refs)
{
	POKE(ledger_of(page)->held[HELD_BY_BASE], refs);
}

void ledger_take(struct page *page, enum mmref_holder holder, int refs)
{
	ledger_touch(page, MMREF_ADD);
	POKE_ADD_RETURN(ledger_of(page)->held[holder], refs);
}

void ledger_drop(const struct mmref_site *site, struct page *page, enum mmref_holder holder,
		 int refs)
{
	ledger_touch(page, MMREF_ADD);
	if (POKE_ADD_RETURN(ledger_of(page)->held[holder], -refs) < 0)
		violation(MMREF_REFCOUNT_UNDERFLOW, site, page, mmref_holder_name(holder));
	if (current->through && (holder == HELD_BY_GET || holder == HELD_BY_PIN))
		POKE_ADD_RETURN(ledger_of(page)->through[current->through], -1);
}

void ledger_pass(const struct mmref_site *site, struct page *page, enum mmref_holder from,
		 enum mmref_holder to, int refs)
{
	ledger_take(page, to, refs);
	ledger_drop(site, page, from, refs);
}

void ledger_mapped(struct page *page, unsigned int order, int change)
{
	struct page_ledger *ledger = ledger_of(page);

	ledger_touch(page, MMREF_ADD);
	POKE_ADD_RETURN(ledger->mapped, change);
	if (order)
		POKE_ADD_RETURN(ledger->pmds, change);
}

void ledger_user(struct page *page, int refs)
{
	POKE_ADD_RETURN(ledger_of(page)->users, refs);
}

void ledger_through(struct page *page, uint8_t ino)
{
	ledger_touch(page, MMREF_ADD);
	if (ino)
		POKE_ADD_RETURN(ledger_of(page)->through[ino], 1);
}

bool ledger_held_through(const struct page *page, uint8_t ino)
{
	return PEEK(ledger_of(&page_folio_peek(page)->page)->through[ino]);
}

int ledger_sum(const struct page *page)
{
	const struct page_ledger *ledger = ledger_of(page);
	int sum = 0;

	for (int i = 0; i < MMREF_NR_HOLDERS; i++)
		sum += PEEK(ledger->held[i]);
	return sum;
}

/* The entries that name @page itself, and the references of the folio that it is of. */
bool ledger_in_use(const struct page *page)
{
	const struct page_ledger *ledger = ledger_of(&page_folio_peek(page)->page);

	return PEEK(ledger_of(page)->mapped) || PEEK(ledger->held[HELD_BY_GET]) > 0 ||
	       PEEK(ledger->held[HELD_BY_PIN]) > 0;
}

bool ledger_held(const struct page *page)
{
	return PEEK(ledger_of(page)->mapped) ||
	       ledger_sum(page) != PEEK(ledger_of(page)->held[HELD_BY_BASE]);
}

const char *mmref_holder_name(enum mmref_holder holder)
{
	static const char *const names[] = {
		[HELD_BY_BASE] = "base",	     [HELD_BY_PTE] = "PTE",
		[HELD_BY_PMD] = "PMD",		     [HELD_BY_DAX_ENTRY] = "DAX entry",
		[HELD_BY_GET] = "get",		     [HELD_BY_PIN] = "pin",
		[HELD_BY_GATHER] = "mmu_gather",     [HELD_BY_TRANSIENT] = "transient",
	};

	return names[holder];
}
