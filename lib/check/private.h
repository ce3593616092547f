/* SPDX-License-Identifier: MIT */
/*
 * A private copy stays mapped: what a process has stored in a MAP_PRIVATE map is what it
 * reads there, until
 *
 *	it unmaps it		munmap(), MADV_DONTNEED, exit()
 *	the file is cut		it ends at or before the copy, as truncate_pagecache() leaves it
 *
 * Everything else that unmaps a file's pages leaves copies alone: skip_cows is set in
 * truncate_pagecache_range() and where a layout is broken.
 */
#ifndef CHECK_PRIVATE_H
#define CHECK_PRIVATE_H

#include "kernel/host.h"
#include <mmref/linux/pgtable.h>

struct inode;
struct vm_area_struct;
struct zap_details;

/* A zap with @details comes to @pte, at @address of @vma. Its PTL is held. */
void check_private(const struct mmref_site *site, const struct zap_details *details,
		   const struct vm_area_struct *vma, unsigned long address, pte_t pte);
/* The call under way will leave @inode @pages long; 0 if it is done. i_rwsem held for writing. */
void private_size_to_be(struct inode *inode, unsigned long pages);

#endif
