/* SPDX-License-Identifier: MIT */
#include <mmref/linux/xarray.h>

static void touch_together(const struct xarray *xa)
{
	if (xa->checked_together && PEEK(*xa->checked_together))
		step_touches(xa->checked_together, 1, MMREF_WRITE);
}

void xas_lock_irq_at(const struct mmref_site *site, struct xa_state *xas)
{
	spin_lock_at(site, &xas->xa->xa_lock);
	touch_together(xas->xa);
}
EXPORT_SYMBOL(xas_lock_irq_at);

void xas_unlock_irq_at(const struct mmref_site *site, struct xa_state *xas)
{
	spin_unlock_at(site, &xas->xa->xa_lock);
	touch_together(xas->xa);
}
EXPORT_SYMBOL(xas_unlock_irq_at);

/* The index at which the entry that covers @index stands; @index itself where there is none. */
static unsigned long first_index(const struct xarray *xa, unsigned long index)
{
	while (index && xa->slot[index] == XA_SIBLING)
		index--;
	return index;
}

/* The first index behind the entry that covers @index. */
static unsigned long next_index(const struct xarray *xa, unsigned long index)
{
	do {
		index++;
	} while (index < xa->nr && xa->slot[index] == XA_SIBLING);
	return index;
}

void *xas_load(struct xa_state *xas)
{
	xas->xa_node = true;
	if (xas->xa_index >= xas->xa->nr)
		return NULL;
	return xas->xa->slot[first_index(xas->xa, xas->xa_index)];
}
EXPORT_SYMBOL(xas_load);

void *xas_find_conflict(struct xa_state *xas)
{
	void *entry;

	if (xas->xa_node)
		return NULL;
	entry = xas_load(xas);
	for (unsigned long i = 1; !entry && i < 1UL << xas->xa_order; i++)
		entry = xas->xa->slot[xas->xa_index + i];
	return entry;
}
EXPORT_SYMBOL(xas_find_conflict);

void *xas_find(struct xa_state *xas, unsigned long max)
{
	unsigned long index = xas->xa_index;
	void *entry;

	if (!xas->xa_node && index <= max) {
		entry = xas_load(xas);
		if (entry)
			return entry;
	}
	for (index = next_index(xas->xa, index); index <= max && index < xas->xa->nr; index++) {
		entry = xas->xa->slot[index];
		if (!entry)
			continue;
		xas->xa_index = index;
		xas->xa_node = true;
		return entry;
	}
	xas->xa_node = false;
	return NULL;
}
EXPORT_SYMBOL(xas_find);

void *xas_find_marked(struct xa_state *xas, unsigned long max, xa_mark_t mark)
{
	void *entry;

	if (!xas->xa_node && xas->xa_index < xas->xa->nr)
		xas->xa_index = first_index(xas->xa, xas->xa_index);
	do {
		entry = xas_find(xas, max);
	} while (entry && !xas_get_mark(xas, mark));
	return entry;
}
EXPORT_SYMBOL(xas_find_marked);

void *xas_store(struct xa_state *xas, void *entry)
{
	struct xarray *xa = xas->xa;
	unsigned long first = first_index(xa, xas->xa_index);
	unsigned long end = entry ? first + (1UL << xas->xa_order) : next_index(xa, first);
	void *old = xa->slot[first];

	/* xa_lock orders writers; find_lock_entries() reads without it */
	step_touches(&xa->slot[first], (end - first) * sizeof(*xa->slot), MMREF_WRITE);
	POKE(xa->slot[first], entry);
	for (unsigned long i = first + 1; i < end; i++)
		POKE(xa->slot[i], entry ? XA_SIBLING : NULL);
	if (!entry)
		xa->marks[first] = 0;
	xas->xa_node = true;
	return old;
}
EXPORT_SYMBOL(xas_store);

bool xas_get_mark(const struct xa_state *xas, xa_mark_t mark)
{
	return xas->xa->marks[first_index(xas->xa, xas->xa_index)] & mark;
}
EXPORT_SYMBOL(xas_get_mark);

void xas_set_mark(const struct xa_state *xas, xa_mark_t mark)
{
	xas->xa->marks[first_index(xas->xa, xas->xa_index)] |= mark;
}
EXPORT_SYMBOL(xas_set_mark);

void xas_clear_mark(const struct xa_state *xas, xa_mark_t mark)
{
	xas->xa->marks[first_index(xas->xa, xas->xa_index)] &= ~mark;
}
EXPORT_SYMBOL(xas_clear_mark);

void xas_reset(struct xa_state *xas)
{
	xas->xa_node = false;
}
EXPORT_SYMBOL(xas_reset);

void xas_pause(struct xa_state *xas)
{
	xas->xa_node = false;
	xas->xa_index = next_index(xas->xa, first_index(xas->xa, xas->xa_index));
}
EXPORT_SYMBOL(xas_pause);

void xas_set(struct xa_state *xas, unsigned long index)
{
	xas->xa_index = index;
	xas->xa_node = false;
}
EXPORT_SYMBOL(xas_set);
