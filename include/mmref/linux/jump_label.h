/* SPDX-License-Identifier: MIT */
/*
 * Static keys: a count of who needs a branch, which the kernel patches into the code. The world keeps
 * the one key of the modelled paths:
 *
 *	devmap_managed_key	devices whose put_page() has a hook, mm/memremap.c until v6.12
 */
#ifndef MMREF_LINUX_JUMP_LABEL_H
#define MMREF_LINUX_JUMP_LABEL_H

#include <mmref/linux/atomic.h>

#define devmap_managed_key	(((struct world_head *)current->world)->devmap_managed)

/* A step each. @key is one of the above, with an &. */
#define static_branch_inc(key)	static_branch_add_at(SITE("static_branch_inc"), key, 1)
#define static_branch_dec(key)	static_branch_add_at(SITE("static_branch_dec"), key, -1)

static inline void static_branch_add_at(const struct mmref_site *site, int *key, int i)
{
	announce(site, key, sizeof(*key), MMREF_RMW, false);
	POKE_ADD_RETURN(*key, i);
}

/* Part of the step under way: the code that runs is patched, no memory is read. */
static inline bool static_branch_unlikely(const int *key)
{
	return PEEK_SHARED(*key) > 0;
}

#endif
