/* SPDX-License-Identifier: MIT */
/*
 * A scan for busy pages waits for a locked entry, and then goes on with the one behind it.
 *
 * wait_entry_unlocked_exclusive() of 6be3e21d25ca (v6.15-rc1): xas_pause() makes the walk
 * begin again behind where it stands, and the entry loaded after the sleep is that. Seen as
 * WARN_ON mm/truncate.c:89 in xfstests generic/068 on xfs; xas_reset() mended it.
 */
#include <mmref/kernel.h>

#include "rules/variants/variants.h"

static void *(wait_entry_unlocked_exclusive)(struct xa_state *xas, void *entry)
{
	while (dax_is_locked(entry)) {
		struct exceptional_entry_key key;
		wait_queue_head_t *wq = dax_entry_waitqueue(xas, entry, &key);

		prepare_to_wait_exclusive(wq, exceptional_entry_key(&key));
		xas_pause(xas);
		xas_unlock_irq(xas);
		schedule();
		finish_wait(wq);
		xas_lock_irq(xas);
		entry = xas_load(xas);
	}
	return xa_is_internal(entry) ? NULL : entry;
}

const struct mmref_rules v6_15_xas_pause = {
	.name = "v6.15/xas-pause",
	.ancestor = &mmref_v6_15,
	.summary = "a scan that slept on an entry goes on behind it",

	.wait_entry_unlocked_exclusive = wait_entry_unlocked_exclusive,
};
