/* SPDX-License-Identifier: MIT */

#include <errno.h>

#include <mmref/kernel.h>

#include "kernel/bodies.h"
#include "world.h"

unsigned long *migrate_pfn_flags(pte_t mpfn)
{
	struct page *page = migrate_pfn_to_page(mpfn);

	return page ? &page->flags : &current->world->anon[pte_pfn(mpfn)].flags;
}
EXPORT_SYMBOL(migrate_pfn_flags);

/* pfn_swap_entry_to_page() and swap_entry_migration_sync(), include/linux/swapops.h */
unsigned long *pfn_swap_entry_to_page(pte_t pte)
{
	unsigned long *flags = migrate_pfn_flags(pte);

	if (!(READ_ONCE(*flags) & PG_locked))
		kernel_bug(SITE("pfn_swap_entry_to_page"), migrate_pfn_to_page(pte),
			   "a migration entry names a page that is not locked");
	return flags;
}
EXPORT_SYMBOL(pfn_swap_entry_to_page);

void copy_highpage(pte_t to, pte_t from)
{
	uint8_t *src = media_of_pte(pte_names(from)), *dst = media_of_pte(pte_names(to));
	uint8_t byte;

	announce(SITE("read the old page"), src, 1, MMREF_READ, true);
	byte = PEEK(*src);
	announce(SITE("write the new page"), dst, 1, MMREF_WRITE, false);
	POKE(*dst, byte);
}
EXPORT_SYMBOL(copy_highpage);

struct folio *migrate_pfn_folio(pte_t mpfn)
{
	return (struct folio *)migrate_pfn_to_page(mpfn);
}
EXPORT_SYMBOL(migrate_pfn_folio);

void migrate_pfn_put(pte_t mpfn)
{
	struct folio *folio = migrate_pfn_folio(mpfn);

	if (folio)
		folio_put(folio, HELD_BY_TRANSIENT);
}
EXPORT_SYMBOL(migrate_pfn_put);

void migrate_pfn_put_unused(pte_t mpfn)
{
	migrate_pfn_put(mpfn);
	if (!migrate_pfn_to_page(mpfn))
		free_anon_page(mpfn);
}
EXPORT_SYMBOL(migrate_pfn_put_unused);

pte_t migrate_vma_select_at(const struct mmref_site *site, struct migrate_vma *migrate, pte_t pte)
{
	bool system = migrate->flags == MIGRATE_VMA_SELECT_SYSTEM;
	pte_t mpfn = 0;

	if (!pte || (pte_present(pte) && !pte_names(pte) && system))
		mpfn = MIGRATE_PFN_MIGRATE;	/* nothing there, or the zero page */
	else if (pte & PTE_PRIVATE ?
		 !system && READ_ONCE_AT(site, pte_page(pte)->pgmap) == migrate->pgmap :
		 pte_present(pte) && system && (pte & PTE_ANON))
		mpfn = pte_names(pte) | MIGRATE_PFN_MIGRATE | (pte & PTE_WRITE);
	return mpfn;
}
EXPORT_SYMBOL(migrate_vma_select_at);

/* Nothing is mapped there: new pages can be. */
int (migrate_vma_collect_hole)(unsigned long start, unsigned long end, struct migrate_vma *migrate)
{
	for (unsigned long addr = start; addr < end; addr++) {
		migrate->src[migrate->npages] = MIGRATE_PFN_MIGRATE;
		migrate->dst[migrate->npages++] = 0;
		migrate->cpages++;
	}
	return 0;
}

void (migrate_vma_collect)(struct migrate_vma *migrate)
{
	struct mm_struct *mm = migrate->vma->vm_mm;

	migrate_vma_collect_pmd(pmd_offset(mm, migrate->start), migrate->start, migrate->end,
				migrate);
}

/*
 * "Page from ZONE_DEVICE have one extra reference", which has not been so since device-private
 * pages count 0 when they are free: one reference too many goes by here.
 */
bool (migrate_vma_check_page)(struct page *page, struct page *fault_page)
{
	struct folio *folio = (struct folio *)page;
	int extra = 1 + (page == fault_page) + 1;

	return folio_ref_count(folio) - extra <= folio_mapcount(folio);
}

static bool migrate_pfn_unmap(pte_t mpfn, struct page *fault_page)
{
	struct folio *folio = migrate_pfn_folio(mpfn);

	if (!folio || folio_mapcount(folio))
		try_to_migrate(pte_names(mpfn));
	return !folio ||
	       (!folio_mapcount(folio) && migrate_vma_check_page(&folio->page, fault_page));
}

unsigned long migrate_pfns_unmap(pte_t *src_pfns, unsigned long npages, struct page *fault_page)
{
	unsigned long unmapped = 0;

	for (unsigned long i = 0; i < npages; i++) {
		if (pte_names(src_pfns[i]) && !migrate_pfn_unmap(src_pfns[i], fault_page))
			src_pfns[i] &= ~(pte_t)MIGRATE_PFN_MIGRATE;
		unmapped += !!(src_pfns[i] & MIGRATE_PFN_MIGRATE);
	}
	return unmapped;
}
EXPORT_SYMBOL(migrate_pfns_unmap);

int (migrate_vma_setup)(struct migrate_vma *args)
{
	args->cpages = 0;
	args->npages = 0;
	migrate_vma_collect(args);
	if (args->cpages)
		args->cpages = migrate_device_unmap(args->src, args->npages, args->fault_page);
	return 0;
}

/* The entry that migrate_vma_insert_page() makes of the new page. */
static pte_t mk_inserted_pte(const struct vm_area_struct *vma, struct page *page)
{
	pte_t write = vma->vm_flags & VM_WRITE ? PTE_WRITE : 0;

	if (page_device(page)->type == MEMORY_DEVICE_PRIVATE)
		return page_to_pfn(page) << PTE_PFN_SHIFT | PTE_PRIVATE | write;
	return mk_pte(page, write, 0);
}

/* An entry that is there may be the zero page's, and nothing else. @src says where it failed. */
void (migrate_vma_insert_page)(struct migrate_vma *migrate, unsigned long addr, struct page *page,
			       pte_t *src)
{
	struct vm_area_struct *vma = migrate->vma;
	struct folio *folio = (struct folio *)page;
	struct pte_table *table;
	pte_t *ptep, pte, entry;

	table = pte_alloc_map(vma->vm_mm, addr, &ptep);
	if (!table) {
		*src &= ~(pte_t)MIGRATE_PFN_MIGRATE;
		return;
	}
	spin_lock(&table->ptl);
	entry = mk_inserted_pte(vma, page);
	pte = PEEK_SHARED(*ptep);
	if (pte && !(pte_present(pte) && !pte_names(pte))) {
		*src &= ~(pte_t)MIGRATE_PFN_MIGRATE;
		spin_unlock(&table->ptl);
		return;
	}
	folio_add_new_anon_rmap(folio, vma, addr);
	folio_get(folio, HELD_BY_PTE);
	if (pte) {
		ptep_get_and_clear(ptep);
		flush_tlb();
	}
	set_pte(ptep, entry);
	spin_unlock(&table->ptl);
}

/*
 * migrate_folio() and folio_migrate_mapping(), mm/migrate.c: no page that anybody else holds; the
 * one that a fault is about is held by the fault. The new page takes over the mapping of the old one.
 */
static bool migrate_folio(pte_t src, pte_t dst, const struct page *fault_page)
{
	const struct anon_page *anon = &current->world->anon[pte_pfn(src) % MAX_ANON];
	struct folio *folio = migrate_pfn_folio(src), *newfolio = migrate_pfn_folio(dst);
	struct anon_page *to = &current->world->anon[pte_pfn(dst) % MAX_ANON];
	struct address_space *mapping = folio ? PEEK(folio->page.mapping) : PEEK(anon->mapping);
	unsigned long index = folio ? PEEK(folio->page.index) : PEEK(anon->index);

	if (folio && folio_ref_count(folio) != 1 + (&folio->page == fault_page))
		return false;
	WRITE_ONCE(*(newfolio ? &newfolio->page.mapping : &to->mapping), mapping);
	WRITE_ONCE(*(newfolio ? &newfolio->page.index : &to->index), index);
	return true;
}

/* @migrate is NULL where it is no fault or VMA that asks. */
void (__migrate_device_pages)(pte_t *src_pfns, pte_t *dst_pfns, unsigned long npages,
			      struct migrate_vma *migrate)
{
	const struct page *fault_page = migrate ? migrate->fault_page : NULL;

	for (unsigned long i = 0; i < npages; i++) {
		if (!pte_names(dst_pfns[i])) {
			src_pfns[i] &= ~(pte_t)MIGRATE_PFN_MIGRATE;
			continue;
		}
		if (!(src_pfns[i] & MIGRATE_PFN_MIGRATE))
			continue;
		if (!pte_names(src_pfns[i]))
			migrate_vma_insert_page(migrate, migrate->start + i,
						migrate_pfn_to_page(dst_pfns[i]), &src_pfns[i]);
		else if (!migrate_folio(src_pfns[i], dst_pfns[i], fault_page))
			src_pfns[i] &= ~(pte_t)MIGRATE_PFN_MIGRATE;
	}
}

void (migrate_device_pages)(pte_t *src_pfns, pte_t *dst_pfns, unsigned long npages)
{
	__migrate_device_pages(src_pfns, dst_pfns, npages, NULL);
}

void (migrate_vma_pages)(struct migrate_vma *migrate)
{
	__migrate_device_pages(migrate->src, migrate->dst, migrate->npages, migrate);
}

/* 0 where the page is free, or somebody has it locked. */
pte_t (migrate_device_pfn_lock)(unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);
	struct folio *folio = page_folio(page);

	if (!folio_ref_add_unless_zero(folio, 1, HELD_BY_TRANSIENT))
		return 0;
	if (!trylock_page(&page->flags)) {
		folio_put(folio, HELD_BY_TRANSIENT);
		return 0;
	}
	return pfn << PTE_PFN_SHIFT | MIGRATE_PFN_MIGRATE;
}

/* Pages of a device, wherever they are mapped; those that are free, or locked, are left out. */
int (migrate_device_range)(pte_t *src_pfns, unsigned long start, unsigned long npages)
{
	for (unsigned long i = 0; i < npages; i++)
		src_pfns[i] = migrate_device_pfn_lock(start + i);
	migrate_device_unmap(src_pfns, npages, NULL);
	return 0;
}

/* Until 6.12 migrate_device_coherent_page(). Back to an anonymous page, or -EBUSY. */
int (migrate_device_coherent_folio)(struct folio *folio)
{
	pte_t src_pfn = page_to_pfn(&folio->page) << PTE_PFN_SHIFT | MIGRATE_PFN_MIGRATE, dst_pfn;

	lock_page(&folio->page.flags);
	migrate_device_unmap(&src_pfn, 1, NULL);
	if (!(src_pfn & MIGRATE_PFN_MIGRATE))
		return -EBUSY;
	dst_pfn = alloc_anon_page();
	if (dst_pfn)
		lock_page(migrate_pfn_flags(dst_pfn));
	migrate_device_pages(&src_pfn, &dst_pfn, 1);
	if (src_pfn & MIGRATE_PFN_MIGRATE)
		copy_highpage(dst_pfn, src_pfn);
	migrate_device_finalize(&src_pfn, &dst_pfn, 1);
	return src_pfn & MIGRATE_PFN_MIGRATE ? 0 : -EBUSY;
}
