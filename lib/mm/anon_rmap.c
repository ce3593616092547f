/* SPDX-License-Identifier: MIT */
/*
 * From an anonymous page to the entries that map it: mm/rmap.c, and the migration
 * entries of mm/migrate.c.
 *
 * A page is called by what names it in an entry, pte_names(), since anonymous pages have
 * no struct page here. Of them only device pages are counted.
 */
#include <mmref/kernel.h>
#include "world.h"

bool anon_vma_link(struct vm_area_struct *vma, const struct vm_area_struct *parent)
{
	struct anon_vma *anon_vma = parent ? parent->anon_rmap :
					     world_new(current->world, struct anon_vma);
	struct vm_area_struct **link;

	if (!anon_vma)
		return false;
	vma->anon_rmap = anon_vma;
	down_write(&anon_vma->rwsem);
	for (link = &anon_vma->first; *link; link = &(*link)->anon_next)
		continue;
	*link = vma;
	up_write(&anon_vma->rwsem);
	return true;
}

/* unlink_anon_vmas() */
void anon_vma_unlink(struct vm_area_struct *vma)
{
	struct vm_area_struct **link = &vma->anon_rmap->first;

	down_write(&vma->anon_rmap->rwsem);
	while (*link != vma)
		link = &(*link)->anon_next;
	*link = vma->anon_next;
	up_write(&vma->anon_rmap->rwsem);
}

static struct folio *name_folio(pte_t name)
{
	return (struct folio *)pte_page(name);
}

/* folio_anon_vma(), and the page's place in its VMAs. */
static struct anon_vma *anon_vma_of(pte_t name, unsigned long *index)
{
	const struct anon_page *anon = &current->world->anon[pte_pfn(name) % MAX_ANON];
	const struct page *page = pte_page(name);
	uintptr_t mapping = (uintptr_t)(page ? PEEK(page->mapping) : PEEK(anon->mapping));

	*index = page ? PEEK(page->index) : PEEK(anon->index);
	return (struct anon_vma *)(mapping & ~(uintptr_t)PAGE_MAPPING_ANON);
}

/* rmap_walk_anon() and page_vma_mapped_walk(): @one is called of each entry, under its PTL. */
static void rmap_walk(pte_t name,
		      void (*one)(struct vm_area_struct *vma, pte_t *ptep, const void *arg),
		      const void *arg)
{
	unsigned long index;
	struct anon_vma *anon_vma = anon_vma_of(name, &index);

	if (!anon_vma)
		return;
	down_read(&anon_vma->rwsem);
	for (struct vm_area_struct *vma = anon_vma->first; vma; vma = vma->anon_next) {
		unsigned long address = vma->vm_start + index - vma->vm_pgoff;
		struct pte_table *table;
		pte_t *ptep;

		if (address < vma->vm_start || address >= vma->vm_end)
			continue;
		table = pte_offset_map(vma->vm_mm, address, &ptep);
		if (!table)
			continue;
		spin_lock(&table->ptl);
		one(vma, ptep, arg);
		spin_unlock(&table->ptl);
	}
	up_read(&anon_vma->rwsem);
}

/*
 * try_to_migrate_one(), and the same in migrate_vma_collect_pmd(): the reference and the
 * mapping go with the entry; whoever moves the page holds it.
 */
void set_migration_entry(pte_t *ptep)
{
	pte_t pte = ptep_get_and_clear(ptep);
	struct folio *folio = name_folio(pte_names(pte));

	if (pte_present(pte))
		flush_tlb();
	if (folio && (pte & PTE_DIRTY))
		folio_set_flag(folio, PG_dirty);
	set_pte(ptep, pte_names(pte) | PTE_MIGRATION | (pte & PTE_WRITE));
	if (!folio)
		return;
	folio_remove_rmap_pte(folio, &folio->page);
	folio_put(folio, HELD_BY_PTE);
}

static void try_to_migrate_one(struct vm_area_struct *vma, pte_t *ptep, const void *arg)
{
	const pte_t *name = arg;
	pte_t pte = PEEK_SHARED(*ptep);

	(void)vma;
	if ((pte & (PTE_PRESENT | PTE_PRIVATE)) && pte_names(pte) == *name)
		set_migration_entry(ptep);
}

void try_to_migrate(pte_t name)
{
	rmap_walk(name, try_to_migrate_one, &name);
}

/* What maps @name after a migration. */
static pte_t mk_migrated_pte(pte_t name, pte_t write)
{
	struct page *page = pte_page(name);

	if (!page)
		return name | PTE_PRESENT | PTE_YOUNG | (write ? PTE_WRITE | PTE_DIRTY : 0);
	if (folio_type(name_folio(name)) == MEMORY_DEVICE_PRIVATE)
		return name | PTE_PRIVATE | write;
	return mk_pte(page, write, 0);
}

struct moved {
	pte_t from, to;
};

/* remove_migration_pte(), mm/migrate.c */
static void remove_migration_pte(struct vm_area_struct *vma, pte_t *ptep, const void *arg)
{
	const struct moved *moved = arg;
	struct folio *folio = name_folio(moved->to);
	pte_t pte = PEEK_SHARED(*ptep);

	(void)vma;
	if (!(pte & PTE_MIGRATION) || pte_names(pte) != moved->from)
		return;
	if (folio) {
		folio_get(folio, HELD_BY_PTE);
		folio_add_file_rmap_pte(folio, &folio->page);
	}
	set_pte(ptep, mk_migrated_pte(moved->to, pte & PTE_WRITE));
}

void remove_migration_ptes(pte_t from, pte_t to)
{
	const struct moved moved = { .from = from, .to = to };

	rmap_walk(to, remove_migration_pte, &moved);
}
