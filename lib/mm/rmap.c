/* SPDX-License-Identifier: MIT */
/*
 * Mapcounts, and the way from a page to the entries that map it: mm/rmap.c.
 *
 * An anonymous page is called by its name in entries, pte_names(), as one in system memory has no
 * struct page here. Of them only device pages are counted.
 */
#include <mmref/kernel.h>

#include "kernel/bodies.h"
#include "world.h"

#define rmap_add(v, n)	atomic_add_return_at(SITE("rmap " #v), v, n)

/*
 * A single page has its memcg in the word where a folio has _nr_pages: what a folio left there is taken for
 * one (4996fc547f5b).
 */
void (folio_add_file_rmap_pte)(struct folio *folio, struct page *page, struct vm_area_struct *vma)
{
	struct page *second = folio_second(folio);

	(void)vma;
	if (!folio_test_large(folio)) {
		if (PEEK(page->_folio_order))	/* __lruvec_stat_mod_folio(), mm/memcontrol.c */
			kernel_bug(SITE("folio_add_file_rmap_pte"), page,
				   "memcg_data of a page is what a folio left in _nr_pages");
		rmap_add(&page->_mapcount, 1);
		return;
	}
	if (rmap_add(&page->_mapcount, 1) == 0)
		rmap_add(&second->_nr_pages_mapped, 1);
	rmap_add(&second->_large_mapcount, 1);
}

void (folio_add_file_rmap_pmd)(struct folio *folio, struct page *page, struct vm_area_struct *vma)
{
	struct page *second = folio_second(folio);

	(void)page;
	(void)vma;
	if (rmap_add(&second->_entire_mapcount, 1) == 0)
		rmap_add(&second->_nr_pages_mapped, ENTIRELY_MAPPED);
	rmap_add(&second->_large_mapcount, 1);
}

/* An entry that is copied maps the page already. */
void (folio_dup_file_rmap_pte)(struct folio *folio, struct page *page, struct vm_area_struct *vma)
{
	(void)vma;
	rmap_add(&page->_mapcount, 1);
	if (folio_test_large(folio))
		rmap_add(&folio_second(folio)->_large_mapcount, 1);
}

/* __folio_set_anon() */
void (folio_add_new_anon_rmap)(struct folio *folio, struct vm_area_struct *vma,
			       unsigned long address)
{
	uintptr_t mapping = (uintptr_t)vma->anon_rmap | PAGE_MAPPING_ANON;

	atomic_set(&folio->page._mapcount, 0);
	WRITE_ONCE(folio->page.mapping, (struct address_space *)mapping);
	WRITE_ONCE(folio->page.index, linear_page_index(vma, address));
}

void (folio_remove_rmap_pte)(struct folio *folio, struct page *page, struct vm_area_struct *vma)
{
	struct page *second = folio_second(folio);

	(void)vma;
	if (!folio_test_large(folio)) {
		rmap_add(&page->_mapcount, -1);
		return;
	}
	rmap_add(&second->_large_mapcount, -1);
	if (rmap_add(&page->_mapcount, -1) < 0)
		rmap_add(&second->_nr_pages_mapped, -1);
}

void (folio_remove_rmap_pmd)(struct folio *folio, struct page *page, struct vm_area_struct *vma)
{
	struct page *second = folio_second(folio);

	(void)page;
	(void)vma;
	rmap_add(&second->_large_mapcount, -1);
	if (rmap_add(&second->_entire_mapcount, -1) < 0)
		rmap_add(&second->_nr_pages_mapped, -ENTIRELY_MAPPED);
}

int (folio_mapcount)(struct folio *folio)
{
	if (folio_test_large(folio))
		return atomic_read(&folio_second(folio)->_large_mapcount) + 1;
	return atomic_read(&folio->page._mapcount) + 1;
}

/* --- write protection for writeback ------------------------------------------- */

int (page_vma_mkclean_one)(struct page_vma_mapped_walk *pvmw)
{
	int cleaned = 0;

	while (page_vma_mapped_walk(pvmw)) {
		pte_t *pte = pvmw->pte ? pvmw->pte : pvmw->pmd;
		pte_t entry = PEEK_SHARED(*pte);

		if (!pte_dirty(entry) && !pte_write(entry))
			continue;
		ptep_change(pte, entry & ~(pte_t)(PTE_WRITE | PTE_DIRTY));
		flush_tlb();
		cleaned++;
	}
	return cleaned;
}

/* vma_address(): the first page of the range that @vma maps. */
int (pfn_mkclean_range)(unsigned long pfn, unsigned long nr_pages, pgoff_t pgoff,
			struct vm_area_struct *vma)
{
	struct page_vma_mapped_walk pvmw = {
		.pfn = pfn,
		.nr_pages = nr_pages,
		.pgoff = pgoff,
		.vma = vma,
		.address = vma->vm_start,
	};

	if (!(vma->vm_flags & VM_SHARED))
		return 0;	/* invalid_mkclean_vma() */
	if (pgoff > vma->vm_pgoff)
		pvmw.address += pgoff - vma->vm_pgoff;
	return page_vma_mkclean_one(&pvmw);
}

/* --- anonymous pages ---------------------------------------------------------- */

static void anon_vma_chain_link(struct vm_area_struct *vma, struct anon_vma *anon_vma)
{
	struct vm_area_struct **link;

	vma->anon_rmap = anon_vma;
	down_write(&anon_vma->rwsem);
	for (link = &anon_vma->first; *link; link = &(*link)->anon_next)
		continue;
	*link = vma;
	up_write(&anon_vma->rwsem);
}

bool anon_vma_prepare(struct vm_area_struct *vma)
{
	struct anon_vma *anon_vma = world_new(current->world, struct anon_vma);

	if (anon_vma)
		anon_vma_chain_link(vma, anon_vma);
	return anon_vma;
}
EXPORT_SYMBOL(anon_vma_prepare);

bool anon_vma_fork(struct vm_area_struct *vma, struct vm_area_struct *pvma)
{
	anon_vma_chain_link(vma, pvma->anon_rmap);
	return true;
}
EXPORT_SYMBOL(anon_vma_fork);

void unlink_anon_vmas(struct vm_area_struct *vma)
{
	struct vm_area_struct **link = &vma->anon_rmap->first;

	down_write(&vma->anon_rmap->rwsem);
	while (*link != vma)
		link = &(*link)->anon_next;
	*link = vma->anon_next;
	up_write(&vma->anon_rmap->rwsem);
}
EXPORT_SYMBOL(unlink_anon_vmas);

/* And the place of the page in its VMAs. */
static struct anon_vma *folio_anon_vma(pte_t name, unsigned long *index)
{
	const struct anon_page *anon = &current->world->anon[pte_pfn(name) % MAX_ANON];
	const struct page *page = pte_page(name);
	uintptr_t mapping = (uintptr_t)(page ? PEEK(page->mapping) : PEEK(anon->mapping));

	*index = page ? PEEK(page->index) : PEEK(anon->index);
	return (struct anon_vma *)(mapping & ~(uintptr_t)PAGE_MAPPING_ANON);
}

void (rmap_walk_anon)(pte_t name, const struct rmap_walk_control *rwc)
{
	unsigned long index;
	struct anon_vma *anon_vma = folio_anon_vma(name, &index);
	bool more = true;

	if (!anon_vma)
		return;
	down_read(&anon_vma->rwsem);
	for (struct vm_area_struct *vma = anon_vma->first; more && vma; vma = vma->anon_next) {
		unsigned long address = vma->vm_start + index - vma->vm_pgoff;
		struct pte_table *table;
		pte_t *pte;

		if (address < vma->vm_start || address >= vma->vm_end)
			continue;
		table = pte_offset_map(vma->vm_mm, address, &pte);
		if (!table)
			continue;
		spin_lock(&table->ptl);
		more = rwc->rmap_one(vma, pte, rwc->arg);
		spin_unlock(&table->ptl);
	}
	up_read(&anon_vma->rwsem);
}

/*
 * try_to_migrate_one() and migrate_vma_collect_pmd(): the reference and the mapping go with the
 * entry; whoever moves the page holds it.
 */
void set_migration_entry(pte_t *ptep)
{
	pte_t pte = ptep_get_and_clear(ptep);
	struct page *page = pte_page(pte_names(pte));

	if (pte_present(pte))
		flush_tlb();
	if (page && pte_dirty(pte))
		folio_set_flag((struct folio *)page, PG_dirty);
	set_pte(ptep, pte_names(pte) | PTE_MIGRATION | (pte & PTE_WRITE));
	if (!page)
		return;
	folio_remove_rmap_pte((struct folio *)page, page, NULL);
	folio_put((struct folio *)page, HELD_BY_PTE);
}
EXPORT_SYMBOL(set_migration_entry);

bool (try_to_migrate_one)(struct vm_area_struct *vma, pte_t *pte, const void *arg)
{
	const pte_t *name = arg;
	pte_t entry = PEEK_SHARED(*pte);

	(void)vma;
	if ((entry & (PTE_PRESENT | PTE_PRIVATE)) && pte_names(entry) == *name)
		set_migration_entry(pte);
	return true;
}

void (try_to_migrate)(pte_t name)
{
	const struct rmap_walk_control rwc = {
		.arg = &name,
		.rmap_one = mmref_running()->try_to_migrate_one,
	};

	rmap_walk_anon(name, &rwc);
}
