/* SPDX-License-Identifier: MIT */
/*
 * What the tests of violations share: a scene as its threads see it, what they do in it,
 * and hooks that do less than they should, or what the ledger is not told.
 */
#ifndef UNIT_BODIES_H
#define UNIT_BODIES_H

#include "scene.h"

#include <mmref/kernel.h>
#include "ops/ops.h"
#include "rules/rules.h"

/* What threads need of a scene; the scene's own struct dies with the test's frame. */
struct shared {
	struct mmref_device *device;
	struct mmref_file *file;
	struct mmref_map *map;
	struct mmref_hold *hold;
	struct page *page;
	spinlock_t lock[2];
};

static inline struct shared *shared_of(const struct scene *s)
{
	struct shared *shared = mmref_alloc(s->sim, sizeof(*shared));

	assert_non_null(shared);
	shared->device = s->device;
	shared->file = s->file;
	shared->map = s->map;
	shared->page = s->device->pmem.pgmap->memmap;
	return shared;
}

static inline struct scene one_thread(const struct mmref_rules *rules, void (*body)(void *arg))
{
	struct scene s = scene_new(rules, 1);

	mmref_thread(s.sim, "app", body, shared_of(&s));
	return s;
}

static inline void fault(void *arg)
{
	mmref_read(((struct shared *)arg)->map, 0);
}

static inline void fault_and_unmap(void *arg)
{
	struct shared *shared = arg;

	mmref_read(shared->map, 0);
	mmref_munmap(shared->map);
}

static inline void get_and_release(void *arg)
{
	mmref_release(mmref_get(((struct shared *)arg)->map, 0, 1, 0, NULL));
}

static inline void truncate(void *arg)
{
	mmref_truncate(((struct shared *)arg)->file, 0);
}

static inline void take_in_order(void *arg)
{
	struct shared *shared = arg;

	spin_lock(&shared->lock[0]);
	spin_lock(&shared->lock[1]);
	spin_unlock(&shared->lock[1]);
	spin_unlock(&shared->lock[0]);
}

static inline void take_backwards(void *arg)
{
	struct shared *shared = arg;

	spin_lock(&shared->lock[1]);
	spin_lock(&shared->lock[0]);
	spin_unlock(&shared->lock[0]);
	spin_unlock(&shared->lock[1]);
}

static inline void put_nothing(struct page *page, enum mmref_holder held)
{
	(void)page;
	(void)held;
}

/* Maps as the new rules do, and hides the page from the zap as the old ones. */
static inline int insert_page_and_hide(struct vm_area_struct *vma, pte_t *pte, unsigned long addr,
				       struct page *page, bool mkwrite)
{
	(void)vma;
	(void)addr;
	folio_get((struct folio *)page, HELD_BY_PTE);
	folio_add_file_rmap_pte((struct folio *)page, page, vma);
	set_pte(pte, mk_pte(page, mkwrite, PTE_SPECIAL));
	return 0;
}

static inline void increment_unseen(void *arg)
{
	atomic_inc(&((struct shared *)arg)->page->_refcount);
}

static inline void decrement_unseen(void *arg)
{
	atomic_dec(&((struct shared *)arg)->page->_refcount);
}

/* dax_fault_iter() of 6.15 of a page, that takes @takes references and puts @puts. */
static inline vm_fault_t fault_page(struct vm_fault *vmf, const struct iomap_iter *iter,
				    struct xa_state *xas, void **entry, int takes, int puts)
{
	struct folio *folio;
	unsigned long pfn;
	vm_fault_t ret;

	if (dax_iomap_direct_access(&iter->iomap, &pfn))
		return VM_FAULT_SIGBUS;
	*entry = dax_insert_entry(xas, vmf, iter, *entry, pfn, 0);
	folio = dax_to_folio(*entry);
	while (takes--)
		folio_ref_inc(folio, HELD_BY_TRANSIENT);
	ret = vmf_insert_page_mkwrite(vmf, pfn_to_page(pfn), vmf->write);
	while (puts--)
		folio_put(folio, HELD_BY_TRANSIENT);
	return ret;
}

static inline vm_fault_t fault_that_keeps_one(struct vm_fault *vmf, const struct iomap_iter *iter,
					      struct xa_state *xas, void **entry, bool pmd)
{
	(void)pmd;
	return fault_page(vmf, iter, xas, entry, 1, 0);
}

#endif
