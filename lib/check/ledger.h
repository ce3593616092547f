/* SPDX-License-Identifier: MIT */
/*
 * The ledger: beside each page's count, how many of its references are held and
 * in what way, and how many page table entries name it.
 *
 *	count = sum of held[]      at every step, under every rule set
 *
 * A count is changed and entered in the same step. Which task took a reference,
 * and at which step, would tell one history of a state from another, so it is
 * not kept here: the report finds it by running the schedule again.
 */
#ifndef CHECK_LEDGER_H
#define CHECK_LEDGER_H

#include <mmref/rules.h>

#include "kernel/host.h"

struct world;

#define LEDGER_FILES	64

struct page_ledger {
	int32_t held[MMREF_NR_HOLDERS];	/* in units of the count: a pin is 1024 */
	int32_t users;			/* of GET and PIN, what some user can still give back */
	uint16_t mapped;		/* PTEs and PMDs that name the page */
	uint16_t pmds;			/* of them PMDs */
	uint8_t through[LEDGER_FILES];	/* times it is held as a page of which inode */
};

struct page_ledger *ledger_of(const struct page *page);
/* The step under way depends on the ledger of @page, or changes what is checked against it. */
void ledger_touch(const struct page *page, enum mmref_access access);

/* @refs references are now held by @holder. Belongs to the step that took them. */
void ledger_take(struct page *page, enum mmref_holder holder, int refs);
/* They are given back; a violation if @holder does not hold as many. */
void ledger_drop(const struct mmref_site *site, struct page *page, enum mmref_holder holder,
		 int refs);
/* They change hands. */
void ledger_pass(const struct mmref_site *site, struct page *page, enum mmref_holder from,
		 enum mmref_holder to, int refs);
/* A PTE (@order 0) or a PMD that names @page was written (@change 1) or cleared (-1). */
void ledger_mapped(struct page *page, unsigned int order, int change);

/* A user got hold of (+) or gave up (-) @refs references. */
void ledger_user(struct page *page, int refs);
/* It got hold of it as a page of the inode @ino, until a task that is putting such drops it. */
void ledger_through(struct page *page, uint8_t ino);
bool ledger_held_through(const struct page *page, uint8_t ino);

/* The count @page should have. */
int ledger_sum(const struct page *page);
/* Of these, what a user or a device can still reach the page by: entries, gets, pins. */
bool ledger_in_use(const struct page *page);
/* Held by anyone at all beyond the base count. */
bool ledger_held(const struct page *page);

#endif
