/* SPDX-License-Identifier: MIT */
/* Address spaces and their VMAs: mm/mmap.c. */
#include <errno.h>

#include <mmref/kernel.h>

#include "kernel/bodies.h"
#include "world.h"

struct mm_struct *mm_alloc(struct world *world)
{
	struct mm_struct *mm = world_new(world, struct mm_struct);

	for (int i = 0; mm && i < MAX_MMS; i++) {
		struct mm_struct *none = NULL;

		mm->id = i;
		if (POKE_TRY_CMPXCHG(world->mms[i], &none, mm))
			return mm;
	}
	return NULL;
}
EXPORT_SYMBOL(mm_alloc);

struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long address)
{
	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		if (address >= vma->vm_start && address < vma->vm_end)
			return vma;
	return NULL;
}
EXPORT_SYMBOL(vma_lookup);

/* The kernel's comes from mm/huge_memory.c. */
struct vm_area_struct **thp_get_unmapped_area(struct mm_struct *mm, unsigned long pages,
					      unsigned long shift, unsigned long *start)
{
	unsigned long size = ptrs_per_pte();
	struct vm_area_struct **link = &mm->mmap;

	*start = shift;
	while (*link && (*link)->vm_start < *start + pages) {
		*start = (((*link)->vm_end + size - 1) & ~(size - 1)) + shift;
		link = &(*link)->vm_next;
	}
	return *start + pages <= MM_PMDS * size ? link : NULL;
}
EXPORT_SYMBOL(thp_get_unmapped_area);

struct vm_area_struct *vm_area_alloc(struct file *file, pgoff_t pgoff, unsigned int flags)
{
	struct vm_area_struct *vma = world_new(current->world, struct vm_area_struct);

	if (!vma)
		return NULL;
	vma->vm_file = file;
	vma->vm_pgoff = pgoff;
	vma->vm_flags = flags;
	return vma;
}
EXPORT_SYMBOL(vm_area_alloc);

void vma_link(struct vm_area_struct *vma, struct vm_area_struct **link)
{
	struct address_space *mapping;

	vma->vm_next = *link;
	*link = vma;
	if (!vma->vm_file)
		return;
	mapping = &vma->vm_file->f_inode->i_mapping;	/* vma_link_file() */
	down_write(&mapping->i_mmap_rwsem);
	vma->i_mmap_next = mapping->i_mmap;
	POKE_SHARED(mapping->i_mmap, vma);
	up_write(&mapping->i_mmap_rwsem);
}
EXPORT_SYMBOL(vma_link);

static void put_vma_file(struct vm_area_struct *vma)
{
	if (vma->vm_file)
		fput(vma->vm_file);
}

/*
 * The file is asked before it can find the VMA. What its driver has inserted before it fails is
 * unmapped.
 */
static int call_mmap(struct vm_area_struct *vma)
{
	struct file *file = get_file(vma->vm_file);
	struct mmu_gather tlb = { 0 };
	int err = file->f_op->mmap ? file->f_op->mmap(vma) : 0;

	if (!err)
		return 0;
	unmap_page_range(&tlb, vma, vma->vm_start, vma->vm_end, NULL);
	tlb_finish_mmu(&tlb);
	fput(file);
	return err;
}

/* Of a VMA that has all but its address. -ENOMEM where there is no room, or what the file says. */
int (mmap_region)(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long pages,
		  unsigned long shift)
{
	struct vm_area_struct **link;
	int err = 0;

	link = thp_get_unmapped_area(mm, pages, shift, &vma->vm_start);
	if (!link)
		return -ENOMEM;
	vma->vm_mm = mm;
	vma->vm_end = vma->vm_start + pages;
	if (vma->vm_file)
		err = call_mmap(vma);
	else if (!anon_vma_prepare(vma))
		err = -ENOMEM;
	if (!err)
		vma_link(vma, link);
	return err;
}

/*
 * Of @pages of @file from @pgoff on, or (@file NULL) of anonymous memory; the VMA, or ERR_PTR():
 * -ENOMEM without memory or room, or why the file refuses. The address lies @shift pages above
 * where a PMD could map it.
 */
struct vm_area_struct *(do_mmap)(struct mm_struct *mm, struct file *file, pgoff_t pgoff,
				 unsigned long pages, unsigned int flags, unsigned long shift)
{
	struct vm_area_struct *vma = vm_area_alloc(file, pgoff, flags);
	int err;

	if (!vma)
		return ERR_PTR(-ENOMEM);
	down_write(&mm->mmap_lock);
	err = mmap_region(mm, vma, pages, shift);
	up_write(&mm->mmap_lock);
	return err ? ERR_PTR(err) : vma;
}

static void unlink_file_vma(struct vm_area_struct *vma)
{
	struct address_space *mapping = &vma->vm_file->f_inode->i_mapping;
	struct vm_area_struct **link = &mapping->i_mmap;

	down_write(&mapping->i_mmap_rwsem);
	while (*link != vma)
		link = &(*link)->i_mmap_next;
	POKE_SHARED(*link, vma->i_mmap_next);
	up_write(&mapping->i_mmap_rwsem);
}

static void unlink_vma(struct vm_area_struct *vma)
{
	if (vma->vm_file)
		unlink_file_vma(vma);
	else
		unlink_anon_vmas(vma);
}

/* Does another VMA of the mm lie in the PMD of @address? */
static bool pmd_is_shared(struct mm_struct *mm, unsigned long address)
{
	unsigned long start = address & ~(ptrs_per_pte() - 1);

	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		if (vma->vm_start < start + ptrs_per_pte() && vma->vm_end > start)
			return true;
	return false;
}

/* The tables, empty by now, are taken out; a walker may still look into one. */
static void free_pgtables(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long address = vma->vm_start & ~(ptrs_per_pte() - 1);

	unlink_vma(vma);
	for (; address < vma->vm_end; address += ptrs_per_pte())
		if (PEEK(*pmd_offset(mm, address)) && !pmd_is_shared(mm, address))
			WRITE_ONCE(*pmd_offset(mm, address), 0);
}

void (unmap_region)(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct mmu_gather tlb = { 0 };

	(void)mm;
	unmap_page_range(&tlb, vma, vma->vm_start, vma->vm_end, NULL);	/* unmap_vmas() */
	free_pgtables(vma);
	tlb_finish_mmu(&tlb);
	put_vma_file(vma);	/* remove_vma() */
}

/* The whole of @vma, where it is still mapped. The kernel downgrades the lock before the zap. */
void (do_munmap)(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct **link = &mm->mmap;

	down_write(&mm->mmap_lock);
	while (*link && *link != vma)
		link = &(*link)->vm_next;
	if (*link) {
		*link = vma->vm_next;
		unmap_region(mm, vma);
	}
	up_write(&mm->mmap_lock);
}

/* All entries of all VMAs go under the lock held for reading, the VMAs themselves after that. */
void (exit_mmap)(struct mm_struct *mm)
{
	struct mmu_gather tlb = { 0 };

	down_read(&mm->mmap_lock);
	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		unmap_page_range(&tlb, vma, vma->vm_start, vma->vm_end, NULL);
	up_read(&mm->mmap_lock);

	down_write(&mm->mmap_lock);
	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		unlink_vma(vma);
	tlb_finish_mmu(&tlb);
	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		put_vma_file(vma);
	mm->mmap = NULL;
	up_write(&mm->mmap_lock);
}
