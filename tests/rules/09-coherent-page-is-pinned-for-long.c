/* SPDX-License-Identifier: MIT */
/*
 * 1aaf8c122918 (v6.14), which 517f496e1e61 (v6.16) reverts, brought back: an empty list of isolated
 * folios is taken to say that all pages can be pinned for long.
 */
#include <mmref/kernel.h>

static long (check_and_migrate_movable_pages)(unsigned long nr_pages, struct page **pages)
{
	LIST_HEAD(movable_folio_list);

	collect_longterm_unpinnable_folios(&movable_folio_list, nr_pages, pages);
	if (list_empty(&movable_folio_list))
		return 0;
	return migrate_longterm_unpinnable_folios(&movable_folio_list, nr_pages, pages);
}

MMREF_RULES_FILE(.name = "coherent-page-is-pinned-for-long", .ancestor = &mmref_v7_2,
		 .summary = "1aaf8c122918: an empty list allows a pin for long",
		 .check_and_migrate_movable_pages = check_and_migrate_movable_pages);
