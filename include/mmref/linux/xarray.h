/* SPDX-License-Identifier: MIT */
/*
 * The XArray of a file, as far as fs/dax.c uses it: at each index nothing, or a value.
 *
 *	value    = number << 1 | 1		internal = number << 2 | 2
 *	an entry of order n stands at the first of 2^n indices; the others hold XA_SIBLING
 *	marks are kept at the first index
 *
 * All of it is read and written under xa_lock, and takes no steps of its own.
 *
 * A struct xa_state that was reset walks from the root to ->xa_index; one that has walked stands
 * there, which xas_find() and xas_find_conflict() go on from.
 */
#ifndef MMREF_LINUX_XARRAY_H
#define MMREF_LINUX_XARRAY_H

#include <mmref/linux/export.h>
#include <mmref/linux/spinlock.h>

struct xarray {
	spinlock_t xa_lock;
	void **slot;
	uint8_t *marks;			/* beside each slot */
	unsigned long nr;		/* slots */
	const bool *checked_together;	/* see xas_lock_irq(); or NULL */
};

typedef enum xa_mark {
	PAGECACHE_TAG_DIRTY = 1,
	PAGECACHE_TAG_TOWRITE = 2,
} xa_mark_t;

struct xa_state {
	struct xarray *xa;
	unsigned long xa_index;
	unsigned int xa_order;
	bool xa_node;			/* it stands at xa_index; false: XAS_RESTART */
};

#define XA_STATE(name, array, index)                                                               \
	struct xa_state name = { .xa = (array), .xa_index = (index) }
#define XA_STATE_ORDER(name, array, index, order)                                                  \
	struct xa_state name = {                                                                   \
		.xa = (array),                                                                     \
		.xa_index = (index) & ~((1UL << (order)) - 1),                                     \
		.xa_order = (order),                                                               \
	}

static inline void *xa_mk_value(unsigned long v)
{
	return (void *)(v << 1 | 1);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

static inline void *xa_mk_internal(unsigned long v)
{
	return (void *)(v << 2 | 2);
}

static inline unsigned long xa_to_internal(const void *entry)
{
	return (unsigned long)entry >> 2;
}

static inline bool xa_is_internal(const void *entry)
{
	return ((unsigned long)entry & 3) == 2;
}

#define XA_SIBLING	xa_mk_internal(62)
#define XA_RETRY_ENTRY	xa_mk_internal(256)

/*
 * check_sharing() looks at no array of a file system while the lock of one of them is held. So,
 * while *->checked_together, to take the lock or to leave it touches what all of them share.
 */
void xas_lock_irq_at(const struct mmref_site *site, struct xa_state *xas) EXPORTED(xas_lock_irq_at);
void xas_unlock_irq_at(const struct mmref_site *site, struct xa_state *xas)
	EXPORTED(xas_unlock_irq_at);

#define xas_lock_irq(xas)	xas_lock_irq_at(SITE("xas_lock_irq"), xas)
#define xas_unlock_irq(xas)	xas_unlock_irq_at(SITE("xas_unlock_irq"), xas)

/* The entry that covers ->xa_index, or NULL. */
void *xas_load(struct xa_state *xas) EXPORTED(xas_load);
/*
 * The entry that covers ->xa_index, or, of a higher order, the first in the range that it is to
 * cover. NULL where the state stands at an entry: nothing else is at its index.
 */
void *xas_find_conflict(struct xa_state *xas) EXPORTED(xas_find_conflict);
/* The next entry up to @max: the first time that at ->xa_index, too. NULL at the end. */
void *xas_find(struct xa_state *xas, unsigned long max) EXPORTED(xas_find);
void *xas_find_marked(struct xa_state *xas, unsigned long max, xa_mark_t mark)
	EXPORTED(xas_find_marked);
/*
 * Store @entry over the range that the state covers, or in place of the entry there. NULL removes
 * all of it, with its marks. What stood there.
 */
void *xas_store(struct xa_state *xas, void *entry) EXPORTED(xas_store);
bool xas_get_mark(const struct xa_state *xas, xa_mark_t mark) EXPORTED(xas_get_mark);
void xas_set_mark(const struct xa_state *xas, xa_mark_t mark) EXPORTED(xas_set_mark);
void xas_clear_mark(const struct xa_state *xas, xa_mark_t mark) EXPORTED(xas_clear_mark);
/* The next walk begins at ->xa_index again. */
void xas_reset(struct xa_state *xas) EXPORTED(xas_reset);
/* The next walk begins behind the entry at ->xa_index. */
void xas_pause(struct xa_state *xas) EXPORTED(xas_pause);
/* The next walk begins at @index. */
void xas_set(struct xa_state *xas, unsigned long index) EXPORTED(xas_set);

#define xas_for_each(xas, entry, max)                                                              \
	for ((entry) = xas_find(xas, max); (entry); (entry) = xas_find(xas, max))
#define xas_for_each_marked(xas, entry, max, mark)                                                 \
	for ((entry) = xas_find_marked(xas, max, mark); (entry);                                   \
	     (entry) = xas_find_marked(xas, max, mark))

/* What a check or a report sees at @index: an entry, or NULL for none and for a part of one. */
static inline void *xa_peek(const struct xarray *xa, unsigned long index)
{
	void *entry = PEEK(xa->slot[index]);

	return xa_is_value(entry) ? entry : NULL;
}

#endif
