/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>

#include "world.h"

/* Those who map a page, and the most that one of them maps it with. */
struct to_kill {
	struct mm_struct *mm[MAX_MMS];
	int nr;
	unsigned long size;
};

/* dev_pagemap_mapping_shift(), in pages: 0 where nothing of the device is mapped. Takes no lock. */
static unsigned long mapping_size(struct vm_area_struct *vma, unsigned long address)
{
	pmd_t pmd = READ_ONCE(*pmd_offset(vma->vm_mm, address));
	struct pte_table *table = pmd_table(pmd);
	pte_t pte;

	if (pmd_leaf(pmd))
		return pte_page(pmd) ? ptrs_per_pte() : 0;
	if (!table)
		return 0;
	pte = ptep_get(&table->pte[address & (ptrs_per_pte() - 1)]);
	return pte && pte_page(pte) ? 1 : 0;
}

/* add_to_kill_fsdax() */
static void add_to_kill(struct to_kill *to_kill, struct vm_area_struct *vma, unsigned long index)
{
	unsigned long size = mapping_size(vma, vma->vm_start + index - vma->vm_pgoff);

	if (!size)
		return;
	if (size > to_kill->size)
		to_kill->size = size;
	for (int i = 0; i < to_kill->nr; i++)
		if (to_kill->mm[i] == vma->vm_mm)
			return;		/* two signals of a kind are one */
	to_kill->mm[to_kill->nr++] = vma->vm_mm;
}

/*
 * collect_procs_fsdax(): every process before a removal; otherwise the current one, which
 * maps nothing when it unbinds, and those with PR_MCE_KILL_EARLY, which nobody asks for here.
 */
static void collect_procs(struct to_kill *to_kill, struct address_space *mapping,
			  unsigned long index, bool pre_remove)
{
	down_read(&mapping->i_mmap_rwsem);
	for (struct vm_area_struct *vma = mapping->i_mmap; vma && pre_remove;
	     vma = vma->i_mmap_next)
		if (index >= vma->vm_pgoff && index - vma->vm_pgoff < vma->vm_end - vma->vm_start)
			add_to_kill(to_kill, vma, index);
	up_read(&mapping->i_mmap_rwsem);
}

/* unmap_and_kill() and kill_proc(): BUS_MCEERR_AO to each, though the memory is good. */
static void unmap_and_kill(const struct to_kill *to_kill, struct address_space *mapping,
			   unsigned long index)
{
	unsigned long start = index & ~(to_kill->size - 1);

	if (to_kill->size)
		unmap_mapping_pages(mapping, start, to_kill->size, false);
	for (int i = 0; i < to_kill->nr; i++)
		WRITE_ONCE(to_kill->mm[i]->sigbus, true);
}

void mf_dax_kill_procs(struct address_space *mapping, unsigned long index, unsigned long count,
		       bool pre_remove)
{
	for (unsigned long end = index + count; index < end; index++) {
		struct xa_state xas = { .mapping = mapping, .index = index };
		struct to_kill to_kill = { .nr = 0 };
		unsigned long entry;

		if (!dax_lock_mapping_entry(&xas, &entry))
			continue;
		collect_procs(&to_kill, mapping, index, pre_remove);
		unmap_and_kill(&to_kill, mapping, index);
		dax_unlock_entry(&xas, entry);
	}
}
