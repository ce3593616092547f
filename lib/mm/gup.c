/* SPDX-License-Identifier: MIT */
#include "mm/gup.h"

#include <errno.h>

#include "mm/migrate_device.h"

static enum mmref_holder gup_holder(const struct gup *gup)
{
	return gup->flags & FOLL_PIN ? HELD_BY_PIN : HELD_BY_GET;
}

int gup_cost(const struct gup *gup, const struct folio *folio, int refs)
{
	return (gup->flags & FOLL_PIN) && !folio_test_large(folio) ? refs * GUP_PIN_COUNTING_BIAS :
								     refs;
}

void gup_complete_pin(struct gup *gup, struct folio *folio, int refs)
{
	if (!(gup->flags & FOLL_PIN))
		return;
	if (folio_test_large(folio))
		atomic_add(refs, &folio_second(folio)->_pincount);
	else
		folio_ref_add(folio, refs * (GUP_PIN_COUNTING_BIAS - 1), HELD_BY_TRANSIENT);
}

static void gup_put_folio(const struct gup *gup, struct page *page, int refs,
			  enum mmref_holder held)
{
	struct folio *folio = page_folio(page);
	int cost = gup_cost(gup, folio, refs);

	if ((gup->flags & FOLL_PIN) && folio_test_large(folio))
		atomic_sub(refs, &folio_second(folio)->_pincount);
	rules()->put_page(page, cost, held);
}

void gup_put_pages(const struct gup *gup, struct page *page, int nr, enum mmref_holder held)
{
	if (nr > 1 && folio_test_large(page_folio_peek(page))) {
		gup_put_folio(gup, page, nr, held);
		return;
	}
	for (int i = 0; i < nr; i++)
		gup_put_folio(gup, page + i, 1, held);
}

/* The walk's own references become the caller's. */
static void gup_hand_over(struct gup *gup, const struct mmref_site *site, struct page *page, int nr)
{
	for (int i = 0; i < nr; i++) {
		struct folio *folio = page_folio_peek(page + i);

		ledger_pass(site, &folio->page, HELD_BY_TRANSIENT, gup_holder(gup),
			    gup_cost(gup, folio, 1));
	}
}

static bool pte_permits(pte_t pte, unsigned int flags)
{
	return pte_present(pte) && (!(flags & FOLL_WRITE) || pte_write(pte));
}

/* Held, and the entry unchanged: the last question before @nr pages are the caller's. */
static int gup_fast_accept(struct gup *gup, const struct mmref_site *site, struct page *page,
			   int nr, struct page **pages)
{
	if (rules()->gup_fast_allowed &&
	    !rules()->gup_fast_allowed(gup, page_folio_peek(page))) {
		gup_put_pages(gup, page, nr, HELD_BY_TRANSIENT);
		return 0;
	}
	gup_hand_over(gup, site, page, nr);
	folio_set_flag(page_folio_peek(page), PG_referenced);
	for (int i = 0; i < nr; i++)
		pages[i] = page + i;
	return nr;
}

/* gup_fast_pte_range(), mm/gup.c: take the page, then look at PMD and PTE again. */
static int gup_fast_pte(struct gup *gup, unsigned long address, struct page **pages)
{
	struct page *page;
	pte_t pte;

	gup->ptep = &pmd_table(gup->pmd)->pte[address & (ptrs_per_pte() - 1)];
	gup->pte = pte = ptep_get(gup->ptep);
	if (!pte_permits(pte, gup->flags))
		return 0;
	if (pte & PTE_ANON) {
		*pages = NULL;
		return 1;
	}
	if (is_uncounted_pte(pte) || !rules()->gup_admit(gup, pte))
		return 0;
	page = pte_page(pte);
	if (!rules()->gup_grab(gup, page, 1))
		return 0;
	if (!rules()->gup_unchanged(gup)) {
		gup_put_pages(gup, page, 1, HELD_BY_TRANSIENT);
		return 0;
	}
	return gup_fast_accept(gup, SITE("gup_fast_pte_range"), page, 1, pages);
}

/* gup_fast_pmd_leaf(), mm/gup.c: all that is wanted of it, then look at the PMD again. */
static int gup_fast_pmd(struct gup *gup, unsigned long address, int nr, struct page **pages)
{
	unsigned long offset = address & (ptrs_per_pte() - 1);
	pmd_t pmd = gup->pmd;
	struct page *page;

	gup->ptep = NULL;
	if (!pte_permits(pmd, gup->flags) || !pte_page(pmd))
		return 0;
	page = pte_page(pmd) + offset;
	if ((unsigned long)nr > ptrs_per_pte() - offset)
		nr = ptrs_per_pte() - offset;
	if (!rules()->gup_grab_leaf(gup, pmd, page, nr)) {
		if (!rules()->gup_keeps_leaf || !gup->kept)
			return 0;
		nr = gup->kept;
		gup->stop = true;
	} else if (!rules()->gup_unchanged(gup)) {
		gup->stop = true;
		if (!rules()->gup_keeps_leaf) {
			gup_put_pages(gup, page, nr, HELD_BY_TRANSIENT);
			return 0;
		}
	}
	return gup_fast_accept(gup, SITE("gup_fast_pmd_leaf"), page, nr, pages);
}

/* gup_fast_pmd_range(): how many pages from @address on were taken. */
static int gup_fast_range(struct gup *gup, unsigned long address, int nr, struct page **pages)
{
	gup->pmdp = pmd_offset(gup->mm, address);
	gup->pmd = READ_ONCE(*gup->pmdp);
	if (pmd_leaf(gup->pmd))
		return gup_fast_pmd(gup, address, nr, pages);
	return pmd_table(gup->pmd) ? gup_fast_pte(gup, address, pages) : 0;
}

/* gup_fast_pgd_range(), with interrupts off: how many were taken. */
static int gup_fast_walk(struct mm_struct *mm, unsigned long address, int nr, unsigned int flags,
			 struct page **pages)
{
	struct gup gup = { .mm = mm, .flags = flags };
	int taken = 0, table_start = 0;

	local_irq_save();
	while (taken < nr && !gup.stop) {
		unsigned long at = address + taken;
		int more;

		if (!(at & (ptrs_per_pte() - 1)))
			table_start = taken;
		more = gup_fast_range(&gup, at, nr - taken, pages + taken);
		if (!more)
			break;
		taken += more;
	}
	while (gup.undo && taken > table_start)
		if (pages[--taken])
			gup_put_pages(&gup, pages[taken], 1, gup_holder(&gup));
	if (rules()->gup_finish)
		rules()->gup_finish(&gup);
	local_irq_restore();
	return taken;
}

/* unpin_user_pages_lockless() */
static void unpin_taken(struct page **pages, int nr)
{
	const struct gup pinned = { .flags = FOLL_PIN };

	for (int i = 0; i < nr; i++)
		if (pages[i])
			gup_put_pages(&pinned, pages[i], 1, HELD_BY_PIN);
}

/* A pin that a fork has come across is given up: the slow walk waits for mmap_lock. */
int gup_fast(struct mm_struct *mm, unsigned long address, int nr, unsigned int flags,
	     struct page **pages)
{
	unsigned int seq;
	int taken;

	if (!(flags & FOLL_PIN))
		return gup_fast_walk(mm, address, nr, flags, pages);
	if (!raw_seqcount_try_begin(&mm->write_protect_seq, &seq))
		return 0;
	taken = gup_fast_walk(mm, address, nr, flags, pages);
	if (read_seqcount_retry(&mm->write_protect_seq, seq)) {
		unpin_taken(pages, taken);
		return 0;
	}
	return taken;
}

/* Under the lock of the entry @pte: 0, or -EAGAIN where the page has to be faulted in first. */
static int grab_locked(struct gup *gup, pte_t pte, bool (*admit)(struct gup *gup, pte_t pte),
		       unsigned long offset, struct page **page)
{
	int err;

	if (pte_permits(pte, gup->flags) && is_uncounted_pte(pte)) {
		*page = NULL;
		return 0;
	}
	if (!pte_permits(pte, gup->flags) || !admit(gup, pte))
		return -EAGAIN;
	*page = pte_page(pte) + offset;
	err = rules()->gup_grab_locked(gup, *page);
	if (err)
		return err;
	gup_hand_over(gup, SITE("follow_page"), *page, 1);
	folio_set_flag(page_folio_peek(*page), PG_referenced);
	return 0;
}

/* follow_page_mask() */
static int follow_page(struct gup *gup, unsigned long address, struct page **page)
{
	pmd_t *pmdp = pmd_offset(gup->mm, address);
	unsigned long offset = address & (ptrs_per_pte() - 1);
	pmd_t pmd = READ_ONCE(*pmdp);
	struct pte_table *table = pmd_table(pmd);
	int err = -EAGAIN;

	if (pmd_leaf(pmd)) {
		spin_lock(&gup->mm->page_table_lock);
		if (pmd_leaf(PEEK(*pmdp)))
			err = grab_locked(gup, PEEK(*pmdp), rules()->gup_admit_pmd, offset, page);
		spin_unlock(&gup->mm->page_table_lock);
	} else if (table) {
		spin_lock(&table->ptl);
		err = grab_locked(gup, PEEK(table->pte[offset]), rules()->gup_admit, 0, page);
		spin_unlock(&table->ptl);
	}
	return err;
}

/* One turn of __get_user_pages(): follow, fault in, follow again. mmap_lock held. */
static int gup_slow_one(struct gup *gup, unsigned long address, struct page **page)
{
	bool write = gup->flags & FOLL_WRITE;
	int err;

	while ((err = follow_page(gup, address, page)) == -EAGAIN) {
		struct vm_area_struct *vma = vma_lookup(gup->mm, address);

		if (!vma || (write && !(vma->vm_flags & VM_WRITE)))
			return -EFAULT;
		if (handle_mm_fault(vma, address, write) & (VM_FAULT_SIGBUS | VM_FAULT_OOM))
			return -EFAULT;
	}
	return err;
}

/* migrate_longterm_unpinnable_pages(): the pin becomes a reference, which the migration puts. */
static int migrate_unpinnable(const struct gup *gup, struct page *page)
{
	folio_get(page_folio(page), HELD_BY_TRANSIENT);
	gup_put_folio(gup, page, 1, gup_holder(gup));
	return migrate_device_coherent_page(page) ? -EBUSY : 0;
}

static bool is_device_coherent_page(const struct page *page)
{
	return page && page_device(page)->type == MEMORY_DEVICE_COHERENT;
}

/*
 * check_and_migrate_movable_pages(), of all that was pinned: 0, or -EAGAIN where pages were
 * moved, -EBUSY where one cannot be; in either case nothing is pinned any more.
 */
static int check_and_migrate_movable_pages(const struct gup *gup, struct page **pages, int nr)
{
	bool movable = false;
	int err = -EAGAIN;

	for (int i = 0; i < nr; i++)
		movable |= is_device_coherent_page(pages[i]);
	if (!movable)
		return 0;
	for (int i = 0; i < nr; i++) {
		if (err == -EAGAIN && is_device_coherent_page(pages[i]))
			err = migrate_unpinnable(gup, pages[i]) ? -EBUSY : err;
		else if (pages[i])
			gup_put_folio(gup, pages[i], 1, gup_holder(gup));
	}
	return err;
}

/* __gup_longterm_locked(): until all that is pinned may stay where it is. mmap_lock held. */
static int gup_longterm_locked(struct gup *gup, unsigned long address, int nr, struct page **pages)
{
	int taken, err;

	do {
		err = 0;
		for (taken = 0; !err && taken < nr; taken += !err)
			err = gup_slow_one(gup, address + taken, &pages[taken]);
		if (!taken || !(gup->flags & FOLL_LONGTERM))
			break;
		err = check_and_migrate_movable_pages(gup, pages, taken);
		if (err)
			taken = 0;
	} while (err == -EAGAIN);
	return taken ? taken : err;
}

int gup_slow(struct mm_struct *mm, unsigned long address, int nr, unsigned int flags,
	     struct page **pages)
{
	struct gup gup = { .mm = mm, .flags = flags, .locked = true };
	struct vm_area_struct *vma;
	int taken = 0;

	down_read(&mm->mmap_lock);
	vma = vma_lookup(mm, address);
	if (!vma)
		taken = -EFAULT;
	else if ((flags & FOLL_LONGTERM) && (vma->vm_flags & VM_FSDAX))
		taken = -EOPNOTSUPP;	/* check_vma_flags() */
	else
		taken = gup_longterm_locked(&gup, address, nr, pages);
	if (rules()->gup_finish)
		rules()->gup_finish(&gup);
	up_read(&mm->mmap_lock);
	return taken;
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
	const struct gup pinned = { .flags = FOLL_PIN };

	for (int i = 0; i < nr; i++) {
		if (!pages[i])
			continue;
		(void)page_folio(pages[i]);	/* gup_folio_next() */
		gup_put_folio(&pinned, pages[i], 1, HELD_BY_PIN);
	}
}
