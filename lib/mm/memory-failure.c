/* SPDX-License-Identifier: MIT */
#include "kernel/bodies.h"

#include "world.h"

/* Those who map a page, and the most that one of them maps it with. */
struct to_kill {
	struct mm_struct *mm[MAX_MMS];
	int nr;
	unsigned long size;
};

/* In pages: 0 where nothing of the device is mapped. Takes no lock. */
static unsigned long dev_pagemap_mapping_shift(struct vm_area_struct *vma, unsigned long address)
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

static void add_to_kill_fsdax(struct to_kill *to_kill, struct vm_area_struct *vma,
			      unsigned long index)
{
	unsigned long size =
		dev_pagemap_mapping_shift(vma, vma->vm_start + index - vma->vm_pgoff);

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
 * Every process before a removal; otherwise the current one, which maps nothing when it unbinds,
 * and those with PR_MCE_KILL_EARLY, which nobody asks for here.
 */
static void collect_procs_fsdax(struct to_kill *to_kill, struct address_space *mapping,
				pgoff_t index, bool pre_remove)
{
	struct vm_area_struct *vma;

	down_read(&mapping->i_mmap_rwsem);
	vma_interval_tree_foreach(vma, mapping, index, index)
		if (pre_remove)
			add_to_kill_fsdax(to_kill, vma, index);
	up_read(&mapping->i_mmap_rwsem);
}

/* And kill_proc(): BUS_MCEERR_AO to each, though the memory is good. */
static void unmap_and_kill(const struct to_kill *to_kill, struct address_space *mapping,
			   pgoff_t index)
{
	if (to_kill->size)
		unmap_mapping_pages(mapping, index & ~(to_kill->size - 1), to_kill->size, false);
	for (int i = 0; i < to_kill->nr; i++)
		WRITE_ONCE(to_kill->mm[i]->sigbus, true);
}

int (mf_dax_kill_procs)(struct address_space *mapping, pgoff_t index, unsigned long count,
			int mf_flags)
{
	for (pgoff_t end = index + count; index < end; index++) {
		struct to_kill to_kill = { .nr = 0 };
		struct page *page = NULL;
		dax_entry_t cookie = dax_lock_mapping_entry(mapping, index, &page);

		if (!page) {
			dax_unlock_mapping_entry(mapping, index, cookie);
			continue;
		}
		collect_procs_fsdax(&to_kill, mapping, index, mf_flags & MF_MEM_PRE_REMOVE);
		unmap_and_kill(&to_kill, mapping, index);
		dax_unlock_mapping_entry(mapping, index, cookie);
	}
	return 0;
}
