/* SPDX-License-Identifier: MIT */
#include "mm/mm.h"

#include <errno.h>

#include "fs/fs.h"

struct mm_struct *mm_alloc(struct world *world)
{
	struct mm_struct *mm = world_new(world, struct mm_struct);

	for (int i = 0; mm && i < MAX_MMS; i++) {
		struct mm_struct *none = NULL;

		mm->id = i;
		if (__atomic_compare_exchange_n(&world->mms[i], &none, mm, false, __ATOMIC_SEQ_CST,
						__ATOMIC_SEQ_CST))
			return mm;
	}
	return NULL;
}

struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long address)
{
	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		if (address >= vma->vm_start && address < vma->vm_end)
			return vma;
	return NULL;
}

/* thp_get_unmapped_area(): the lowest gap that starts where a PMD does, or @shift above. */
static struct vm_area_struct **unmapped_area(struct mm_struct *mm, unsigned long pages,
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

struct vm_area_struct *do_mmap(struct mm_struct *mm, struct file *file, unsigned long pgoff,
			       unsigned long pages, unsigned int flags, unsigned long shift)
{
	struct address_space *mapping = &file->f_inode->i_mapping;
	struct vm_area_struct *vma = world_new(current->world, struct vm_area_struct);
	struct vm_area_struct **link;

	down_write(&mm->mmap_lock);
	link = vma ? unmapped_area(mm, pages, shift, &vma->vm_start) : NULL;
	if (!link) {
		up_write(&mm->mmap_lock);
		return NULL;
	}
	vma->vm_mm = mm;
	vma->vm_file = get_file(file);
	vma->vm_end = vma->vm_start + pages;
	vma->vm_pgoff = pgoff;
	vma->vm_flags = flags;
	vma->vm_next = *link;
	*link = vma;

	down_write(&mapping->i_mmap_rwsem);
	vma->i_mmap_next = mapping->i_mmap;
	POKE(mapping->i_mmap, vma);
	up_write(&mapping->i_mmap_rwsem);
	up_write(&mm->mmap_lock);
	return vma;
}

/* unlink_file_vma() */
static void unlink_file_vma(struct vm_area_struct *vma)
{
	struct address_space *mapping = &vma->vm_file->f_inode->i_mapping;
	struct vm_area_struct **link = &mapping->i_mmap;

	down_write(&mapping->i_mmap_rwsem);
	while (*link != vma)
		link = &(*link)->i_mmap_next;
	POKE(*link, vma->i_mmap_next);
	up_write(&mapping->i_mmap_rwsem);
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

/* free_pgd_range(): the tables, empty by now, are taken out; a walker may still look into one. */
static void free_page_tables(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long address = vma->vm_start & ~(ptrs_per_pte() - 1);

	for (; address < vma->vm_end; address += ptrs_per_pte())
		if (PEEK(*pmd_offset(mm, address)) && !pmd_is_shared(mm, address))
			WRITE_ONCE(*pmd_offset(mm, address), 0);
}

/* unmap_vmas(), free_pgtables(), tlb_finish_mmu(), remove_vma(): in this order. */
static void unmap_region(struct vm_area_struct *vma)
{
	struct mmu_gather tlb = { 0 };

	unmap_page_range(&tlb, vma, vma->vm_start, vma->vm_end);
	unlink_file_vma(vma);
	free_page_tables(vma);
	tlb_finish_mmu(&tlb);
	fput(vma->vm_file);
}

/* False where @vma is not in @mm any more. */
static bool detach_vma(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct **link = &mm->mmap;

	while (*link && *link != vma)
		link = &(*link)->vm_next;
	if (!*link)
		return false;
	*link = vma->vm_next;
	return true;
}

/* The lock is held to the end; the kernel downgrades it before the zap. */
void do_munmap(struct mm_struct *mm, struct vm_area_struct *vma)
{
	down_write(&mm->mmap_lock);
	if (detach_vma(mm, vma))
		unmap_region(vma);
	up_write(&mm->mmap_lock);
}

int madvise_dontneed(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	struct mmu_gather tlb = { 0 };
	int err = -ENOMEM;

	down_read(&mm->mmap_lock);
	if (vma_lookup(mm, vma->vm_start) == vma) {
		unmap_page_range(&tlb, vma, vma->vm_start, vma->vm_end);
		tlb_finish_mmu(&tlb);
		err = 0;
	}
	up_read(&mm->mmap_lock);
	return err;
}

/* copy_page_range() is for VMAs that have had anonymous pages; others fault again. */
static bool dup_vma(struct mm_struct *child, struct vm_area_struct *vma)
{
	struct vm_area_struct *twin = do_mmap(child, vma->vm_file, vma->vm_pgoff,
					      vma->vm_end - vma->vm_start, vma->vm_flags,
					      vma->vm_start & (ptrs_per_pte() - 1));

	if (!twin)
		return false;
	twin->anon_vma = vma->anon_vma;
	if (PEEK(vma->anon_vma))
		copy_page_range(twin, vma);
	return true;
}

struct mm_struct *dup_mm(struct mm_struct *mm)
{
	struct mm_struct *child = mm_alloc(current->world);
	bool ok = child;

	if (!child)
		return NULL;
	down_write(&mm->mmap_lock);
	for (struct vm_area_struct *vma = mm->mmap; ok && vma; vma = vma->vm_next)
		ok = dup_vma(child, vma);
	up_write(&mm->mmap_lock);
	return ok ? child : NULL;
}

/* All entries of all VMAs go under the lock held for reading, the VMAs themselves after that. */
void exit_mmap(struct mm_struct *mm)
{
	struct mmu_gather tlb = { 0 };

	down_read(&mm->mmap_lock);
	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		unmap_page_range(&tlb, vma, vma->vm_start, vma->vm_end);
	up_read(&mm->mmap_lock);

	down_write(&mm->mmap_lock);
	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		unlink_file_vma(vma);
	tlb_finish_mmu(&tlb);
	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		fput(vma->vm_file);
	mm->mmap = NULL;
	up_write(&mm->mmap_lock);
}
