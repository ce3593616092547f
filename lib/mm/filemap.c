/* SPDX-License-Identifier: MIT */
/* The lock of a page: mm/filemap.c. */
#include <mmref/kernel.h>

#include "world.h"

bool trylock_page_at(const struct mmref_site *site, unsigned long *flags)
{
	announce(site, flags, sizeof(*flags), MMREF_RMW, true);
	return !(POKE_OR(*flags, PG_locked) & PG_locked);
}
EXPORT_SYMBOL(trylock_page_at);

static bool is_unlocked(const void *flags)
{
	return !(PEEK(*(const unsigned long *)flags) & PG_locked);
}

void lock_page_at(const struct mmref_site *site, unsigned long *flags)
{
	do {
		sleep_until(site, flags, sizeof(*flags), MMREF_RMW, TASK_UNINTERRUPTIBLE,
			    is_unlocked, flags);
	} while (POKE_OR(*flags, PG_locked) & PG_locked);
}
EXPORT_SYMBOL(lock_page_at);

/* folio_unlock() and folio_wake_bit() */
void unlock_page_at(const struct mmref_site *site, unsigned long *flags)
{
	unsigned long none = ~(unsigned long)(PG_locked | PG_waiters), old;

	announce(site, flags, sizeof(*flags), MMREF_RMW, true);
	old = POKE_AND(*flags, none);
	wake_sleepers(flags);
	if (old & PG_waiters)
		__wake_up_at(site, &current->world->folio_waiters, 0, flags);
}
EXPORT_SYMBOL(unlock_page_at);

void migration_entry_wait_on_locked(unsigned long *flags, spinlock_t *ptl)
{
	wait_while_set_at(SITE("wait for the page lock"), &current->world->folio_waiters, flags,
			  PG_locked, PG_waiters, ptl);
}
EXPORT_SYMBOL(migration_entry_wait_on_locked);
