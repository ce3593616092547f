/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <mmref/kernel.h>

#include "kernel/bodies.h"

/* madvise(MADV_DONTNEED) of the whole of @vma; -ENOMEM where it is not mapped any more. */
int (madvise_dontneed_single_vma)(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	struct mmu_gather tlb = { 0 };
	int err = -ENOMEM;

	down_read(&mm->mmap_lock);
	if (vma_lookup(mm, vma->vm_start) == vma) {
		unmap_page_range(&tlb, vma, vma->vm_start, vma->vm_end, NULL);
		tlb_finish_mmu(&tlb);
		err = 0;
	}
	up_read(&mm->mmap_lock);
	return err;
}
