/* SPDX-License-Identifier: MIT */

#include <errno.h>

#include <mmref/kernel.h>

#include "world.h"

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

/* vma_link_file() */
static void link_file_vma(struct vm_area_struct *vma)
{
	struct address_space *mapping;

	if (!vma->vm_file)
		return;
	mapping = &vma->vm_file->f_inode->i_mapping;
	down_write(&mapping->i_mmap_rwsem);
	vma->i_mmap_next = mapping->i_mmap;
	POKE_SHARED(mapping->i_mmap, vma);
	up_write(&mapping->i_mmap_rwsem);
}

static void put_vma_file(struct vm_area_struct *vma)
{
	if (vma->vm_file)
		fput(vma->vm_file);
}

/*
 * call_mmap() where @twin is NULL, before the file can find the VMA. What the driver has
 * inserted before it fails is unmapped.
 */
static int map_file(struct vm_area_struct *vma, const struct vm_area_struct *twin)
{
	struct file *file = get_file(vma->vm_file);
	struct mmu_gather tlb = { 0 };
	int err = twin || !file->f_op->mmap ? 0 : file->f_op->mmap(vma);

	if (!err)
		return 0;
	unmap_page_range(&tlb, vma, vma->vm_start, vma->vm_end);
	tlb_finish_mmu(&tlb);
	put_vma_file(vma);
	return err;
}

/*
 * mmap_region() of a VMA that has all but its address, or (@twin: whose child's it is)
 * dup_mmap(), which asks no driver. -ENOMEM where there is no room, or what the driver says.
 */
static int insert_vma(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long pages,
		      unsigned long shift, const struct vm_area_struct *twin)
{
	struct vm_area_struct **link;
	int err = -ENOMEM;

	down_write(&mm->mmap_lock);
	link = unmapped_area(mm, pages, shift, &vma->vm_start);
	if (link) {
		vma->vm_mm = mm;
		vma->vm_end = vma->vm_start + pages;
		if (vma->vm_file)
			err = map_file(vma, twin);
		else if (anon_vma_link(vma, twin))
			err = 0;
	}
	if (!err) {
		vma->vm_next = *link;
		*link = vma;
		link_file_vma(vma);
	}
	up_write(&mm->mmap_lock);
	return err;
}

static struct vm_area_struct *vma_alloc(struct file *file, unsigned long pgoff, unsigned int flags)
{
	struct vm_area_struct *vma = world_new(current->world, struct vm_area_struct);

	if (!vma)
		return NULL;
	vma->vm_file = file;
	vma->vm_pgoff = pgoff;
	vma->vm_flags = flags;
	return vma;
}

struct vm_area_struct *do_mmap(struct mm_struct *mm, struct file *file, unsigned long pgoff,
			       unsigned long pages, unsigned int flags, unsigned long shift)
{
	struct vm_area_struct *vma = vma_alloc(file, pgoff, flags);
	int err = vma ? insert_vma(mm, vma, pages, shift, NULL) : -ENOMEM;

	return err ? ERR_PTR(err) : vma;
}

/* unlink_file_vma() and unlink_anon_vmas() */
static void unlink_vma(struct vm_area_struct *vma)
{
	struct address_space *mapping;
	struct vm_area_struct **link;

	if (!vma->vm_file) {
		anon_vma_unlink(vma);
		return;
	}
	mapping = &vma->vm_file->f_inode->i_mapping;
	link = &mapping->i_mmap;
	down_write(&mapping->i_mmap_rwsem);
	while (*link != vma)
		link = &(*link)->i_mmap_next;
	POKE_SHARED(*link, vma->i_mmap_next);
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
	unlink_vma(vma);
	free_page_tables(vma);
	tlb_finish_mmu(&tlb);
	put_vma_file(vma);
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

/* vma_needs_copy(): others fault again. */
static bool vma_needs_copy(const struct vm_area_struct *vma)
{
	return vma_is_anonymous(vma) || (vma->vm_flags & VM_MIXEDMAP) || PEEK(vma->anon_vma);
}

static bool dup_vma(struct mm_struct *child, struct vm_area_struct *vma)
{
	struct vm_area_struct *twin = vma_alloc(vma->vm_file, vma->vm_pgoff, vma->vm_flags);

	if (!twin || insert_vma(child, twin, vma->vm_end - vma->vm_start,
				vma->vm_start & (ptrs_per_pte() - 1), vma))
		return false;
	twin->anon_vma = vma->anon_vma;
	if (vma_needs_copy(vma))
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
		unlink_vma(vma);
	tlb_finish_mmu(&tlb);
	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		put_vma_file(vma);
	mm->mmap = NULL;
	up_write(&mm->mmap_lock);
}
