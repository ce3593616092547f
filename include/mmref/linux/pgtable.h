/* SPDX-License-Identifier: MIT */
/*
 * Page table entries.
 *
 *	pte = pfn << 12 | bits       0 is none
 *	pmd = table, or 0            a table has 2^pmd_order PTEs and its own lock (PTL)
 *	pmd = as a pte               a leaf, naming 2^pmd_order pages from pfn on
 *
 * An anonymous page, which a private mapping has of its own, is told by PTE_ANON;
 * its pfn is an index, it has no struct page, and nobody counts it.
 *
 * Two entries are not present: PTE_PRIVATE names a page of a device that the CPU cannot
 * reach, which it holds and maps like a present one; PTE_MIGRATION names a page, a
 * device's or an anonymous one, that is being moved, and holds nothing.
 *
 * PTEs change only under the PTL of their table, PMDs under the page_table_lock
 * of the mm; GUP-fast and the hardware read them without.
 */
#ifndef MM_PGTABLE_H
#define MM_PGTABLE_H

#include <mmref/linux/mm_types.h>
#include <mmref/linux/spinlock.h>
#include <mmref/linux/types.h>

enum {
	PTE_PRESENT = 1,
	PTE_WRITE = 2,
	PTE_DIRTY = 4,
	PTE_YOUNG = 8,
	PTE_SPECIAL = 16,	/* no struct page is to be counted */
	PTE_DEVMAP = 32,	/* a device page under the old rules */
	PTE_ANON = 64,
	PTE_PRIVATE = 128,	/* make_{readable,writable}_device_private_entry() */
	PTE_MIGRATION = 256,	/* make_{readable,writable}_migration_entry() */
};

#define PTE_PFN_SHIFT	12

struct pte_table {
	spinlock_t ptl;
	pte_t pte[];
};

static inline bool pmd_leaf(pmd_t pmd)
{
	return pmd & PTE_PRESENT;
}

static inline struct pte_table *pmd_table(pmd_t pmd)
{
	return pmd_leaf(pmd) ? NULL : (struct pte_table *)(uintptr_t)pmd;
}

static inline unsigned long pte_pfn(pte_t pte)
{
	return pte >> PTE_PFN_SHIFT;
}

/* NULL for the zero page and for anonymous ones. */
static inline struct page *pte_page(pte_t pte)
{
	return pte & PTE_ANON ? NULL : pfn_to_page(pte_pfn(pte));
}

/* The zero page, or an anonymous one: what there is to hold has no struct page here. */
static inline bool is_uncounted_pte(pte_t pte)
{
	return pte && !pte_page(pte);
}

static inline bool pte_present(pte_t pte)
{
	return pte & PTE_PRESENT;
}

/* What @pte is of, whatever it says of it; 0 is no page, as no device has a pfn of 0. */
static inline pte_t pte_names(pte_t pte)
{
	return pte & ((~(pte_t)0 << PTE_PFN_SHIFT) | PTE_ANON);
}

static inline bool pte_write(pte_t pte)
{
	return pte & PTE_WRITE;
}

static inline bool pte_dirty(pte_t pte)
{
	return pte & PTE_DIRTY;
}

static inline bool pte_young(pte_t pte)
{
	return pte & PTE_YOUNG;
}

static inline bool pte_special(pte_t pte)
{
	return pte & PTE_SPECIAL;
}

static inline unsigned long pmd_pfn(pmd_t pmd)
{
	return pte_pfn(pmd);
}

/* What vm_normal_page() makes of it is another question: see vm_normal_page_pmd(). */
static inline struct page *pmd_page(pmd_t pmd)
{
	return pfn_to_page(pte_pfn(pmd));
}

/* pmd_mkdevmap() and pmd_mkspecial() exclude each other in the kernel. */
static inline bool pmd_special(pmd_t pmd)
{
	return (pmd & (PTE_SPECIAL | PTE_DEVMAP)) == PTE_SPECIAL;
}

static inline bool is_zero_pfn(unsigned long pfn)
{
	return !pfn;
}

static inline bool is_huge_zero_pmd(pmd_t pmd)
{
	return pmd_leaf(pmd) && is_zero_pfn(pmd_pfn(pmd));
}

/* pfn_pte() with maybe_mkwrite(): a writable entry is made dirty at once, as DAX does. */
static inline pte_t pfn_pte(unsigned long pfn, bool write, pte_t bits)
{
	return (pte_t)pfn << PTE_PFN_SHIFT | PTE_PRESENT | PTE_YOUNG | bits |
	       (write ? PTE_WRITE | PTE_DIRTY : 0);
}

static inline pte_t mk_pte(struct page *page, bool write, pte_t bits)
{
	return pfn_pte(page_to_pfn(page), write, bits);
}

#define ptep_get(ptep)			READ_ONCE_AT(SITE("ptep_get"), *(ptep))

/* set_pte_at() on an entry that was none, and ptep_get_and_clear(); PTL held. */
#define set_pte(ptep, pte)		set_pte_at(SITE("set_pte"), ptep, pte)
#define ptep_get_and_clear(ptep)	ptep_get_and_clear_at(SITE("ptep_get_and_clear"), ptep)
/* The same page, with other bits: ptep_set_access_flags() and its like; PTL held. */
#define ptep_set_wrprotect(ptep)	ptep_set_wrprotect_at(SITE("ptep_set_wrprotect"), ptep)
#define ptep_change(ptep, pte)		ptep_change_at(SITE("ptep_change"), ptep, pte)

/*
 * pte_clear_not_present_full(): of an entry that was not present. What a device-private
 * entry held is put before that, and with it the entry has ceased to map; PTL held.
 */
#define pte_clear_not_present(ptep)	WRITE_ONCE_AT(SITE("pte_clear_not_present"), *(ptep), 0)

/* The same for a leaf PMD; page_table_lock held. */
#define set_pmd(pmdp, pmd)		set_pmd_at(SITE("set_pmd"), pmdp, pmd)
#define pmdp_get_and_clear(pmdp)	pmdp_get_and_clear_at(SITE("pmdp_get_and_clear"), pmdp)
#define pmdp_change(pmdp, pmd)		ptep_change_at(SITE("pmdp_change"), pmdp, pmd)

void set_pmd_at(const struct mmref_site *site, pmd_t *pmdp, pmd_t pmd);
pmd_t pmdp_get_and_clear_at(const struct mmref_site *site, pmd_t *pmdp);
void set_pte_at(const struct mmref_site *site, pte_t *ptep, pte_t pte);
pte_t ptep_get_and_clear_at(const struct mmref_site *site, pte_t *ptep);
void ptep_set_wrprotect_at(const struct mmref_site *site, pte_t *ptep);
void ptep_change_at(const struct mmref_site *site, pte_t *ptep, pte_t pte);

#endif
