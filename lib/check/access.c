/* SPDX-License-Identifier: MIT */
#include "check/access.h"

#include "check/ledger.h"
#include "drivers/pmem.h"
#include "fs/fs.h"
#include "kernel/bug.h"
#include "mm/memremap.h"

static bool memmap_gone(const struct page *page)
{
	return world_absent_area(current->world, page);
}

uint8_t block_owner_of(const struct page *page)
{
	const struct dev_pagemap *pgmap = page_device(page);
	const struct pmem_device *pmem = current->world->devices[pgmap->slot];

	return pmem ? PEEK(pmem->sb->block_owner[page - pgmap->memmap]) : 0;
}

static void check_reached(const struct mmref_site *site, const struct page *page, uint8_t ino,
			  const char *unplugged, const char *truncated)
{
	if (memmap_gone(page))
		violation(MMREF_USE_AFTER_UNPLUG, site, page, unplugged);
	else if (block_owner_of(page) != ino)
		violation(MMREF_USE_AFTER_TRUNCATE, site, page, truncated);
}

void check_access(const struct mmref_site *site, const struct vm_area_struct *vma,
		  const struct page *page)
{
	if (page)
		check_reached(site, page, vma->vm_file ? vma->vm_file->f_inode->i_ino : 0,
			      "an access through a PTE reached a removed device",
			      "an access through a PTE reached a block that the file gave back");
}

void check_dma(const struct mmref_site *site, const struct page *page, uint8_t ino)
{
	check_reached(site, page, ino, "a device reached memory that was removed",
		      "a device reached a block that the file gave back");
}

void check_block_free(const struct mmref_site *site, const struct page *page)
{
	if (!memmap_gone(page) && ledger_in_use(page))
		violation(MMREF_USE_AFTER_TRUNCATE, site, page,
			  "a block is given back while its page is mapped, pinned or held");
}
