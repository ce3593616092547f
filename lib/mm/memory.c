/* SPDX-License-Identifier: MIT */
/*
 * mm/memory.c: page tables, inserts, fork and zaps. Faults are in memory_fault.c; bodies that differ
 * between kernels are in lib/rules.
 */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/hooks.h"
#include "kernel/bodies.h"
#include "world.h"

/* A special entry holds no page. The entry of a device page is special where page tables hold nothing. */
struct page *(vm_normal_page)(struct vm_area_struct *vma, unsigned long addr, pte_t pte)
{
	(void)vma;
	(void)addr;
	return pte_special(pte) ? NULL : pte_page(pte);
}

struct page *(vm_normal_page_pmd)(struct vm_area_struct *vma, unsigned long addr, pmd_t pmd)
{
	(void)vma;
	(void)addr;
	return pmd & PTE_SPECIAL ? NULL : pmd_page(pmd);
}

/* --- page tables ---------------------------------------------------------- */

struct pte_table *pte_offset_map(struct mm_struct *mm, unsigned long address, pte_t **ptep)
{
	struct pte_table *table = pmd_table(READ_ONCE(*pmd_offset(mm, address)));

	if (table)
		*ptep = &table->pte[address & (ptrs_per_pte() - 1)];
	return table;
}
EXPORT_SYMBOL(pte_offset_map);

/*
 * Of two tasks the second finds the table of the first. The kernel allocates a table before it takes
 * the lock, and frees it then. False: no memory.
 */
bool __pte_alloc(struct mm_struct *mm, pmd_t *pmd)
{
	struct world *world = current->world;
	struct pte_table *table;
	bool there;

	spin_lock(&mm->page_table_lock);
	there = PEEK(*pmd);
	if (!there) {
		table = world_alloc(world, sizeof(*table) + ptrs_per_pte() * sizeof(pte_t));
		if (table)
			WRITE_ONCE(*pmd, (pmd_t)(uintptr_t)table);
		there = table;
	}
	spin_unlock(&mm->page_table_lock);
	return there;
}
EXPORT_SYMBOL(__pte_alloc);

struct pte_table *pte_alloc_map(struct mm_struct *mm, unsigned long address, pte_t **ptep)
{
	struct pte_table *table = pte_offset_map(mm, address, ptep);

	if (table)
		return table;
	return __pte_alloc(mm, pmd_offset(mm, address)) ? pte_offset_map(mm, address, ptep) : NULL;
}
EXPORT_SYMBOL(pte_alloc_map);

/* A table that is there stays there while mmap_lock is held, so that finding it is no step. */
pte_t *get_locked_pte(struct mm_struct *mm, unsigned long address, spinlock_t **ptl)
{
	struct pte_table *table = pmd_table(PEEK(*pmd_offset(mm, address)));
	pte_t *pte;

	if (table)
		pte = &table->pte[address & (ptrs_per_pte() - 1)];
	else
		table = pte_alloc_map(mm, address, &pte);
	if (!table)
		return NULL;
	*ptl = &table->ptl;
	spin_lock(*ptl);
	return pte;
}
EXPORT_SYMBOL(get_locked_pte);

/* --- inserting a page or a pfn ---------------------------------------------- */

int (insert_page)(struct vm_area_struct *vma, unsigned long addr, struct page *page, bool mkwrite)
{
	spinlock_t *ptl;
	pte_t *pte;
	int err;

	err = validate_page_before_insert(vma, page);
	if (err)
		return err;
	pte = get_locked_pte(vma->vm_mm, addr, &ptl);
	if (!pte)
		return -ENOMEM;
	err = insert_page_into_pte_locked(vma, pte, addr, page, mkwrite);
	spin_unlock(ptl);
	return err;
}

vm_fault_t (vmf_insert_mixed)(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn)
{
	return insert_pfn(vma, addr, pfn, false);
}

vm_fault_t (vmf_insert_mixed_mkwrite)(struct vm_area_struct *vma, unsigned long addr,
				      unsigned long pfn)
{
	return insert_pfn(vma, addr, pfn, true);
}

/* --- fork ------------------------------------------------------------------- */

void (copy_nonpresent_pte)(struct mm_struct *dst_mm, struct mm_struct *src_mm, pte_t *dst_pte,
			   pte_t *src_pte, struct vm_area_struct *dst_vma,
			   struct vm_area_struct *src_vma, unsigned long addr)
{
	pte_t pte = PEEK_SHARED(*src_pte);

	(void)dst_mm;
	(void)src_mm;
	(void)addr;
	if (pte & PTE_PRIVATE) {
		struct page *page = pte_page(pte);
		struct folio *folio = page_folio(page);

		folio_get(folio, HELD_BY_PTE);
		folio_dup_file_rmap_pte(folio, page, dst_vma);
	} else {
		pfn_swap_entry_to_page(pte);
	}
	if (pte_write(pte) && is_cow_mapping(src_vma->vm_flags)) {
		pte &= ~(pte_t)PTE_WRITE;
		ptep_change(src_pte, pte);
	}
	set_pte(dst_pte, pte);
}

/* What is private to the process is write-protected in both; what is shared is clean in the child. */
void (copy_present_ptes)(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma,
			 pte_t *dst_pte, pte_t *src_pte, pte_t pte, unsigned long addr)
{
	struct page *page = vm_normal_page(src_vma, addr, pte);

	if (page) {
		struct folio *folio = page_folio(page);

		folio_get(folio, HELD_BY_PTE);
		folio_dup_file_rmap_pte(folio, page, dst_vma);
	}
	if (is_cow_mapping(src_vma->vm_flags) && pte_write(pte)) {
		ptep_set_wrprotect(src_pte);
		pte &= ~(pte_t)PTE_WRITE;
	}
	if (src_vma->vm_flags & VM_SHARED)
		pte &= ~(pte_t)PTE_DIRTY;
	set_pte(dst_pte, pte);
}

int (copy_pte_range)(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma,
		     pmd_t *dst_pmd, pmd_t *src_pmd, unsigned long addr, unsigned long end)
{
	struct mm_struct *dst_mm = dst_vma->vm_mm, *src_mm = src_vma->vm_mm;
	unsigned long dst_addr = dst_vma->vm_start + (addr - src_vma->vm_start);
	spinlock_t *dst_ptl, *src_ptl;
	struct pte_table *table;
	pte_t *src_pte, *dst_pte;

	(void)dst_pmd;
	dst_pte = get_locked_pte(dst_mm, dst_addr, &dst_ptl);
	if (!dst_pte)
		return -ENOMEM;
	table = pmd_table(READ_ONCE(*src_pmd));
	if (!table) {
		spin_unlock(dst_ptl);
		return 0;
	}
	src_pte = &table->pte[addr & (ptrs_per_pte() - 1)];
	src_ptl = &table->ptl;
	spin_lock(src_ptl);
	for (; addr < end; addr++, src_pte++, dst_pte++) {
		pte_t pte = PEEK(*src_pte);

		if (!pte)
			continue;
		if (pte_present(pte))
			copy_present_ptes(dst_vma, src_vma, dst_pte, src_pte,
					  PEEK_SHARED(*src_pte), addr);
		else
			copy_nonpresent_pte(dst_mm, src_mm, dst_pte, src_pte, dst_vma, src_vma,
					    addr);
	}
	spin_unlock(src_ptl);
	spin_unlock(dst_ptl);
	return 0;
}

static int copy_pmd_range(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma,
			  unsigned long addr, unsigned long end)
{
	struct mm_struct *dst_mm = dst_vma->vm_mm, *src_mm = src_vma->vm_mm;
	unsigned long dst_addr = dst_vma->vm_start + (addr - src_vma->vm_start);
	pmd_t *src_pmd = pmd_offset(src_mm, addr), *dst_pmd = pmd_offset(dst_mm, dst_addr);
	pmd_t pmd = READ_ONCE(*src_pmd);

	if (!pmd)
		return 0;
	if (!pmd_leaf(pmd))
		return copy_pte_range(dst_vma, src_vma, dst_pmd, src_pmd, addr, end);
	copy_huge_pmd(dst_mm, src_mm, dst_pmd, src_pmd, addr, dst_vma, src_vma);
	return 0;
}

/* What a fault brings back is not copied. */
static bool vma_needs_copy(const struct vm_area_struct *src_vma)
{
	return vma_is_anonymous(src_vma) || (src_vma->vm_flags & VM_MIXEDMAP) ||
	       PEEK(src_vma->anon_vma);
}

int (copy_page_range)(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma)
{
	bool is_cow = is_cow_mapping(src_vma->vm_flags);
	unsigned long addr = src_vma->vm_start, next;
	int err = 0;

	if (!vma_needs_copy(src_vma))
		return 0;
	if (is_cow)
		raw_write_seqcount_begin(&src_vma->vm_mm->write_protect_seq);
	for (; !err && addr < src_vma->vm_end; addr = next) {
		next = pmd_addr_end(addr, src_vma->vm_end);
		err = copy_pmd_range(dst_vma, src_vma, addr, next);
	}
	if (is_cow)
		raw_write_seqcount_end(&src_vma->vm_mm->write_protect_seq);
	return err;
}

/* --- zap -------------------------------------------------------------------- */

bool should_zap_cows(const struct zap_details *details)
{
	return !details || !details->skip_cows;
}
EXPORT_SYMBOL(should_zap_cows);

bool should_zap_folio(const struct zap_details *details, struct folio *folio)
{
	return should_zap_cows(details) || !folio_test_anon(folio);
}
EXPORT_SYMBOL(should_zap_folio);

bool should_zap_pte(const struct zap_details *details, pte_t pte, struct folio *folio)
{
	if (pte & PTE_ANON)
		return should_zap_cows(details);
	return !folio || should_zap_folio(details, folio);
}
EXPORT_SYMBOL(should_zap_pte);

/* What a device-private entry held is put at once, before it is cleared; a migration entry holds nothing. */
void (zap_nonpresent_ptes)(struct mmu_gather *tlb, struct vm_area_struct *vma, pte_t *pte,
			   pte_t ptent, unsigned long addr, struct zap_details *details)
{
	(void)tlb;
	(void)addr;
	if (ptent & PTE_PRIVATE) {
		struct page *page = pte_page(ptent);
		struct folio *folio = page_folio(page);

		if (!should_zap_folio(details, folio))
			return;
		WARN_ON_ONCE(!folio_test_anon(folio));
		folio_remove_rmap_pte(folio, page, vma);
		ledger_mapped(page, 0, -1);
		folio_put(folio, HELD_BY_PTE);
	} else {
		pfn_swap_entry_to_page(ptent);
		if (!should_zap_cows(details))
			return;
	}
	pte_clear_not_present(pte);
}

/*
 * A dirty entry, and a gather that is full, make the flush come first, under the PTL, so that no
 * other CPU can still write through its TLB; what the gather holds is put right after that.
 */
unsigned long (zap_pte_range)(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
			      unsigned long addr, unsigned long end, struct zap_details *details)
{
	do {
		bool force_flush = false, force_break = false;
		struct pte_table *table;
		pte_t *pte;

		(void)pmd;
		table = pte_offset_map(vma->vm_mm, addr, &pte);
		if (!table)
			return addr;
		spin_lock(&table->ptl);
		for (; addr < end && !force_break; addr++, pte++) {
			pte_t ptent = PEEK(*pte);

			if (!ptent)
				continue;
			check_private(SITE("zap_pte_range"), details, vma, addr, ptent);
			if (pte_present(ptent))
				zap_present_ptes(tlb, vma, pte, ptent, addr, details, &force_flush,
						 &force_break);
			else
				zap_nonpresent_ptes(tlb, vma, pte, PEEK_SHARED(*pte), addr,
						    details);
		}
		if (force_flush) {
			tlb_flush_mmu_tlbonly(tlb);
			tlb_flush_rmaps(tlb, vma);
		}
		spin_unlock(&table->ptl);
		if (force_flush)
			tlb_flush_mmu(tlb);
	} while (addr < end);
	return addr;
}

/* A leaf goes as a whole, or is split first where only a part of it is to go. */
unsigned long (zap_pmd_range)(struct mmu_gather *tlb, struct vm_area_struct *vma,
			      unsigned long addr, unsigned long end, struct zap_details *details)
{
	pmd_t *pmd = pmd_offset(vma->vm_mm, addr);

	while (addr < end) {
		pmd_t pmdval = READ_ONCE(*pmd);

		if (!pmdval)
			return end;
		if (pmd_leaf(pmdval)) {
			if (end - addr != ptrs_per_pte())
				__split_huge_pmd(vma, pmd, addr);
			else if (zap_huge_pmd(tlb, vma, pmd, addr))
				return end;
		}
		addr = zap_pte_range(tlb, vma, pmd, addr, end, details);
	}
	return addr;
}

void (unmap_page_range)(struct mmu_gather *tlb, struct vm_area_struct *vma, unsigned long addr,
			unsigned long end, struct zap_details *details)
{
	while (addr < end)
		addr = zap_pmd_range(tlb, vma, addr, pmd_addr_end(addr, end), details);
}

/* i_mmap, a list here, is a tree of intervals in the kernel. */
void (unmap_mapping_range_tree)(struct address_space *mapping, pgoff_t first_index,
				pgoff_t last_index, struct zap_details *details)
{
	for (struct vm_area_struct *vma = mapping->i_mmap; vma; vma = vma->i_mmap_next) {
		pgoff_t vba = vma->vm_pgoff, vea = vba + (vma->vm_end - vma->vm_start) - 1;
		pgoff_t zba = first_index > vba ? first_index : vba;
		pgoff_t zea = last_index < vea ? last_index : vea;
		struct mmu_gather tlb = { 0 };

		if (zba > zea)
			continue;
		unmap_page_range(&tlb, vma, vma->vm_start + (zba - vba),
				 vma->vm_start + (zea - vba) + 1, details);
		tlb_finish_mmu(&tlb);
	}
}

void (unmap_mapping_pages)(struct address_space *mapping, pgoff_t start, pgoff_t nr,
			   bool even_cows)
{
	struct zap_details details = { .skip_cows = !even_cows };
	pgoff_t last_index = start + nr - 1;

	if (last_index < start)
		last_index = ~0UL;
	down_read(&mapping->i_mmap_rwsem);
	unmap_mapping_range_tree(mapping, start, last_index, &details);
	up_read(&mapping->i_mmap_rwsem);
}

/* @holelen of 0: to the end of the file. */
void (unmap_mapping_range)(struct address_space *mapping, pgoff_t holebegin, pgoff_t holelen,
			   bool even_cows)
{
	unmap_mapping_pages(mapping, holebegin, holelen, even_cows);
}
