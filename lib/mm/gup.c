/* SPDX-License-Identifier: MIT */
#include "mm/gup.h"

#include <errno.h>

#include "fs/fs.h"

static enum mmref_holder gup_holder(const struct gup *gup)
{
	return gup->flags & FOLL_PIN ? HELD_BY_PIN : HELD_BY_GET;
}

/* The walk's own reference becomes the caller's. */
static void gup_hand_over(struct gup *gup, const struct mmref_site *site, struct page *page)
{
	ledger_pass(site, page, HELD_BY_TRANSIENT, gup_holder(gup), gup_refs(gup));
}

static bool pte_permits(pte_t pte, unsigned int flags)
{
	return pte && (!(flags & FOLL_WRITE) || pte_write(pte));
}

/* gup_fast_pte_range(), mm/gup.c: take the page, then look at PMD and PTE again. */
static struct page *gup_fast_pte(struct gup *gup, pmd_t *pmdp, unsigned long address)
{
	struct pte_table *table = READ_ONCE(*pmdp);
	struct page *page;
	pte_t *ptep, pte;

	if (!table)
		return NULL;
	ptep = &table->pte[address & (ptrs_per_pte(gup->mm) - 1)];
	pte = ptep_get(ptep);
	if (!pte_permits(pte, gup->flags) || !rules()->gup_admit(gup, pte))
		return NULL;

	page = pte_page(pte);
	if (!rules()->gup_grab(gup, page))
		return NULL;
	if (READ_ONCE(*pmdp) != table || ptep_get(ptep) != pte ||
	    (rules()->gup_fast_allowed &&
	     !rules()->gup_fast_allowed(gup, (struct folio *)page))) {
		rules()->put_page(page, gup_refs(gup), HELD_BY_TRANSIENT);
		return NULL;
	}
	gup_hand_over(gup, SITE("gup_fast_pte_range"), page);
	folio_set_flag((struct folio *)page, PG_referenced);
	return page;
}

int gup_fast(struct mm_struct *mm, unsigned long address, int nr, unsigned int flags,
	     struct page **pages)
{
	struct gup gup = { .mm = mm, .flags = flags };
	int taken = 0, table_start = 0;

	local_irq_save();
	while (taken < nr) {
		unsigned long at = address + taken;
		struct page *page = gup_fast_pte(&gup, &mm->pmd[at >> current->world->pmd_order], at);

		if (!page)
			break;
		if (!(at & (ptrs_per_pte(mm) - 1)))
			table_start = taken;
		pages[taken++] = page;
	}
	while (gup.undo && taken > table_start)
		rules()->put_page(pages[--taken], gup_refs(&gup), gup_holder(&gup));
	if (rules()->gup_finish)
		rules()->gup_finish(&gup);
	local_irq_restore();
	return taken;
}

/* follow_page_pte(): 0, or -EAGAIN where the page has to be faulted in first. */
static int follow_page_pte(struct gup *gup, unsigned long address, struct page **page)
{
	struct pte_table *table;
	pte_t *ptep, pte;
	int err = -EAGAIN;

	table = pte_offset_map(gup->mm, address, &ptep);
	if (!table)
		return -EAGAIN;
	spin_lock(&table->ptl);
	pte = PEEK(*ptep);
	if (pte_permits(pte, gup->flags) && is_zero_pte(pte)) {
		*page = NULL;
		err = 0;
	} else if (pte_permits(pte, gup->flags) && rules()->gup_admit(gup, pte)) {
		*page = pte_page(pte);
		err = rules()->gup_grab_locked(gup, *page);
		if (!err) {
			gup_hand_over(gup, SITE("follow_page_pte"), *page);
			folio_set_flag((struct folio *)*page, PG_referenced);
		}
	}
	spin_unlock(&table->ptl);
	return err;
}

/* One turn of __get_user_pages(): follow, fault in, follow again. mmap_lock held. */
static int gup_slow_one(struct gup *gup, unsigned long address, struct page **page)
{
	bool write = gup->flags & FOLL_WRITE;
	int err;

	while ((err = follow_page_pte(gup, address, page)) == -EAGAIN) {
		struct vm_area_struct *vma = vma_lookup(gup->mm, address);

		if (!vma || (write && !(vma->vm_flags & VM_WRITE)))
			return -EFAULT;
		if (handle_mm_fault(vma, address, write) & (VM_FAULT_SIGBUS | VM_FAULT_OOM))
			return -EFAULT;
	}
	return err;
}

int gup_slow(struct mm_struct *mm, unsigned long address, int nr, unsigned int flags,
	     struct page **pages)
{
	struct gup gup = { .mm = mm, .flags = flags, .locked = true };
	int taken = 0, err = 0;

	down_read(&mm->mmap_lock);
	if (!vma_lookup(mm, address))
		err = -EFAULT;
	else if (flags & FOLL_LONGTERM)
		err = -EOPNOTSUPP;	/* check_vma_flags(): vma_is_fsdax() */
	while (!err && taken < nr) {
		err = gup_slow_one(&gup, address + taken, &pages[taken]);
		if (!err)
			taken++;
	}
	if (rules()->gup_finish)
		rules()->gup_finish(&gup);
	up_read(&mm->mmap_lock);
	return taken ? taken : err;
}

int get_user_pages_fast(struct mm_struct *mm, unsigned long address, int nr, unsigned int flags,
			struct page **pages)
{
	int fast = gup_fast(mm, address, nr, flags, pages);
	int slow;

	if (fast == nr)
		return nr;
	slow = gup_slow(mm, address + fast, nr - fast, flags, pages + fast);
	return slow < 0 ? (fast ? fast : slow) : fast + slow;
}

void unpin_user_pages(struct page **pages, int nr)
{
	for (int i = 0; i < nr; i++) {
		if (!pages[i])
			continue;
		(void)page_folio(pages[i]);	/* gup_folio_next() */
		rules()->put_page(pages[i], GUP_PIN_COUNTING_BIAS, HELD_BY_PIN);
	}
}
