/* SPDX-License-Identifier: MIT */
/*
 * What the words of a page say of the folio that it is of and of the files that
 * share it, held against what there is:
 *
 *	head   each page behind it, as far as the order goes, is its tail
 *	tail   counts 0, and its head is one
 *	share  as many as there are DAX entries that name the folio, each all of it,
 *	       while no file's xa_lock is held; a folio that is not shared has one at most
 */
#ifndef CHECK_SHAPE_H
#define CHECK_SHAPE_H

#include "kernel/host.h"
#include "world.h"

/* @page, and what it is the head of. False, and *@v: bad-split. */
bool check_folio(const struct page *page, struct violation *v);
/* False, and *@v: bad-share. Of a device on which no file was ever cloned nothing is asked. */
bool check_sharing(const struct world *world, struct violation *v);

#endif
