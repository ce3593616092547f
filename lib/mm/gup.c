/* SPDX-License-Identifier: MIT */
/* get_user_pages(), mm/gup.c: the bodies that all kernels share. */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/hooks.h"
#include "kernel/bodies.h"

void gup_hand_over_at(const struct mmref_site *site, struct page **pages, unsigned long nr,
		      unsigned int flags)
{
	for (unsigned long i = 0; i < nr; i++) {
		struct folio *folio = pages[i] ? page_folio_peek(pages[i]) : NULL;

		if (!folio)
			continue;
		ledger_pass(site, &folio->page, HELD_BY_TRANSIENT, gup_holder(flags),
			    gup_refs(folio, 1, flags));
		ledger_through(&folio->page, current->through);
	}
}
EXPORT_SYMBOL(gup_hand_over_at);

/* The folio of the first of @npages pages, and in *@ntails how many in a row are of it. */
static struct folio *gup_folio_next(struct page **list, unsigned long npages, unsigned int *ntails)
{
	struct folio *folio = page_folio(list[0]);
	unsigned int nr;

	for (nr = 1; nr < npages; nr++)
		if (!list[nr] || page_folio(list[nr]) != folio)
			break;
	*ntails = nr;
	return folio;
}

void (unpin_user_page)(struct page *page, enum mmref_holder held)
{
	gup_put_folio(page_folio(page), 1, FOLL_PIN, held);
}

void (unpin_user_pages)(struct page **pages, unsigned long npages)
{
	unsigned int nr;

	for (unsigned long i = 0; i < npages; i += nr) {
		struct folio *folio;

		nr = 1;
		if (!pages[i])
			continue;
		folio = gup_folio_next(&pages[i], npages - i, &nr);
		gup_put_folio(folio, nr, FOLL_PIN, HELD_BY_PIN);
	}
}

void (gup_fast_unpin_user_pages)(struct page **pages, unsigned long npages)
{
	for (unsigned long i = 0; i < npages; i++)
		if (pages[i])
			gup_put_folio(page_folio(pages[i]), 1, FOLL_PIN);
}

struct page *(follow_page_mask)(struct vm_area_struct *vma, unsigned long address,
				unsigned int flags, struct follow_page_context *ctx)
{
	ctx->page_mask = 0;
	return follow_pmd_mask(vma, address, flags, ctx);
}

/* FAULT_FLAG_UNSHARE is a write fault here, which makes the entry writable besides. */
int (faultin_page)(struct vm_area_struct *vma, unsigned long address, unsigned int flags,
		   bool unshare)
{
	bool write = (flags & FOLL_WRITE) || (unshare && vma_is_anonymous(vma));
	vm_fault_t ret = handle_mm_fault(vma, address, write);

	if (ret & VM_FAULT_OOM)
		return -ENOMEM;
	return ret & VM_FAULT_SIGBUS ? -EFAULT : 0;
}

int (check_vma_flags)(struct vm_area_struct *vma, unsigned long gup_flags)
{
	if ((gup_flags & FOLL_LONGTERM) && (vma->vm_flags & VM_FSDAX))
		return -EOPNOTSUPP;
	return (gup_flags & FOLL_WRITE) && !(vma->vm_flags & VM_WRITE) ? -EFAULT : 0;
}

long (__get_user_pages_locked)(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			       struct page **pages, int *locked, unsigned int flags)
{
	bool must_unlock = !*locked;
	long ret;

	if (must_unlock)
		down_read(&mm->mmap_lock);
	ret = __get_user_pages(mm, start, nr_pages, flags, pages);
	if (must_unlock)
		up_read(&mm->mmap_lock);
	return ret;
}

/* Device-coherent pages are counted, and never put on the list: they are on no LRU. */
unsigned long (collect_longterm_unpinnable_folios)(struct list_head *movable_folio_list,
						   unsigned long nr_pages, struct page **pages)
{
	unsigned long collected = 0;
	struct folio *prev_folio = NULL;

	(void)movable_folio_list;
	for (unsigned long i = 0; i < nr_pages; i++) {
		struct folio *folio = pages[i] ? page_folio(pages[i]) : NULL;

		if (!folio || folio == prev_folio)
			continue;
		prev_folio = folio;
		if (!folio_is_longterm_pinnable(folio))
			collected++;
	}
	return collected;
}

/*
 * The migration fails of a page that is pinned: the pin becomes a reference, which the migration
 * puts. -EAGAIN where all were moved, -EBUSY where one cannot be; nothing is pinned any more.
 */
int (migrate_longterm_unpinnable_folios)(struct list_head *movable_folio_list,
					 unsigned long nr_pages, struct page **pages)
{
	(void)movable_folio_list;
	for (unsigned long i = 0; i < nr_pages; i++) {
		struct folio *folio = pages[i] ? page_folio(pages[i]) : NULL;

		if (!folio)
			continue;
		pages[i] = NULL;
		if (folio_type(folio) != MEMORY_DEVICE_COHERENT) {
			gup_put_folio(folio, 1, FOLL_PIN, HELD_BY_PIN);
			continue;
		}
		folio_get(folio, HELD_BY_TRANSIENT);
		gup_put_folio(folio, 1, FOLL_PIN, HELD_BY_PIN);
		if (migrate_device_coherent_folio(folio)) {
			unpin_user_pages(pages, nr_pages);
			return -EBUSY;
		}
	}
	return -EAGAIN;
}

long (__gup_longterm_locked)(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			     struct page **pages, int *locked, unsigned int gup_flags)
{
	long rc, nr_pinned_pages;

	if (!(gup_flags & FOLL_LONGTERM))
		return __get_user_pages_locked(mm, start, nr_pages, pages, locked, gup_flags);
	do {
		nr_pinned_pages = __get_user_pages_locked(mm, start, nr_pages, pages, locked,
							  gup_flags);
		if (nr_pinned_pages <= 0)
			return nr_pinned_pages;
		rc = check_and_migrate_movable_pages(nr_pinned_pages, pages);
	} while (rc == -EAGAIN);
	return rc ? rc : nr_pinned_pages;
}

/* The levels above a PMD hold nothing here. A hole's huge zero page is left to the slow walk. */
int (gup_fast_pmd_range)(struct mm_struct *mm, unsigned long addr, unsigned long end,
			 unsigned int flags, struct page **pages, int *nr)
{
	unsigned long next;

	do {
		pmd_t *pmdp = pmd_offset(mm, addr);
		pmd_t pmd = READ_ONCE(*pmdp);

		next = (addr | (ptrs_per_pte() - 1)) + 1;
		if (next > end)
			next = end;
		if (!pmd)
			return 0;
		if (pmd_leaf(pmd)) {
			if (!pte_page(pmd) ||
			    !gup_fast_pmd_leaf(pmd, pmdp, addr, next, flags, pages, nr))
				return 0;
		} else if (!gup_fast_pte_range(pmd, pmdp, addr, next, flags, pages, nr)) {
			return 0;
		}
	} while (addr = next, addr != end);
	return 1;
}

/* A pin that a fork has come across is given up: the slow walk waits for mmap_lock. */
unsigned long (gup_fast)(struct mm_struct *mm, unsigned long start, unsigned long end,
			 unsigned int gup_flags, struct page **pages)
{
	int nr_pinned = 0;
	unsigned int seq;

	if ((gup_flags & FOLL_PIN) && !raw_seqcount_try_begin(&mm->write_protect_seq, &seq))
		return 0;
	local_irq_save();
	gup_fast_pmd_range(mm, start, end, gup_flags, pages, &nr_pinned);
	local_irq_restore();
	if ((gup_flags & FOLL_PIN) && read_seqcount_retry(&mm->write_protect_seq, seq)) {
		gup_fast_unpin_user_pages(pages, nr_pinned);
		return 0;
	}
	gup_hand_over(pages, nr_pinned, gup_flags);
	return nr_pinned;
}

int (get_user_pages_fast)(struct mm_struct *mm, unsigned long start, int nr_pages,
			  unsigned int gup_flags, struct page **pages)
{
	if (gup_flags & FOLL_LONGTERM)
		return -EINVAL;		/* is_valid_gup_args(): for long there are pins alone */
	return gup_fast_fallback(mm, start, nr_pages, gup_flags | FOLL_GET, pages);
}

int (pin_user_pages_fast)(struct mm_struct *mm, unsigned long start, int nr_pages,
			  unsigned int gup_flags, struct page **pages)
{
	if ((gup_flags & FOLL_LONGTERM) && (gup_flags & FOLL_PCI_P2PDMA))
		return -EINVAL;		/* is_valid_gup_args() */
	return gup_fast_fallback(mm, start, nr_pages, gup_flags | FOLL_PIN, pages);
}

long (get_user_pages_remote)(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			     unsigned int gup_flags, struct page **pages)
{
	int locked = 1;

	if (gup_flags & FOLL_LONGTERM)
		return -EINVAL;
	return __get_user_pages_locked(mm, start, nr_pages, pages, &locked,
				       gup_flags | FOLL_GET | FOLL_TOUCH);
}

long (pin_user_pages_remote)(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			     unsigned int gup_flags, struct page **pages)
{
	int locked = 1;

	if ((gup_flags & FOLL_LONGTERM) && (gup_flags & FOLL_PCI_P2PDMA))
		return -EINVAL;
	return __gup_longterm_locked(mm, start, nr_pages, pages, &locked,
				     gup_flags | FOLL_PIN | FOLL_TOUCH);
}

long (pin_user_pages)(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
		      unsigned int gup_flags, struct page **pages)
{
	int locked = 1;

	return __gup_longterm_locked(mm, start, nr_pages, pages, &locked, gup_flags | FOLL_PIN);
}
