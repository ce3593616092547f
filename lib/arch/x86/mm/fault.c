/* SPDX-License-Identifier: MIT */
/* A load or a store of a process: what the MMU does, and the page fault where it cannot. */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/hooks.h"
#include "world.h"

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
	} while (write && !POKE_TRY_CMPXCHG(*ptep, &pte, pte | PTE_DIRTY));

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

/* mmap_lock is held over the whole of the fault. */
static int do_user_addr_fault(struct mm_struct *mm, unsigned long address, bool write)
{
	struct vm_area_struct *vma;
	vm_fault_t fault;

	down_read(&mm->mmap_lock);
	vma = vma_lookup(mm, address);
	if (!vma || (write && !(vma->vm_flags & VM_WRITE))) {
		up_read(&mm->mmap_lock);
		return -EFAULT;
	}
	fault = handle_mm_fault(vma, address, write ? FAULT_FLAG_WRITE : 0);
	up_read(&mm->mmap_lock);
	if (fault & VM_FAULT_OOM)
		return -ENOMEM;
	return fault & VM_FAULT_SIGBUS ? -EIO : 0;
}

/*
 * A signal is delivered on the way back from a fault. mf_dax_kill_procs() is all that
 * sends one here, and the device of the file must have a holder for that.
 */
static bool fault_signal_pending(const struct vm_area_struct *vma)
{
	const struct super_block *sb = vma->vm_file ? vma->vm_file->f_inode->i_sb : NULL;

	return sb && sb->s_type->dax_holder && READ_ONCE(vma->vm_mm->sigbus);
}

int user_access(struct vm_area_struct *vma, unsigned long address, bool write, uint8_t *value)
{
	while (!access_through_pte(vma, address, write, value)) {
		int err = do_user_addr_fault(vma->vm_mm, address, write);

		if (err)
			return err;
		if (fault_signal_pending(vma))
			return -EIO;
	}
	return 0;
}
EXPORT_SYMBOL(user_access);
