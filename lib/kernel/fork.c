/* SPDX-License-Identifier: MIT */
/* The address space of a child: kernel/fork.c. */
#include <errno.h>

#include <mmref/kernel.h>

#include "kernel/bodies.h"
#include "world.h"

/* No driver is asked. */
static int dup_vma(struct mm_struct *mm, struct vm_area_struct *mpnt)
{
	struct vm_area_struct *tmp = vm_area_alloc(mpnt->vm_file, mpnt->vm_pgoff, mpnt->vm_flags);
	unsigned long pages = mpnt->vm_end - mpnt->vm_start;
	unsigned long shift = mpnt->vm_start & (ptrs_per_pte() - 1);
	struct vm_area_struct **link;

	if (!tmp)
		return -ENOMEM;
	link = thp_get_unmapped_area(mm, pages, shift, &tmp->vm_start);
	if (!link)
		return -ENOMEM;
	tmp->vm_mm = mm;
	tmp->vm_end = tmp->vm_start + pages;
	tmp->anon_vma = mpnt->anon_vma;
	if (tmp->vm_file)
		get_file(tmp->vm_file);
	else if (!anon_vma_fork(tmp, mpnt))
		return -ENOMEM;
	vma_link(tmp, link);
	return copy_page_range(tmp, mpnt);
}

int (dup_mmap)(struct mm_struct *mm, struct mm_struct *oldmm)
{
	int err = 0;

	down_write(&oldmm->mmap_lock);
	down_write(&mm->mmap_lock);
	for (struct vm_area_struct *mpnt = oldmm->mmap; !err && mpnt; mpnt = mpnt->vm_next)
		err = dup_vma(mm, mpnt);
	up_write(&mm->mmap_lock);
	up_write(&oldmm->mmap_lock);
	return err;
}

struct mm_struct *dup_mm(struct mm_struct *oldmm)
{
	struct mm_struct *mm = mm_alloc(current->world);

	return mm && !dup_mmap(mm, oldmm) ? mm : NULL;
}
EXPORT_SYMBOL(dup_mm);
