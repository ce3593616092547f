/* SPDX-License-Identifier: MIT */
/* mm/memory.c: page faults. */
#include <errno.h>

#include <mmref/kernel.h>

#include "kernel/bodies.h"
#include "world.h"

/* The PTL is held, and dropped. */
void (wp_page_reuse)(struct vm_fault *vmf, struct folio *folio)
{
	(void)folio;
	ptep_change(vmf->pte, vmf->orig_pte | PTE_WRITE | PTE_DIRTY | PTE_YOUNG);
	spin_unlock(&vmf->table->ptl);
}

/* The entry of an anonymous page with the name @name: writable. */
static pte_t mk_anon_pte(pte_t name)
{
	return name | PTE_PRESENT | PTE_YOUNG | PTE_WRITE | PTE_DIRTY;
}

/* An anonymous page for @vmf that reads as @byte; 0: no room. */
static pte_t vma_alloc_folio(struct vm_fault *vmf, uint8_t byte)
{
	pte_t name = alloc_anon_page();
	struct anon_page *anon = &current->world->anon[pte_pfn(name)];

	if (!name)
		return 0;
	if (vmf->vma->anon_rmap) {	/* __folio_set_anon() */
		uintptr_t mapping = (uintptr_t)vmf->vma->anon_rmap | PAGE_MAPPING_ANON;

		POKE(anon->mapping, (struct address_space *)mapping);
		POKE(anon->index, vmf->pgoff);
	}
	POKE(*media_of_pte(name), byte);
	return name;
}

static pte_t __wp_page_copy_user(struct vm_fault *vmf)
{
	uint8_t *from = media_of_pte(vmf->orig_pte);

	announce(SITE("cow_user_page"), from, 1, MMREF_READ, true);
	return vma_alloc_folio(vmf, PEEK(*from));
}

/* The caller holds the old page, which gives up that and what its PTE held once the PTL is dropped. */
vm_fault_t (wp_page_copy)(struct vm_fault *vmf)
{
	struct folio *old_folio = vmf->page ? page_folio(vmf->page) : NULL;
	bool page_copied = false;
	pte_t copy;

	POKE(vmf->vma->anon_vma, true);		/* anon_vma_prepare() */
	copy = __wp_page_copy_user(vmf);
	if (!copy)
		goto out;

	spin_lock(&vmf->table->ptl);
	page_copied = PEEK_SHARED(*vmf->pte) == vmf->orig_pte;
	if (page_copied) {
		ptep_get_and_clear(vmf->pte);
		flush_tlb();
		set_pte(vmf->pte, mk_anon_pte(copy));
		if (old_folio)
			folio_remove_rmap_pte(old_folio, vmf->page, vmf->vma);
	} else {
		free_anon_page(copy);
	}
	spin_unlock(&vmf->table->ptl);
	if (page_copied && old_folio)
		folio_put(old_folio, HELD_BY_PTE);
out:
	if (old_folio)
		folio_put(old_folio, HELD_BY_TRANSIENT);
	return copy ? 0 : VM_FAULT_OOM;
}

vm_fault_t (wp_pfn_shared)(struct vm_fault *vmf)
{
	spin_unlock(&vmf->table->ptl);
	return vmf->vma->vm_file->f_op->pfn_mkwrite(vmf);
}

/* What nobody else holds is written to as it is. The lock keeps it from being moved meanwhile. */
bool (wp_can_reuse_anon_folio)(struct folio *folio, struct vm_area_struct *vma)
{
	bool alone;

	(void)vma;
	if (folio_ref_count(folio) > 1 || !trylock_page(&folio->page.flags))
		return false;
	alone = folio_ref_count(folio) == 1;
	unlock_page(&folio->page.flags);
	return alone;
}

/* A kernel that finds a page of a file behind the entry looks at its type; no shared one is copied. */
vm_fault_t (do_wp_page)(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct folio *folio = NULL;

	vmf->page = vm_normal_page(vma, vmf->address, vmf->orig_pte);
	if (vmf->page)
		folio = page_folio(vmf->page);
	if (vma->vm_flags & VM_SHARED) {
		if (folio && folio_type(folio) != MEMORY_DEVICE_FS_DAX)
			kernel_bug(SITE("do_wp_page"), vmf->page, "a shared page that is not fsdax");
		vmf->page = NULL;
		return wp_pfn_shared(vmf);
	}
	if (folio && folio_test_anon(folio) && wp_can_reuse_anon_folio(folio, vma)) {
		wp_page_reuse(vmf, folio);
		return 0;
	}
	if (folio)
		folio_get(folio, HELD_BY_TRANSIENT);
	spin_unlock(&vmf->table->ptl);
	return wp_page_copy(vmf);
}

/* --- faults ------------------------------------------------------------------- */

bool pte_unmap_same(struct vm_fault *vmf)
{
	spin_lock(&vmf->table->ptl);
	if (PEEK_SHARED(*vmf->pte) == vmf->orig_pte)
		return true;
	spin_unlock(&vmf->table->ptl);
	return false;
}
EXPORT_SYMBOL(pte_unmap_same);

/* A read maps the zero page. */
vm_fault_t (do_anonymous_page)(struct vm_fault *vmf)
{
	pte_t entry = pfn_pte(0, false, PTE_SPECIAL), name = 0;

	if (vmf->write) {
		name = vma_alloc_folio(vmf, 0);
		if (!name)
			return VM_FAULT_OOM;
		entry = mk_anon_pte(name);
	}
	spin_lock(&vmf->table->ptl);
	if (!PEEK(*vmf->pte))
		set_pte(vmf->pte, entry);
	else if (name)
		free_anon_page(name);
	spin_unlock(&vmf->table->ptl);
	return 0;
}

/* The private copy is mapped, where nothing is mapped yet. */
vm_fault_t (finish_fault)(struct vm_fault *vmf)
{
	vm_fault_t fault = 0;

	spin_lock(&vmf->table->ptl);
	if (!PEEK(*vmf->pte))
		set_pte(vmf->pte, mk_anon_pte(vmf->cow_page));
	else
		fault = VM_FAULT_NOPAGE;
	spin_unlock(&vmf->table->ptl);
	return fault;
}

/* The copy is made and mapped by the file, with the locks of its fault. */
vm_fault_t (do_cow_fault)(struct vm_fault *vmf)
{
	vm_fault_t fault;

	POKE(vmf->vma->anon_vma, true);		/* anon_vma_prepare() */
	vmf->cow_page = vma_alloc_folio(vmf, 0);
	if (!vmf->cow_page)
		return VM_FAULT_OOM;
	fault = vmf->vma->vm_file->f_op->fault(vmf);
	if (!(fault & VM_FAULT_DONE_COW))
		free_anon_page(vmf->cow_page);
	return fault;
}

/* do_fault(): do_read_fault() and do_shared_fault() ask the file, and no more. */
static vm_fault_t do_fault(struct vm_fault *vmf)
{
	if (vmf->write && !(vmf->vma->vm_flags & VM_SHARED))
		return do_cow_fault(vmf);
	return vmf->vma->vm_file->f_op->fault(vmf);
}

vm_fault_t (handle_pte_fault)(struct vm_fault *vmf)
{
	struct mm_struct *mm = vmf->vma->vm_mm;

	vmf->table = pte_offset_map(mm, vmf->address, &vmf->pte);
	if (!vmf->table) {
		if (!__pte_alloc(mm, vmf->pmd))
			return VM_FAULT_OOM;
		vmf->table = pte_offset_map(mm, vmf->address, &vmf->pte);
		if (!vmf->table)
			return 0;	/* a PMD came in between */
	}

	vmf->orig_pte = ptep_get(vmf->pte);	/* without the PTL: looked at again under it */
	if (!vmf->orig_pte)
		return vma_is_anonymous(vmf->vma) ? do_anonymous_page(vmf) : do_fault(vmf);
	if (!pte_present(vmf->orig_pte))
		return do_swap_page(vmf);
	if (!pte_unmap_same(vmf))
		return 0;
	if (vmf->write && !pte_write(vmf->orig_pte))
		return do_wp_page(vmf);
	spin_unlock(&vmf->table->ptl);
	return 0;
}

/* Where a file does not serve a write by a PMD, the PMD is split. */
static vm_fault_t wp_huge_pmd(struct vm_fault *vmf)
{
	vm_fault_t fault = vmf->vma->vm_file->f_op->fault(vmf);

	if (fault & VM_FAULT_FALLBACK)
		__split_huge_pmd(vmf->vma, vmf->pmd, vmf->address);
	return fault;
}

static vm_fault_t create_huge_pmd(struct vm_fault *vmf)
{
	return vmf->vma->vm_file->f_op->fault(vmf);
}

/* A PMD of a file where there is nothing yet, or a write to one; then a PTE. */
vm_fault_t (__handle_mm_fault)(struct vm_area_struct *vma, unsigned long address,
			       unsigned int flags)
{
	struct vm_fault vmf = {
		.vma = vma,
		.address = address,
		.pgoff = linear_page_index(vma, address),
		.write = flags & FAULT_FLAG_WRITE,
		.pmd = pmd_offset(vma->vm_mm, address),
	};
	pmd_t pmd = READ_ONCE(*vmf.pmd);
	vm_fault_t fault = VM_FAULT_FALLBACK;

	vmf.order = pmd_order();
	if (!pmd && !vma_is_anonymous(vma))
		fault = create_huge_pmd(&vmf);
	else if (pmd_leaf(pmd))
		fault = vmf.write && !pte_write(pmd) ? wp_huge_pmd(&vmf) : 0;
	if (!(fault & VM_FAULT_FALLBACK))
		return fault;
	vmf.order = 0;
	return handle_pte_fault(&vmf);
}

vm_fault_t (handle_mm_fault)(struct vm_area_struct *vma, unsigned long address,
			     unsigned int flags)
{
	return __handle_mm_fault(vma, address, flags);
}
