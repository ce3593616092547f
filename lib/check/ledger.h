/* SPDX-License-Identifier: MIT */
/*
 * What the checks keep for each page of a device. Hooks of hooks.h write it; checks and reports
 * read it.
 *
 *	count     = sum of held[]      at every step, under every rule set
 *	unflushed = a CPU has stored to the page since the last write back
 *	owed      = one bit a task: its sync began after such a store
 *
 * The ledger does not say which task took a reference at which step: that would make different
 * states of those that differ in their past alone. The report finds it by running the schedule again.
 *
 * A CPU's store through a page table stays in its cache until the page is written back; a sync that
 * returns 0 promises that no earlier store is left there. A device writes past the caches, and
 * pwrite() writes back what it copies.
 */
#ifndef CHECK_LEDGER_H
#define CHECK_LEDGER_H

#include "check/hooks.h"

#define LEDGER_FILES	64

struct page_ledger {
	int32_t held[MMREF_NR_HOLDERS];	/* in units of the count: a pin is 1024 */
	int32_t users;			/* of GET and PIN, what some user can still give back */
	uint16_t mapped;		/* PTEs and PMDs that name the page */
	uint16_t pmds;			/* of them PMDs */
	uint8_t through[LEDGER_FILES];	/* how often it is held as a page of this inode */
};

struct durability {
	uint16_t owed;
	bool unflushed;
};

struct page_ledger *ledger_of(const struct page *page);
/* Is @page held as a page of the inode @ino? */
bool ledger_held_through(const struct page *page, uint8_t ino);
/* Can a user or a device still access @page: by an entry, a get, a pin? */
bool ledger_in_use(const struct page *page);

#endif
