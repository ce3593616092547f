/* SPDX-License-Identifier: MIT */

#include <errno.h>

#include <mmref/kernel.h>

#include "check/ledger.h"

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

void gup_put_folio(const struct gup *gup, struct folio *folio, int refs, enum mmref_holder held)
{
	int cost = gup_cost(gup, folio, refs);

	if ((gup->flags & FOLL_PIN) && folio_test_large(folio))
		atomic_sub(refs, &folio_second(folio)->_pincount);
	rules()->put_page(&folio->page, cost, held);
}

void gup_put_pages(const struct gup *gup, struct page *page, int nr, enum mmref_holder held)
{
	while (nr--)
		gup_put_folio(gup, page_folio(page + nr), 1, held);
}

/* The walk's own references become the caller's. */
static void gup_hand_over(struct gup *gup, const struct mmref_site *site, struct folio *folio,
			  int refs)
{
	ledger_pass(site, &folio->page, HELD_BY_TRANSIENT, gup_holder(gup),
		    gup_cost(gup, folio, refs));
}

static bool pte_permits(pte_t pte, unsigned int flags)
{
	return pte_present(pte) && (!(flags & FOLL_WRITE) || pte_write(pte));
}

/* Held, and the entry unchanged: the last question before @folio is had @refs times. */
static bool gup_fast_accept(struct gup *gup, const struct mmref_site *site, struct folio *folio,
			    int refs)
{
	if (rules()->gup_fast_allowed && !rules()->gup_fast_allowed(gup, folio)) {
		gup_put_folio(gup, folio, refs, HELD_BY_TRANSIENT);
		return false;
	}
	gup_hand_over(gup, site, folio, refs);
	folio_set_flag(folio, PG_referenced);
	return true;
}

/* One turn of gup_fast_pte_range(): take the page, then look at PMD and PTE again. */
static bool gup_fast_pte(struct gup *gup, struct page **page)
{
	struct folio *folio;
	pte_t pte;

	gup->pte = pte = ptep_get(gup->ptep);
	if (!pte_permits(pte, gup->flags))
		return false;
	if (pte & PTE_ANON) {
		*page = NULL;
		return true;
	}
	if (is_uncounted_pte(pte) || !rules()->gup_admit(gup, pte))
		return false;
	*page = pte_page(pte);
	folio = rules()->gup_grab(gup, *page, 1);
	if (!folio)
		return false;
	if (!rules()->gup_unchanged(gup)) {
		gup_put_folio(gup, folio, 1, HELD_BY_TRANSIENT);
		return false;
	}
	return gup_fast_accept(gup, SITE("gup_fast_pte_range"), folio, 1);
}

static void gup_finish(struct gup *gup)
{
	if (rules()->gup_finish)
		rules()->gup_finish(gup);
}

/* gup_fast_pte_range(), mm/gup.c: @nr pages from @offset of @table on; how many were taken. */
static int gup_fast_pte_range(struct gup *gup, struct pte_table *table, unsigned long offset,
			      int nr, struct page **pages)
{
	int taken = 0;

	gup->ptep = &table->pte[offset];
	while (taken < nr && gup_fast_pte(gup, &pages[taken])) {
		taken++;
		gup->ptep++;
	}
	while (gup->undo && taken)
		if (pages[--taken])
			gup_put_pages(gup, pages[taken], 1, gup_holder(gup));
	gup_finish(gup);
	return taken;
}

/* What was taken of a leaf is the caller's: of one folio, or page by page. */
static int gup_fast_accept_leaf(struct gup *gup, struct page *page, int nr, struct page **pages)
{
	const struct mmref_site *site = SITE("gup_fast_pmd_leaf");

	if (gup->leaf) {
		if (!gup_fast_accept(gup, site, gup->leaf, nr))
			return 0;
	} else {
		for (int i = 0; i < nr; i++)
			gup_hand_over(gup, site, page_folio_peek(page + i), 1);
		folio_set_flag(page_folio_peek(page), PG_referenced);
	}
	for (int i = 0; i < nr; i++)
		pages[i] = page + i;
	return nr;
}

static void gup_fast_put_leaf(struct gup *gup, struct page *page, int nr)
{
	if (gup->leaf)
		gup_put_folio(gup, gup->leaf, nr, HELD_BY_TRANSIENT);
	else
		gup_put_pages(gup, page, nr, HELD_BY_TRANSIENT);
}

/* gup_fast_pmd_leaf(), mm/gup.c: @nr pages from @page on, then look at the PMD again. */
static int gup_fast_pmd(struct gup *gup, struct page *page, int nr, struct page **pages)
{
	gup->ptep = NULL;
	gup->leaf = NULL;
	if (!rules()->gup_grab_leaf(gup, gup->pmd, page, nr)) {
		if (!rules()->gup_keeps_leaf || !gup->kept)
			return 0;
		nr = gup->kept;
		gup->stop = true;
	} else if (!rules()->gup_unchanged(gup)) {
		gup->stop = true;
		if (!rules()->gup_keeps_leaf) {
			gup_fast_put_leaf(gup, page, nr);
			return 0;
		}
	}
	return gup_fast_accept_leaf(gup, page, nr, pages);
}

/* One turn of gup_fast_pmd_range(): how many of the @nr pages behind one PMD were taken. */
static int gup_fast_range(struct gup *gup, unsigned long address, int nr, struct page **pages)
{
	unsigned long offset = address & (ptrs_per_pte() - 1);
	struct pte_table *table;
	pmd_t pmd;

	gup->pmdp = pmd_offset(gup->mm, address);
	gup->pmd = pmd = READ_ONCE(*gup->pmdp);
	table = pmd_table(pmd);
	if (table)
		return gup_fast_pte_range(gup, table, offset, nr, pages);
	if (!pmd_leaf(pmd) || !pte_permits(pmd, gup->flags) || !pte_page(pmd))
		return 0;
	return gup_fast_pmd(gup, pte_page(pmd) + offset, nr, pages);
}

/* gup_fast_pgd_range(), with interrupts off: how many were taken. */
static int gup_fast_walk(struct mm_struct *mm, unsigned long address, int nr, unsigned int flags,
			 struct page **pages)
{
	struct gup gup = { .mm = mm, .flags = flags };
	int taken = 0;

	local_irq_save();
	while (taken < nr && !gup.stop) {
		unsigned long at = address + taken;
		int wanted = ptrs_per_pte() - (at & (ptrs_per_pte() - 1));
		int more;

		if (wanted > nr - taken)
			wanted = nr - taken;
		more = gup_fast_range(&gup, at, wanted, pages + taken);
		taken += more;
		if (more < wanted)
			break;
	}
	local_irq_restore();
	return taken;
}

/* The folio of the first of @nr pages, and in *@same how many in a row are of it. */
static struct folio *gup_folio_next(struct page **pages, int nr, int *same)
{
	struct folio *folio = page_folio(pages[0]);

	*same = 1;
	while (*same < nr && pages[*same] && page_folio(pages[*same]) == folio)
		++*same;
	return folio;
}

void unpin_user_pages(struct page **pages, int nr)
{
	const struct gup pinned = { .flags = FOLL_PIN };

	for (int i = 0, same = 1; i < nr; i += same) {
		struct folio *folio;

		same = 1;
		if (!pages[i])
			continue;
		folio = gup_folio_next(&pages[i], nr - i, &same);
		gup_put_folio(&pinned, folio, same, HELD_BY_PIN);
	}
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
		unpin_user_pages(pages, taken);	/* _lockless() */
		return 0;
	}
	return taken;
}

/*
 * Under the lock of the entry @pte: 0, -EAGAIN where the page has to be faulted in first, or
 * @refused where @admit does not let it be had.
 */
static int grab_locked(struct gup *gup, pte_t pte, bool (*admit)(struct gup *gup, pte_t pte),
		       int refused, unsigned long offset, struct page **page)
{
	int err;

	if (!pte_permits(pte, gup->flags))
		return -EAGAIN;
	*page = NULL;
	if (is_uncounted_pte(pte))
		return 0;
	if (!admit(gup, pte))
		return refused;
	*page = pte_page(pte) + offset;
	err = rules()->gup_grab_locked(gup, *page);
	if (err)
		return err;
	gup_hand_over(gup, SITE("follow_page"), page_folio_peek(*page), 1);
	folio_set_flag(page_folio_peek(*page), PG_referenced);
	return 0;
}

/* follow_page_mask(): of a PTE without a live pgmap the page is faulted in, of a PMD it fails. */
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
			err = grab_locked(gup, PEEK_SHARED(*pmdp), rules()->gup_admit_pmd, -EFAULT,
					  offset, page);
		spin_unlock(&gup->mm->page_table_lock);
	} else if (table) {
		spin_lock(&table->ptl);
		err = grab_locked(gup, PEEK_SHARED(table->pte[offset]), rules()->gup_admit, -EAGAIN, 0,
				  page);
		spin_unlock(&table->ptl);
	}
	return err;
}

static int check_vma_flags(const struct gup *gup, const struct vm_area_struct *vma)
{
	if (!vma)
		return -EFAULT;
	if ((gup->flags & FOLL_LONGTERM) && (vma->vm_flags & VM_FSDAX))
		return -EOPNOTSUPP;
	return (gup->flags & FOLL_WRITE) && !(vma->vm_flags & VM_WRITE) ? -EFAULT : 0;
}

/* One turn of __get_user_pages(): follow, fault in, follow again. */
static int gup_slow_one(struct gup *gup, struct vm_area_struct *vma, unsigned long address,
			struct page **page)
{
	vm_fault_t fault;
	int err;

	while ((err = follow_page(gup, address, page)) == -EAGAIN) {
		fault = handle_mm_fault(vma, address, gup->flags & FOLL_WRITE);
		if (fault & VM_FAULT_OOM)
			return -ENOMEM;
		if (fault & VM_FAULT_SIGBUS)
			return -EFAULT;
	}
	return err;
}

/* How many of @nr pages were taken, or -errno where none was. mmap_lock held. */
static int __get_user_pages(struct gup *gup, unsigned long address, int nr, struct page **pages)
{
	struct vm_area_struct *vma = NULL;
	int taken = 0, err = 0;

	while (!err && taken < nr) {
		unsigned long at = address + taken;

		if (!vma || at >= vma->vm_end) {
			vma = vma_lookup(gup->mm, at);
			err = check_vma_flags(gup, vma);
		}
		if (!err)
			err = gup_slow_one(gup, vma, at, &pages[taken]);
		taken += !err;
	}
	gup_finish(gup);
	return taken ? taken : err;
}

/* migrate_longterm_unpinnable_pages(): the pin becomes a reference, which the migration puts. */
static int migrate_unpinnable(const struct gup *gup, struct page *page)
{
	struct folio *folio = page_folio(page);

	folio_get(folio, HELD_BY_TRANSIENT);
	gup_put_folio(gup, folio, 1, gup_holder(gup));
	return migrate_device_coherent_folio(folio) ? -EBUSY : 0;
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
			gup_put_pages(gup, pages[i], 1, gup_holder(gup));
	}
	return err;
}

/* __gup_longterm_locked(): until all that is pinned may stay where it is. mmap_lock held. */
static int gup_longterm_locked(struct gup *gup, unsigned long address, int nr, struct page **pages)
{
	int taken, err;

	do {
		taken = __get_user_pages(gup, address, nr, pages);
		if (taken <= 0 || !(gup->flags & FOLL_LONGTERM))
			return taken;
		err = check_and_migrate_movable_pages(gup, pages, taken);
	} while (err == -EAGAIN);
	return err ? err : taken;
}

int gup_slow(struct mm_struct *mm, unsigned long address, int nr, unsigned int flags,
	     struct page **pages)
{
	struct gup gup = { .mm = mm, .flags = flags, .locked = true };
	int taken;

	down_read(&mm->mmap_lock);
	taken = gup_longterm_locked(&gup, address, nr, pages);
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
