/* SPDX-License-Identifier: MIT */
#include "check/hooks.h"

#include <mmref/linux/bug.h>
#include <mmref/linux/fs.h>

/* i_size is written before the pages past it are unmapped, but where blocks are shifted. */
static unsigned long size_after_call(const struct inode *inode)
{
	unsigned long to_be = PEEK(inode->size_to_be);

	step_touches(&inode->i_size, sizeof(inode->i_size), MMREF_READ);
	return to_be ? to_be : PEEK(inode->i_size);
}

void check_private(const struct mmref_site *site, const struct zap_details *details,
		   const struct vm_area_struct *vma, unsigned long address, pte_t pte)
{
	if (!details || details->skip_cows || !(pte & PTE_ANON))
		return;
	if (linear_page_index(vma, address) < size_after_call(vma->vm_file->f_inode))
		violation(MMREF_PRIVATE_LOST, site, NULL,
			  "a private copy is unmapped, and the file still reaches to it");
}

void private_size_to_be(struct inode *inode, unsigned long pages)
{
	POKE(inode->size_to_be, pages);
}
