/* SPDX-License-Identifier: MIT */
#include <mmref/linux/bug.h>
#include <mmref/linux/genalloc.h>

/* False, and none is taken, where one of them is taken already. */
static bool bitmap_set(bool *taken, unsigned long nr)
{
	for (unsigned long n = 0; n < nr; n++) {
		if (!POKE_XCHG(taken[n], true))
			continue;
		while (n--)
			POKE(taken[n], false);
		return false;
	}
	return true;
}

struct page *gen_pool_alloc_owner(struct gen_pool *pool, unsigned long nr, struct percpu_ref **owner)
{
	announce(SITE("gen_pool_alloc"), pool->taken, pool->nr, MMREF_RMW, true);
	*owner = pool->owner;
	for (unsigned long first = 0; first + nr <= pool->nr; first++)
		if (bitmap_set(&pool->taken[first], nr))
			return pool->start + first;
	return NULL;
}
EXPORT_SYMBOL(gen_pool_alloc_owner);

void gen_pool_free_owner(struct gen_pool *pool, struct page *page, unsigned long nr,
			 struct percpu_ref **owner)
{
	const struct mmref_site *site = SITE("gen_pool_free");
	bool *taken = &pool->taken[page - pool->start];

	announce(site, taken, nr, MMREF_RMW, true);
	for (unsigned long n = 0; n < nr; n++)
		if (!POKE_XCHG(taken[n], false))
			kernel_bug(site, page + n,
				   "a page is given back to the pool that nobody has taken");
	if (owner)
		*owner = pool->owner;
}
EXPORT_SYMBOL(gen_pool_free_owner);

/* Part of the step under way. */
void gen_pool_destroy(struct gen_pool *pool)
{
	step_touches(pool->taken, pool->nr, MMREF_READ);
	for (unsigned long i = 0; i < pool->nr; i++)
		if (PEEK(pool->taken[i]))
			kernel_bug(SITE("gen_pool_destroy"), pool->start + i,
				   "the pool is destroyed while pages of it are taken");
}
EXPORT_SYMBOL(gen_pool_destroy);
