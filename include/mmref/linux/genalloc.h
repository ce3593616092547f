/* SPDX-License-Identifier: MIT */
/*
 * gen_pool, lib/genalloc.c: which pages of a device are taken. The kernel hands out addresses; here
 * they are the struct pages.
 */
#ifndef MMREF_LINUX_GENALLOC_H
#define MMREF_LINUX_GENALLOC_H

#include <mmref/linux/export.h>
#include <mmref/linux/mm_types.h>

struct gen_pool {
	bool *taken;			/* a page each */
	unsigned long nr;
	struct page *start;
	struct percpu_ref *owner;
};

/* The first @nr free pages in a row, and the pool's owner; NULL where there are none. */
struct page *gen_pool_alloc_owner(struct gen_pool *pool, unsigned long nr, struct percpu_ref **owner)
	EXPORTED(gen_pool_alloc_owner);
/* A BUG where one of them is free already. @owner may be NULL. */
void gen_pool_free_owner(struct gen_pool *pool, struct page *page, unsigned long nr,
			 struct percpu_ref **owner) EXPORTED(gen_pool_free_owner);
/* A BUG where a page is still taken. */
void gen_pool_destroy(struct gen_pool *pool) EXPORTED(gen_pool_destroy);

static inline void gen_pool_free(struct gen_pool *pool, struct page *page, unsigned long nr)
{
	gen_pool_free_owner(pool, page, nr, NULL);
}

#endif
