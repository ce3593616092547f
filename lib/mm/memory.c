/* SPDX-License-Identifier: MIT */
/* Faults, zaps and user accesses: mm/memory.c, once for all rule sets. */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/access.h"
#include "check/durable.h"
#include "check/ledger.h"
#include "rules/common.h"
#include "world.h"

/* A special entry holds no page. The entry of a device page is special where page tables hold nothing. */
struct page *(vm_normal_page)(struct vm_area_struct *vma, unsigned long addr, pte_t pte)
{
	(void)vma;
	(void)addr;
	return pte & PTE_SPECIAL ? NULL : pte_page(pte);
}
#include "check/private.h"

struct pte_table *pte_offset_map(struct mm_struct *mm, unsigned long address, pte_t **ptep)
{
	struct pte_table *table = pmd_table(READ_ONCE(*pmd_offset(mm, address)));

	if (table)
		*ptep = &table->pte[address & (ptrs_per_pte() - 1)];
	return table;
}

static struct pte_table *pte_alloc_one(void)
{
	return world_alloc(current->world,
			   sizeof(struct pte_table) + ptrs_per_pte() * sizeof(pte_t));
}

/*
 * __pte_alloc(): whoever comes second finds the table of the first. The kernel allocates
 * its own before it takes the lock, and frees it then.
 */
static bool pte_alloc(struct mm_struct *mm, unsigned long address)
{
	pmd_t *pmd = pmd_offset(mm, address);
	struct pte_table *table;
	bool there;

	spin_lock(&mm->page_table_lock);
	there = PEEK(*pmd);
	if (!there && (table = pte_alloc_one())) {
		WRITE_ONCE(*pmd, (pmd_t)(uintptr_t)table);
		there = true;
	}
	spin_unlock(&mm->page_table_lock);
	return there;
}

/* pte_alloc_map(): the table is made where there is none; NULL where it cannot be. */
struct pte_table *pte_alloc_map(struct mm_struct *mm, unsigned long address, pte_t **ptep)
{
	struct pte_table *table = pte_offset_map(mm, address, ptep);

	if (table)
		return table;
	return pte_alloc(mm, address) ? pte_offset_map(mm, address, ptep) : NULL;
}

vm_fault_t vmf_insert_page(struct vm_fault *vmf, struct page *page)
{
	int err = rules()->map_admit ? rules()->map_admit(page, 0) : 0;

	if (err)
		return VM_FAULT_SIGBUS;

	spin_lock(&vmf->table->ptl);
	if (!PEEK(*vmf->pte))
		rules()->map_pte(vmf->vma, vmf->pte, page, vmf->write);
	else
		err = rules()->map_existing(vmf->vma, vmf->pte, page, vmf->write);
	spin_unlock(&vmf->table->ptl);

	if (err && err != -EBUSY)
		return VM_FAULT_SIGBUS;
	return VM_FAULT_NOPAGE;
}

/* insert_page(): validated, then counted and mapped under the PTL. */
int vm_insert_page(struct vm_area_struct *vma, unsigned long address, struct page *page)
{
	struct folio *folio = page_folio(page);
	struct pte_table *table;
	pte_t *ptep;

	if (!folio_ref_count(folio))
		return -EINVAL;		/* validate_page_before_insert() */
	table = pte_alloc_map(vma->vm_mm, address, &ptep);
	if (!table)
		return -ENOMEM;
	spin_lock(&table->ptl);
	folio_get(folio, HELD_BY_PTE);
	folio_add_file_rmap_pte(folio, page);
	set_pte(ptep, mk_pte(page, false, vma->vm_flags & VM_WRITE ? PTE_WRITE : 0));
	spin_unlock(&table->ptl);
	return 0;
}

uint8_t *media_of(unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);
	struct dev_pagemap *pgmap = page ? page_device(page) : NULL;

	return page ? &pgmap->media[page - pgmap->memmap] : &current->world->zero_byte;
}

/* Of an anonymous page the index, of any other the pfn leads to what it reads as. */
uint8_t *media_of_pte(pte_t pte)
{
	return pte & PTE_ANON ? &current->world->anon_page[pte_pfn(pte)] : media_of(pte_pfn(pte));
}

vm_fault_t finish_cow_fault(struct vm_fault *vmf, uint8_t byte)
{
	pte_t pte = new_anon_pte(vmf, byte);

	if (!pte)
		return VM_FAULT_OOM;
	spin_lock(&vmf->table->ptl);
	if (!PEEK(*vmf->pte))
		set_pte(vmf->pte, pte);
	else
		free_anon_page(pte_names(pte));
	spin_unlock(&vmf->table->ptl);
	return VM_FAULT_DONE_COW;
}

/* The copy is made and mapped by the file, with the locks of its fault. */
static vm_fault_t do_cow_fault(struct vm_fault *vmf)
{
	POKE(vmf->vma->anon_vma, true);
	vmf->cow = true;
	return vmf->vma->vm_file->f_op->fault(vmf);
}

/* The private copy of what @pte maps. 0 when there is no room. */
static pte_t copy_user_page(struct vm_fault *vmf)
{
	uint8_t *from = media_of_pte(vmf->orig_pte);

	announce(SITE("cow_user_page"), from, 1, MMREF_READ, true);
	return new_anon_pte(vmf, PEEK(*from));
}

/* Put @copy where @vmf->orig_pte still stands; false where it does not. */
static bool replace_pte(struct vm_fault *vmf, pte_t copy, struct folio *old, struct page *page)
{
	bool same;

	spin_lock(&vmf->table->ptl);
	same = PEEK_SHARED(*vmf->pte) == vmf->orig_pte;
	if (same) {
		ptep_get_and_clear(vmf->pte);
		flush_tlb();
		set_pte(vmf->pte, copy);
		if (old)
			folio_remove_rmap_pte(old, page);
	}
	spin_unlock(&vmf->table->ptl);
	return same;
}

/*
 * wp_page_copy(), the PTL held and dropped: the old page is held over the copy, and
 * gives up both that and what its PTE held, once the lock is dropped.
 */
static vm_fault_t wp_page_copy(struct vm_fault *vmf, struct page *page)
{
	struct folio *old = page ? page_folio(page) : NULL;
	pte_t copy;

	if (old)
		folio_get(old, HELD_BY_TRANSIENT);
	spin_unlock(&vmf->table->ptl);
	POKE(vmf->vma->anon_vma, true);

	copy = copy_user_page(vmf);
	if (copy && replace_pte(vmf, copy, old, page) && old)
		folio_put(old, HELD_BY_PTE);
	if (old)
		folio_put(old, HELD_BY_TRANSIENT);
	return copy ? 0 : VM_FAULT_OOM;
}

/* wp_page_reuse(), the PTL held and dropped. */
static vm_fault_t wp_page_reuse(struct vm_fault *vmf)
{
	ptep_change(vmf->pte, vmf->orig_pte | PTE_WRITE | PTE_DIRTY | PTE_YOUNG);
	spin_unlock(&vmf->table->ptl);
	return 0;
}

/*
 * do_wp_page(), a shared mapping of a file: pfn_mkwrite takes it from here. A
 * kernel that finds a page behind the entry looks at it first, under the PTL.
 */
static vm_fault_t do_wp_page(struct vm_fault *vmf)
{
	struct page *page = vm_normal_page(vmf->vma, vmf->address, vmf->orig_pte);

	if (page && folio_test_anon(page_folio(page)) && wp_can_reuse_anon_folio(page))
		return wp_page_reuse(vmf);
	if (!(vmf->vma->vm_flags & VM_SHARED))
		return wp_page_copy(vmf, page);
	if (page && folio_type(page_folio(page)) != MEMORY_DEVICE_FS_DAX)
		kernel_bug(SITE("do_wp_page"), page, "a shared page that is not fsdax");
	spin_unlock(&vmf->table->ptl);
	return vmf->vma->vm_file->f_op->pfn_mkwrite(vmf);
}

/*
 * do_swap_page(), of an entry that is not present. Whoever moves the page has it locked;
 * a device-private one is its driver's to bring back.
 */
static vm_fault_t do_swap_page(struct vm_fault *vmf)
{
	spin_lock(&vmf->table->ptl);
	if (PEEK_SHARED(*vmf->pte) != vmf->orig_pte) {
		spin_unlock(&vmf->table->ptl);
		return 0;
	}
	if (vmf->orig_pte & PTE_MIGRATION) {
		migration_entry_wait_on_locked(migration_entry_flags(vmf->orig_pte),
					       &vmf->table->ptl);
		return 0;
	}
	return rules()->swap_in_private(vmf, pte_page(vmf->orig_pte));
}

static vm_fault_t handle_pte_fault(struct vm_fault *vmf)
{
	struct mm_struct *mm = vmf->vma->vm_mm;

	vmf->table = pte_offset_map(mm, vmf->address, &vmf->pte);
	if (!vmf->table) {
		if (!pte_alloc(mm, vmf->address))
			return VM_FAULT_OOM;
		vmf->table = pte_offset_map(mm, vmf->address, &vmf->pte);
		if (!vmf->table)
			return 0;	/* a PMD came in between */
	}

	vmf->orig_pte = ptep_get(vmf->pte);	/* without the PTL: looked at again under it */
	if (!vmf->orig_pte && vma_is_anonymous(vmf->vma))
		return do_anonymous_page(vmf);
	if (!vmf->orig_pte && vmf->write && !(vmf->vma->vm_flags & VM_SHARED))
		return do_cow_fault(vmf);
	if (!vmf->orig_pte)
		return vmf->vma->vm_file->f_op->fault(vmf);
	if (!pte_present(vmf->orig_pte))
		return do_swap_page(vmf);

	spin_lock(&vmf->table->ptl);
	if (PEEK_SHARED(*vmf->pte) == vmf->orig_pte && vmf->write && !pte_write(vmf->orig_pte))
		return do_wp_page(vmf);
	spin_unlock(&vmf->table->ptl);
	return 0;
}

/* __handle_mm_fault(): a PMD where there is nothing yet, and where there is one already. */
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address, bool write)
{
	struct vm_fault vmf = {
		.vma = vma,
		.address = address,
		.pgoff = linear_page_index(vma, address),
		.write = write,
		.pmd = pmd_offset(vma->vm_mm, address),
	};
	pmd_t pmd = READ_ONCE(*vmf.pmd);

	if (vma_is_anonymous(vma))
		return handle_pte_fault(&vmf);
	if (!pmd || (pmd_leaf(pmd) && write && !pte_write(pmd))) {
		vm_fault_t fault;

		vmf.order = current->world->pmd_order;
		fault = vma->vm_file->f_op->fault(&vmf);
		if (!(fault & VM_FAULT_FALLBACK))
			return fault;
		vmf.order = 0;
		if (pmd_leaf(pmd))
			__split_huge_pmd(vma, vmf.pmd);	/* wp_huge_pmd() */
	} else if (pmd_leaf(pmd)) {
		return 0;
	}
	return handle_pte_fault(&vmf);
}

/*
 * One present entry, zap_present_ptes(). The page is looked at before the entry
 * is cleared. A dirty entry makes the flush come first, under the PTL, so that no
 * other CPU can still write through its TLB once the page counts as unmapped.
 */
static void zap_present_pte(struct mmu_gather *tlb, struct vm_area_struct *vma, pte_t *ptep)
{
	struct page *page = vm_normal_page(vma, 0, PEEK(*ptep));
	struct folio *folio = page ? page_folio(page) : NULL;
	pte_t pte = ptep_get_and_clear(ptep);

	tlb->cleared = true;
	if (!folio)
		return;

	if (!folio_test_anon(folio)) {
		if (pte & PTE_DIRTY)
			folio_set_flag(folio, PG_dirty);
		if (pte & PTE_YOUNG)
			folio_set_flag(folio, PG_referenced);
		if (pte & PTE_DIRTY)
			tlb_flush_only(tlb);
	}
	folio_remove_rmap_pte(folio, page);
	ledger_pass(SITE("tlb_remove_page"), &folio->page, HELD_BY_PTE, HELD_BY_GATHER, 1);
	tlb_remove_folio(tlb, folio);
}

/*
 * zap_nonpresent_ptes(): what a device-private entry held is put at once, before the entry
 * is cleared, under the PTL. A migration entry holds nothing.
 */
static void zap_nonpresent_pte(pte_t *ptep)
{
	pte_t pte = PEEK_SHARED(*ptep);

	if (pte & PTE_PRIVATE) {
		struct page *page = pte_page(pte);
		struct folio *folio = page_folio(page);

		WARN_ON_ONCE(!folio_test_anon(folio));
		folio_remove_rmap_pte(folio, page);
		ledger_mapped(page, 0, -1);
		folio_put(folio, HELD_BY_PTE);
	} else {
		migration_entry_flags(pte);
	}
	pte_clear_not_present(ptep);
}

static void zap_pte(struct mmu_gather *tlb, struct vm_area_struct *vma, pte_t *ptep)
{
	if (tlb->keep_cows && (PEEK(*ptep) & PTE_ANON))
		return;
	if (pte_present(PEEK(*ptep)))
		zap_present_pte(tlb, vma, ptep);
	else
		zap_nonpresent_pte(ptep);
}

/* zap_pte_range(): stops early when the gather is full; returns where. */
static unsigned long zap_pte_range(struct mmu_gather *tlb, struct vm_area_struct *vma,
				   unsigned long address, unsigned long end)
{
	struct pte_table *table;
	pte_t *ptep;

	table = pte_offset_map(vma->vm_mm, address, &ptep);
	if (!table)
		return end;

	spin_lock(&table->ptl);
	for (; address < end && tlb->nr < GATHER_MAX; address++, ptep++)
		if (PEEK(*ptep)) {
			check_private(SITE("zap_pte_range"), tlb, vma, address, PEEK(*ptep));
			zap_pte(tlb, vma, ptep);
		}
	spin_unlock(&table->ptl);
	return address;
}

/* zap_pmd_range(): a leaf goes as a whole, or is split first where only a part of it is to go. */
static unsigned long zap_pmd(struct mmu_gather *tlb, struct vm_area_struct *vma,
			     unsigned long address, unsigned long end)
{
	pmd_t *pmdp = pmd_offset(vma->vm_mm, address);

	if (pmd_leaf(READ_ONCE(*pmdp))) {
		if (end - address < ptrs_per_pte())
			__split_huge_pmd(vma, pmdp);
		else if (zap_huge_pmd(tlb, vma, pmdp))
			return end;
	}
	return zap_pte_range(tlb, vma, address, end);
}

void unmap_page_range(struct mmu_gather *tlb, struct vm_area_struct *vma, unsigned long start,
		      unsigned long end)
{
	unsigned long size = ptrs_per_pte();

	while (start < end) {
		unsigned long next = (start | (size - 1)) + 1;

		start = zap_pmd(tlb, vma, start, next < end ? next : end);
		if (tlb->nr == GATHER_MAX)
			tlb_finish_mmu(tlb);
	}
}

/* unmap_mapping_range_tree() and zap_page_range_single() */
void unmap_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t nr, bool even_cows)
{
	pgoff_t first = start, last = start + nr - 1;

	down_read(&mapping->i_mmap_rwsem);
	for (struct vm_area_struct *vma = mapping->i_mmap; vma; vma = vma->i_mmap_next) {
		unsigned long pages = vma->vm_end - vma->vm_start;
		unsigned long from = first > vma->vm_pgoff ? first - vma->vm_pgoff : 0;
		unsigned long to = last - vma->vm_pgoff < pages ? last - vma->vm_pgoff + 1 : pages;
		struct mmu_gather tlb = { .keep_cows = !even_cows, .even_cows = even_cows };

		if (last < vma->vm_pgoff || from >= pages)
			continue;
		unmap_page_range(&tlb, vma, vma->vm_start + from, vma->vm_start + to);
		tlb_finish_mmu(&tlb);
	}
	up_read(&mapping->i_mmap_rwsem);
}

/* The page that @pte maps and holds; a device-private entry that is not present does so too. */
static struct page *mapped_page(struct vm_area_struct *vma, pte_t pte)
{
	if (pte & PTE_MIGRATION)
		return NULL;
	return pte & PTE_PRIVATE ? pte_page(pte) : vm_normal_page(vma, 0, pte);
}

/*
 * copy_present_ptes() and copy_nonpresent_pte(): a page that the entry counts is counted
 * once more; what is private to the process is write-protected in both.
 */
static void copy_pte(struct vm_area_struct *vma, pte_t *to, pte_t *from)
{
	pte_t cow = vma->vm_flags & VM_SHARED ? 0 : PTE_WRITE;
	pte_t pte = PEEK_SHARED(*from) & ~cow;
	struct page *page = mapped_page(vma, pte);

	if (page) {
		struct folio *folio = page_folio(page);

		folio_get(folio, HELD_BY_PTE);
		folio_add_file_rmap_pte(folio, page);
	} else if (pte & PTE_MIGRATION) {
		migration_entry_flags(pte);
	}
	if (PEEK_SHARED(*from) != pte)
		ptep_change(from, pte);
	set_pte(to, pte);
}

static bool is_cow_mapping(const struct vm_area_struct *vma)
{
	return !(vma->vm_flags & VM_SHARED);
}

/*
 * copy_huge_pmd(), mm/huge_memory.c: a PMD of a file is not copied, as it comes back by a
 * fault; but one that is special is, as it stands, for it holds nothing.
 */
static void copy_pmd(struct vm_area_struct *twin, unsigned long address, pmd_t pmd)
{
	if ((pmd & (PTE_SPECIAL | PTE_DEVMAP)) != PTE_SPECIAL || !pte_page(pmd))
		return;
	spin_lock(&twin->vm_mm->page_table_lock);
	set_pmd(pmd_offset(twin->vm_mm, address), pmd);
	spin_unlock(&twin->vm_mm->page_table_lock);
}

void copy_page_range(struct vm_area_struct *twin, struct vm_area_struct *vma)
{
	if (is_cow_mapping(vma))
		raw_write_seqcount_begin(&vma->vm_mm->write_protect_seq);
	for (unsigned long i = 0; i < vma->vm_end - vma->vm_start; i++) {
		unsigned long address = vma->vm_start + i, offset = address & (ptrs_per_pte() - 1);
		pmd_t pmd = READ_ONCE(*pmd_offset(vma->vm_mm, address));
		struct pte_table *table = pmd_table(pmd), *into;
		pte_t *from, *to;

		if (pmd_leaf(pmd) && !offset)
			copy_pmd(twin, twin->vm_start + i, pmd);
		if (!table || !PEEK_SHARED(table->pte[offset]) ||
		    !pte_alloc(twin->vm_mm, twin->vm_start + i))
			continue;
		from = &table->pte[offset];
		into = pte_offset_map(twin->vm_mm, twin->vm_start + i, &to);
		if (!into)
			continue;
		spin_lock(&into->ptl);
		spin_lock(&table->ptl);
		if (PEEK(*from))
			copy_pte(vma, to, from);
		spin_unlock(&table->ptl);
		spin_unlock(&into->ptl);
	}
	if (is_cow_mapping(vma))
		raw_write_seqcount_end(&vma->vm_mm->write_protect_seq);
}

/*
 * The instruction itself: the MMU reads the entry (and marks it dirty before a
 * store), and then the access is made whatever becomes of the entry. A shootdown
 * waits for it, as for a section with interrupts off.
 */
static bool access_through_pte(struct vm_area_struct *vma, unsigned long address, bool write,
			       uint8_t *value)
{
	struct quiesce *irqs_off = &current->world->irqs_off;
	pte_t *ptep = pmd_offset(vma->vm_mm, address), pte;
	unsigned long offset = 0;
	struct page *page;
	uint8_t *byte;

	pte = READ_ONCE(*ptep);
	if (pmd_leaf(pte))
		offset = address & (ptrs_per_pte() - 1);
	else if (pmd_table(pte))
		ptep = &pmd_table(pte)->pte[address & (ptrs_per_pte() - 1)];
	else
		return false;

	announce(SITE("hardware walk"), ptep, sizeof(*ptep), write ? MMREF_RMW : MMREF_READ, true);
	quiesce_join(irqs_off);
	pte = PEEK(*ptep);
	do {
		if (!(pte & PTE_PRESENT) || (write && !pte_write(pte))) {
			quiesce_part(irqs_off);
			return false;
		}
	} while (write && !__atomic_compare_exchange_n(ptep, &pte, pte | PTE_DIRTY, false,
						       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));

	byte = offset ? media_of(pte_pfn(pte) + offset) : media_of_pte(pte);
	announce(write ? SITE("store") : SITE("load"), byte, 1, write ? MMREF_WRITE : MMREF_READ,
		 !write);
	page = offset ? pfn_to_page(pte_pfn(pte) + offset) : pte_page(pte);
	check_access(SITE("access"), vma, page);
	if (write) {
		POKE(*byte, *value);
		durable_store(page);
	} else {
		*value = PEEK(*byte);
	}
	quiesce_part(irqs_off);
	return true;
}

/* do_user_addr_fault() */
static int fault_in(struct mm_struct *mm, unsigned long address, bool write)
{
	struct vm_area_struct *vma;
	vm_fault_t fault;

	down_read(&mm->mmap_lock);
	vma = vma_lookup(mm, address);
	if (!vma || (write && !(vma->vm_flags & VM_WRITE))) {
		up_read(&mm->mmap_lock);
		return -EFAULT;
	}
	fault = handle_mm_fault(vma, address, write);
	up_read(&mm->mmap_lock);
	if (fault & VM_FAULT_OOM)
		return -ENOMEM;
	return fault & VM_FAULT_SIGBUS ? -EIO : 0;
}

/*
 * A signal is delivered on the way back from a fault. mf_dax_kill_procs() is all that
 * sends one here, and the device of the file must have a holder for that.
 */
static bool killed_by_sigbus(const struct vm_area_struct *vma)
{
	const struct super_block *sb = vma->vm_file ? vma->vm_file->f_inode->i_sb : NULL;

	return sb && sb->s_type->dax_holder && READ_ONCE(vma->vm_mm->sigbus);
}

int user_access(struct vm_area_struct *vma, unsigned long address, bool write, uint8_t *value)
{
	while (!access_through_pte(vma, address, write, value)) {
		int err = fault_in(vma->vm_mm, address, write);

		if (err)
			return err;
		if (killed_by_sigbus(vma))
			return -EIO;
	}
	return 0;
}
