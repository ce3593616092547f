/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>

#include "check/ledger.h"
#include <mmref/linux/pmem.h>
#include "world.h"

_Static_assert(LEDGER_FILES == MAX_INODES, "a user for each inode");

static bool memmap_gone(const struct page *page)
{
	return world_absent_area(current->world, page);
}

/* By number of their inodes; what is no file's is anybody's. */
static uint64_t block_files_of(const struct page *page)
{
	const struct dev_pagemap *pgmap = page_device(page);
	const struct pmem_device *pmem = current->world->devices[pgmap->slot];

	return pmem ? PEEK(pmem->sb->block_files[page - pgmap->memmap]) : UINT64_MAX;
}

static void check_reached(const struct mmref_site *site, const struct page *page, uint8_t ino,
			  const char *unplugged, const char *truncated)
{
	ledger_touch(page, MMREF_READ);
	if (memmap_gone(page))
		violation(MMREF_USE_AFTER_UNPLUG, site, page, unplugged);
	else if (!(block_files_of(page) >> ino & 1))
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

void check_write(const struct mmref_site *site, const struct inode *inode,
		 const struct page *page)
{
	check_reached(site, page, inode->i_ino, "a write() reached memory that was removed",
		      "a write() reached a block that is not the file's");
}

/* What stands at @address of @vma's mm, be it a PMD that covers it; 0 is nothing. */
static unsigned long pfn_at(const struct vm_area_struct *vma, unsigned long address)
{
	unsigned long offset = address & (ptrs_per_pte() - 1);
	pmd_t pmd = PEEK_SHARED(*pmd_offset(vma->vm_mm, address));
	pte_t pte;

	if (pmd_leaf(pmd))
		return pte_page(pmd) ? pte_pfn(pmd) + offset : 0;
	pte = pmd_table(pmd) ? PEEK_SHARED(pmd_table(pmd)->pte[offset]) : 0;
	return pte && pte_page(pte) ? pte_pfn(pte) : 0;
}

/* Does a map of @inode name @page where the file had it? */
static bool mapped_through(const struct inode *inode, const struct page *page,
			   unsigned long pgoff)
{
	for (const struct vm_area_struct *vma = PEEK(inode->i_mapping.i_mmap); vma;
	     vma = vma->i_mmap_next)
		if (pgoff - vma->vm_pgoff < vma->vm_end - vma->vm_start &&
		    pfn_at(vma, vma->vm_start + pgoff - vma->vm_pgoff) == page_to_pfn(page))
			return true;
	return false;
}

void check_block_lost(const struct mmref_site *site, const struct page *page,
		      const struct inode *inode, unsigned long pgoff)
{
	if (!memmap_gone(page) &&
	    (mapped_through(inode, page, pgoff) || ledger_held_through(page, inode->i_ino)))
		violation(MMREF_USE_AFTER_TRUNCATE, site, page,
			  "a file loses a block that is mapped, pinned or held as its own");
}

void check_block_free(const struct mmref_site *site, const struct page *page)
{
	if (!memmap_gone(page) && ledger_in_use(page))
		violation(MMREF_USE_AFTER_TRUNCATE, site, page,
			  "a block is given back while its page is mapped, pinned or held");
}
