/* SPDX-License-Identifier: MIT */
/*
 * 23c84eb78375, dax: Fix missed wakeup with PMD faults (v5.3), brought back: a fault that wants a
 * PMD waits for a locked entry before it asks for its size, at the index where the PMD begins.
 */
#include <mmref/kernel.h>

static void *(get_next_unlocked_entry)(struct xa_state *xas, unsigned int order)
{
	for (;;) {
		struct exceptional_entry_key key;
		wait_queue_head_t *wq;
		void *entry = xas_find_conflict(xas);

		if (!entry)
			return NULL;
		if (!dax_is_locked(entry))
			return dax_entry_order(entry) < order ? XA_RETRY_ENTRY : entry;

		wq = dax_entry_waitqueue(xas, entry, &key);
		prepare_to_wait_exclusive(wq, exceptional_entry_key(&key));
		xas_unlock_irq(xas);
		xas_reset(xas);
		schedule();
		finish_wait(wq);
		xas_lock_irq(xas);
	}
}

MMREF_RULES_FILE(.name = "wait-on-another-index", .ancestor = &mmref_v6_1,
		 .summary = "23c84eb78375: a PMD fault waits for a PTE's entry",
		 .get_next_unlocked_entry = get_next_unlocked_entry);
