/* SPDX-License-Identifier: MIT */
/*
 * The file that a page names, against the DAX entry that names the page:
 *
 *	folio->mapping = the mapping of the entry
 *	folio->index   = the index of the entry, + the folio's place in it
 *
 * memory_failure() goes from a bad page to its file by these two, and from the file to
 * the processes that map the page: see dax_lock_folio(). If they are wrong, it kills
 * nobody and unmaps nothing.
 *
 * Not checked: an entry that is locked, since memory_failure() waits for it; one that is
 * DAX_ZAP, whose pages are unmapped; the entries of a file system on which a file was ever
 * cloned, since a shared page has no mapping and XFS finds its files by their blocks; the
 * entries of a disk that is gone and whose memmap is a new disk's.
 */
#ifndef CHECK_MAPPING_H
#define CHECK_MAPPING_H

#include "kernel/host.h"
#include "world.h"

/* Every entry of every file. False, and *@v: bad-mapping. */
bool check_mappings(const struct world *world, struct violation *v);

#endif
