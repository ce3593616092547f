/* SPDX-License-Identifier: MIT */

#include <errno.h>

#include <mmref/kernel.h>

#include "world.h"

unsigned long *migrate_pfn_flags(pte_t mpfn)
{
	struct page *page = migrate_pfn_to_page(mpfn);

	return page ? &page->flags : &current->world->anon[pte_pfn(mpfn)].flags;
}

/* pfn_swap_entry_to_page() and swap_entry_migration_sync(), include/linux/swapops.h */
unsigned long *migration_entry_flags(pte_t pte)
{
	unsigned long *flags = migrate_pfn_flags(pte);

	if (!(READ_ONCE(*flags) & PG_locked))
		kernel_bug(SITE("pfn_swap_entry_to_page"), migrate_pfn_to_page(pte),
			   "a migration entry names a page that is not locked");
	return flags;
}

void copy_migrated_page(pte_t to, pte_t from)
{
	uint8_t *src = media_of_pte(pte_names(from)), *dst = media_of_pte(pte_names(to));
	uint8_t byte;

	announce(SITE("read the old page"), src, 1, MMREF_READ, true);
	byte = PEEK(*src);
	announce(SITE("write the new page"), dst, 1, MMREF_WRITE, false);
	POKE(*dst, byte);
}

static struct folio *migrate_folio_of(pte_t mpfn)
{
	return (struct folio *)migrate_pfn_to_page(mpfn);
}

/* An anonymous page is not counted, and one that was never mapped is free again. */
static void put_migrated(pte_t mpfn)
{
	struct folio *folio = migrate_folio_of(mpfn);

	if (folio)
		folio_put(folio, HELD_BY_TRANSIENT);
}

/* A kernel that locks the page of a fault does not lock it again to move it. */
static bool is_fault_page(const struct page *fault_page, pte_t mpfn)
{
	return fault_page && rules()->fault_locks_page &&
	       migrate_pfn_to_page(mpfn) == fault_page;
}

/* May this entry be moved, to the side that is asked for? 0, or its migrate_pfn. */
static pte_t select_entry(const struct migrate_vma *migrate, pte_t pte)
{
	bool system = migrate->flags == MIGRATE_VMA_SELECT_SYSTEM;

	if (pte & PTE_PRIVATE) {
		if (system || READ_ONCE(pte_page(pte)->pgmap) != migrate->pgmap)
			return 0;
	} else if (!pte_present(pte) || !system || !(pte & PTE_ANON)) {
		return 0;
	}
	return pte_names(pte) | MIGRATE_PFN_MIGRATE | (pte & PTE_WRITE);
}

/* migrate_vma_collect_pmd(): held and locked, or left alone; then it maps no more. */
static void collect_pte(struct migrate_vma *migrate, pte_t *ptep)
{
	pte_t pte = PEEK_SHARED(*ptep);
	struct folio *folio;

	if (!pte || (pte_present(pte) && !pte_names(pte) &&
		     migrate->flags == MIGRATE_VMA_SELECT_SYSTEM)) {
		migrate->src = MIGRATE_PFN_MIGRATE;	/* nothing there, or the zero page */
		return;
	}
	migrate->src = select_entry(migrate, pte);
	if (!migrate->src)
		return;

	folio = migrate_folio_of(migrate->src);
	if (folio)
		folio_get(folio, HELD_BY_TRANSIENT);
	if (is_fault_page(migrate->fault_page, migrate->src) ||
	    trylock_page(migrate_pfn_flags(migrate->src))) {
		set_migration_entry(ptep);
		return;
	}
	put_migrated(migrate->src);
	migrate->src = 0;
}

static void migrate_vma_collect(struct migrate_vma *migrate)
{
	struct pte_table *table;
	pte_t *ptep;

	table = pte_offset_map(migrate->vma->vm_mm, migrate->address, &ptep);
	if (!table) {
		migrate->src = MIGRATE_PFN_MIGRATE;	/* migrate_vma_collect_hole() */
		return;
	}
	spin_lock(&table->ptl);
	collect_pte(migrate, ptep);
	spin_unlock(&table->ptl);
}

/*
 * migrate_vma_check_page(): "Page from ZONE_DEVICE have one extra reference", which has not
 * been so since device-private pages count 0 when they are free: one reference too many
 * goes by here.
 */
static bool migrate_vma_check_page(struct folio *folio, const struct page *fault_page)
{
	int extra = 1 + (&folio->page == fault_page) + 1;

	return folio_ref_count(folio) - extra <= folio_mapcount(folio);
}

static bool unmap_for_migration(pte_t mpfn, const struct page *fault_page)
{
	struct folio *folio = migrate_folio_of(mpfn);

	if (!folio || folio_mapcount(folio))
		try_to_migrate(pte_names(mpfn));
	return !folio || (!folio_mapcount(folio) && migrate_vma_check_page(folio, fault_page));
}

/* migrate_device_unmap(): what cannot be moved is mapped again, unlocked and put. */
static void migrate_device_unmap(pte_t *src, unsigned long nr, const struct page *fault_page)
{
	for (unsigned long i = 0; i < nr; i++)
		if (pte_names(src[i]) && !unmap_for_migration(src[i], fault_page))
			src[i] &= ~(pte_t)MIGRATE_PFN_MIGRATE;

	for (unsigned long i = 0; i < nr; i++) {
		if (!pte_names(src[i]) || (src[i] & MIGRATE_PFN_MIGRATE))
			continue;
		remove_migration_ptes(pte_names(src[i]), pte_names(src[i]));
		if (!is_fault_page(fault_page, src[i]))
			unlock_page(migrate_pfn_flags(src[i]));
		put_migrated(src[i]);
		src[i] = 0;
	}
}

void migrate_vma_setup(struct migrate_vma *migrate)
{
	migrate->src = migrate->dst = 0;
	migrate_vma_collect(migrate);
	if (migrate->src)
		migrate_device_unmap(&migrate->src, 1, migrate->fault_page);
}

/* The entry that migrate_vma_insert_page() makes of the new page. */
static pte_t mk_inserted_pte(const struct vm_area_struct *vma, struct page *page)
{
	pte_t write = vma->vm_flags & VM_WRITE ? PTE_WRITE : 0;

	if (page_device(page)->type == MEMORY_DEVICE_PRIVATE)
		return page_to_pfn(page) << PTE_PFN_SHIFT | PTE_PRIVATE | write;
	return mk_pte(page, write, 0);
}

/* What stands there may be the zero page, and nothing else. PTL held. */
static bool insert_pte(struct vm_area_struct *vma, unsigned long address, pte_t *ptep,
		       struct page *page)
{
	struct folio *folio = (struct folio *)page;
	pte_t entry = mk_inserted_pte(vma, page), pte = PEEK_SHARED(*ptep);

	if (pte && !(pte_present(pte) && !pte_names(pte)))
		return false;
	folio_add_new_anon_rmap(folio, vma, address);
	folio_get(folio, HELD_BY_PTE);
	if (pte) {
		ptep_get_and_clear(ptep);
		flush_tlb();
	}
	set_pte(ptep, entry);
	return true;
}

/* migrate_vma_insert_page() */
static bool migrate_vma_insert_page(struct migrate_vma *migrate, struct page *page)
{
	struct pte_table *table;
	pte_t *ptep;
	bool ok;

	table = pte_alloc_map(migrate->vma->vm_mm, migrate->address, &ptep);
	if (!table)
		return false;
	spin_lock(&table->ptl);
	ok = insert_pte(migrate->vma, migrate->address, ptep, page);
	spin_unlock(&table->ptl);
	return ok;
}

/*
 * migrate_folio() and folio_migrate_mapping(): no page that anybody else holds; the one
 * that a fault is about is held by the fault. What the old page was of the new one is now.
 */
static bool migrate_folio(pte_t src, pte_t dst, const struct page *fault_page)
{
	const struct anon_page *anon = &current->world->anon[pte_pfn(src) % MAX_ANON];
	struct folio *folio = migrate_folio_of(src), *newfolio = migrate_folio_of(dst);
	struct anon_page *to = &current->world->anon[pte_pfn(dst) % MAX_ANON];
	struct address_space *mapping = folio ? PEEK(folio->page.mapping) : PEEK(anon->mapping);
	unsigned long index = folio ? PEEK(folio->page.index) : PEEK(anon->index);

	if (folio && folio_ref_count(folio) != 1 + (&folio->page == fault_page))
		return false;
	WRITE_ONCE(*(newfolio ? &newfolio->page.mapping : &to->mapping), mapping);
	WRITE_ONCE(*(newfolio ? &newfolio->page.index : &to->index), index);
	return true;
}

/* __migrate_device_pages() */
static void migrate_one(pte_t *src, pte_t dst, struct migrate_vma *migrate)
{
	bool ok = pte_names(dst) && (*src & MIGRATE_PFN_MIGRATE);

	if (ok && pte_names(*src))
		ok = migrate_folio(*src, dst, migrate ? migrate->fault_page : NULL);
	else if (ok)
		ok = migrate_vma_insert_page(migrate, migrate_pfn_to_page(dst));
	if (!ok)
		*src &= ~(pte_t)MIGRATE_PFN_MIGRATE;
}

void migrate_device_pages(pte_t *src, pte_t *dst, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++)
		migrate_one(&src[i], dst[i], NULL);
}

void migrate_vma_pages(struct migrate_vma *migrate)
{
	migrate_one(&migrate->src, migrate->dst, migrate);
}

/* Unlocked and put; an anonymous page that did not come to be mapped is free again. */
static void let_go(pte_t dst, bool unused)
{
	unlock_page(migrate_pfn_flags(dst));
	put_migrated(dst);
	if (unused && !migrate_pfn_to_page(dst))
		free_anon_page(dst);
}

/* __migrate_device_finalize() */
static void finalize_one(pte_t src, pte_t dst, const struct page *fault_page)
{
	if (!pte_names(src)) {
		if (pte_names(dst))
			let_go(dst, true);
		return;
	}
	if (!(src & MIGRATE_PFN_MIGRATE) || !pte_names(dst)) {
		if (pte_names(dst))
			let_go(dst, true);
		dst = src;
	}
	remove_migration_ptes(pte_names(src), pte_names(dst));
	if (!is_fault_page(fault_page, src))
		unlock_page(migrate_pfn_flags(src));
	put_migrated(src);
	if (dst != src)
		let_go(dst, false);
}

void migrate_device_finalize(pte_t *src, pte_t *dst, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++)
		finalize_one(src[i], dst[i], NULL);
}

void migrate_vma_finalize(struct migrate_vma *migrate)
{
	finalize_one(migrate->src, migrate->dst, migrate->fault_page);
}

/* migrate_device_pfn_lock(): 0 where it is free, or somebody has it locked. */
static pte_t lock_device_pfn(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (!folio_ref_add_unless_zero(folio, 1, HELD_BY_TRANSIENT))
		return 0;
	if (!trylock_page(&page->flags)) {
		folio_put(folio, HELD_BY_TRANSIENT);
		return 0;
	}
	return page_to_pfn(page) << PTE_PFN_SHIFT | MIGRATE_PFN_MIGRATE;
}

void migrate_device_range(pte_t *src, unsigned long start_pfn, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++)
		src[i] = lock_device_pfn(pfn_to_page(start_pfn + i));
	migrate_device_unmap(src, nr, NULL);
}

int migrate_device_coherent_page(struct page *page)
{
	pte_t src = page_to_pfn(page) << PTE_PFN_SHIFT | MIGRATE_PFN_MIGRATE, dst;

	lock_page(&page->flags);
	migrate_device_unmap(&src, 1, NULL);
	if (!(src & MIGRATE_PFN_MIGRATE))
		return -EBUSY;
	dst = alloc_anon_page();
	if (dst)
		lock_page(migrate_pfn_flags(dst));
	migrate_device_pages(&src, &dst, 1);
	if (src & MIGRATE_PFN_MIGRATE)
		copy_migrated_page(dst, src);
	migrate_device_finalize(&src, &dst, 1);
	return src & MIGRATE_PFN_MIGRATE ? 0 : -EBUSY;
}
