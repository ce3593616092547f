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
/* A device reaches @page, which was held as a page of the inode @ino. */
void check_dma(const struct mmref_site *site, const struct page *page, uint8_t ino);
/* A write() reaches @page for @inode. */
void check_write(const struct mmref_site *site, const struct inode *inode,
		 const struct page *page);
/* The block behind @page, at @pgoff of @inode, is other files' alone from here on. */
void check_block_lost(const struct mmref_site *site, const struct page *page,
		      const struct inode *inode, unsigned long pgoff);
/* The block behind @page is given back to the allocator. */
void check_block_free(const struct mmref_site *site, const struct page *page);

#endif
