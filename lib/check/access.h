/* SPDX-License-Identifier: MIT */
/* Looks taken where memory is reached: through a PTE, or by a device through what is held. */
#ifndef CHECK_ACCESS_H
#define CHECK_ACCESS_H

#include "kernel/host.h"

struct inode;
struct vm_area_struct;

/* A user access through @vma has come to @page (NULL: the zero page). */
void check_access(const struct mmref_site *site, const struct vm_area_struct *vma,
		  const struct page *page);
/* A device reaches @page, which was held when it was @inode's (i_ino @ino). */
void check_dma(const struct mmref_site *site, const struct page *page, uint8_t ino);
/* The block behind @page is given back to the allocator. */
void check_block_free(const struct mmref_site *site, const struct page *page);
/* The inode that the block behind @page belongs to; 0 while it is free, or where there is none. */
uint8_t block_owner_of(const struct page *page);

#endif
