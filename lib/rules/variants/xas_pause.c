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

static unsigned long wait_then_take_the_next(struct xa_state *xas)
{
	get_unlocked_entry(xas);
	xas->index++; /* xas_pause(), and then xas_load() */
	return xas->index < xas->mapping->host->max_pages ? get_unlocked_entry(xas) : 0;
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, scan_locked_entry, wait_then_take_the_next);
}

const struct rules_variant v6_15_xas_pause = {
	.name = "v6.15/xas-pause",
	.of = &mmref_v6_15,
	.summary = "a scan that slept on an entry goes on behind it",
	.vary = vary,
};
