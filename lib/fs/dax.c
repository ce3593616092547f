/* SPDX-License-Identifier: MIT */
/*
 * fs/dax.c: the entries of a file, their lock, and what removes them. See dax_fault.c for faults,
 * dax_io.c for read(), write() and writeback; what kernels do differently stands in lib/rules.
 */
#include "kernel/bodies.h"

#include "check/hooks.h"
#include "world.h"

/* There is one queue a world: the key tells entries apart, as in the kernel's hashed table. */
wait_queue_head_t *(dax_entry_waitqueue)(struct xa_state *xas, void *entry,
					 struct exceptional_entry_key *key)
{
	pgoff_t index = xas->xa_index;

	if (dax_is_pmd_entry(entry))
		index &= ~((1UL << pmd_order()) - 1);
	*key = (struct exceptional_entry_key){ .xa = xas->xa, .entry_start = index };
	return &current->world->dax_waiters;
}

/* Of @entry only the order is asked: it may not stand there any more. */
void (dax_wake_entry)(struct xa_state *xas, void *entry, enum dax_wake_mode mode)
{
	struct exceptional_entry_key key;
	wait_queue_head_t *wq = dax_entry_waitqueue(xas, entry, &key);

	__wake_up(wq, mode == WAKE_ALL ? 0 : 1, exceptional_entry_key(&key));
}

/* get_unlocked_entry() up to 6.14. A PMD that is wanted does not wait for an entry in its way. */
void *(get_next_unlocked_entry)(struct xa_state *xas, unsigned int order)
{
	for (;;) {
		struct exceptional_entry_key key;
		wait_queue_head_t *wq;
		void *entry = xas_find_conflict(xas);

		if (!entry)
			return NULL;
		if (dax_entry_order(entry) < order)
			return XA_RETRY_ENTRY;
		if (!dax_is_locked(entry))
			return entry;

		wq = dax_entry_waitqueue(xas, entry, &key);
		prepare_to_wait_exclusive(wq, exceptional_entry_key(&key));
		xas_unlock_irq(xas);
		xas_reset(xas);
		schedule();
		finish_wait(wq);
		xas_lock_irq(xas);
	}
}

/* Not exclusively: the caller may find no entry to pass a wake-up on with. */
void (wait_entry_unlocked)(struct xa_state *xas, void *entry)
{
	struct exceptional_entry_key key;
	wait_queue_head_t *wq = dax_entry_waitqueue(xas, entry, &key);

	prepare_to_wait(wq, exceptional_entry_key(&key));
	xas_unlock_irq(xas);
	schedule();
	finish_wait(wq);
}

void (put_unlocked_entry)(struct xa_state *xas, void *entry, enum dax_wake_mode mode)
{
	if (entry && !dax_is_conflict(entry))
		dax_wake_entry(xas, entry, mode);
}

void (dax_unlock_entry)(struct xa_state *xas, void *entry)
{
	struct address_space *mapping = container_of(xas->xa, struct address_space, i_pages);
	unsigned long nr = 1UL << dax_entry_order(entry);

	xas_reset(xas);
	xas_lock_irq(xas);
	xas_store(xas, entry);
	check_unlocked_entry(SITE("dax_unlock_entry"), mapping, xas->xa_index & ~(nr - 1));
	xas_unlock_irq(xas);
	dax_wake_entry(xas, entry, WAKE_NEXT);
}

void *(dax_lock_entry)(struct xa_state *xas, void *entry)
{
	return xas_store(xas, xa_mk_value(xa_to_value(entry) | DAX_LOCKED));
}

/* ~0 where there is no page to lock the entry of: that is no error. */
dax_entry_t (dax_lock_mapping_entry)(struct address_space *mapping, pgoff_t index,
				     struct page **page)
{
	XA_STATE(xas, &mapping->i_pages, index);
	void *entry;

	for (;;) {
		xas_lock_irq(&xas);
		xas_set(&xas, index);
		entry = xas_load(&xas);
		if (!dax_is_locked(entry))
			break;
		wait_entry_unlocked(&xas, entry);
	}
	if (dax_names_page(entry)) {
		*page = dax_to_page(entry);
		dax_lock_entry(&xas, entry);
	} else {
		entry = (void *)~0UL;
	}
	xas_unlock_irq(&xas);
	return (dax_entry_t)entry;
}

void (dax_unlock_mapping_entry)(struct address_space *mapping, pgoff_t index, dax_entry_t cookie)
{
	XA_STATE(xas, &mapping->i_pages, index);

	if (cookie != ~0UL)
		dax_unlock_entry(&xas, (void *)cookie);
}

/*
 * A fault of a PTE that finds an empty PMD entry, or one of the huge zero page, removes it first.
 * xa_lock is dropped to unmap.
 */
void *(grab_mapping_entry)(struct xa_state *xas, struct address_space *mapping, unsigned int order)
{
	unsigned long nr = 1UL << pmd_order(), index = xas->xa_index;
	void *entry;

	xas_lock_irq(xas);
	entry = get_next_unlocked_entry(xas, order);
	if (dax_is_conflict(entry)) {
		xas_unlock_irq(xas);
		return xa_mk_internal(VM_FAULT_FALLBACK);
	}
	if (!order && dax_is_pmd_entry(entry) &&
	    (dax_is_zero_entry(entry) || dax_is_empty_entry(entry))) {
		dax_lock_entry(xas, entry);
		if (dax_is_zero_entry(entry)) {
			xas_unlock_irq(xas);
			unmap_mapping_pages(mapping, index & ~(nr - 1), nr, false);
			xas_reset(xas);
			xas_lock_irq(xas);
		}
		dax_disassociate_entry(entry, mapping, false);
		xas_store(xas, NULL);
		dax_wake_entry(xas, entry, WAKE_ALL);
		mapping->nrpages -= nr;
		xas_set(xas, index);
		entry = NULL;
	}
	if (!entry) {
		entry = dax_make_entry(0, DAX_EMPTY | (order ? DAX_PMD : 0));
		mapping->nrpages += 1U << order;
	}
	dax_lock_entry(xas, entry);
	xas_unlock_irq(xas);
	return entry;
}

struct page *(dax_layout_busy_page)(struct address_space *mapping)
{
	return dax_layout_busy_page_range(mapping, 0, ULONG_MAX);
}

/* An entry that is dirty goes only with its block. All waiters look again, whether it goes or not. */
int (__dax_invalidate_entry)(struct address_space *mapping, pgoff_t index, bool trunc)
{
	XA_STATE(xas, &mapping->i_pages, index);
	int ret = 0;
	void *entry;

	xas_lock_irq(&xas);
	entry = get_next_unlocked_entry(&xas, 0);
	if (entry && (trunc || (!xas_get_mark(&xas, PAGECACHE_TAG_DIRTY) &&
				!xas_get_mark(&xas, PAGECACHE_TAG_TOWRITE)))) {
		dax_disassociate_entry(entry, mapping, trunc);
		xas_store(&xas, NULL);
		mapping->nrpages -= 1U << dax_entry_order(entry);
		ret = 1;
	}
	put_unlocked_entry(&xas, entry, WAKE_ALL);
	xas_unlock_irq(&xas);
	return ret;
}

/* The caller has seen an entry there, and holds the lock that keeps others from removing it. */
int (dax_delete_mapping_entry)(struct address_space *mapping, pgoff_t index)
{
	int ret = __dax_invalidate_entry(mapping, index, true);

	WARN_ON_ONCE(!ret);
	return ret;
}

int (dax_invalidate_mapping_entry_sync)(struct address_space *mapping, pgoff_t index)
{
	return __dax_invalidate_entry(mapping, index, false);
}
