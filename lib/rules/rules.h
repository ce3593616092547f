/* SPDX-License-Identifier: MIT */
/* What a rule file stands on. */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <mmref/kernel.h>

#include <mmref/linux/dax.h>
#include <mmref/linux/bug.h>
#include <mmref/linux/gup.h>
#include <mmref/linux/memremap.h>
#include <mmref/linux/mm.h>

/*
 * What a later kernel kept, under the name of the kernel it comes from; what was
 * proposed first and merged then, under that of the kernel that merged it.
 */
struct page *v6_1_count_above_one(struct page *page, unsigned int order);
bool v6_1_count_is_one(struct page *page);
bool v6_1_count_is_one_peek(const struct page *page);
const volatile void *v6_1_address_of_refcount(struct page *page);
void v6_1_insert_pfn(struct vm_area_struct *vma, pte_t *ptep, struct page *page, bool write);
void v6_1_insert_pfn_pmd(struct vm_area_struct *vma, pmd_t *pmdp, struct page *page, bool write);
int v6_1_insert_pfn_again(struct vm_area_struct *vma, pte_t *ptep, struct page *page, bool mkwrite);
bool v6_1_dax_associate_entry(struct address_space *mapping, struct page *page,
			      unsigned long index, unsigned int order);
bool v6_1_dax_mapping_set_cow(struct address_space *mapping, struct page *page,
			      unsigned long index, unsigned int order);
bool v6_1_is_shared_still(struct page *page);
long v6_1_share_peek(const struct page *page);
bool v6_1_mapping_mapped(struct address_space *mapping);
unsigned long v6_1_skip_locked_entry(struct xa_state *xas);
struct page *v6_1_vm_normal_page(struct vm_area_struct *vma, pte_t pte);
unsigned int v6_1_get_page_and_migrate_to_ram(struct vm_fault *vmf, struct page *page);

void v6_12_dax_disassociate_entry(struct address_space *mapping, struct page *page,
				  unsigned int order, bool trunc);

struct page *v6_15_count_above_mapcount(struct page *page, unsigned int order);
bool v6_15_count_is_zero(struct page *page);
bool v6_15_count_is_zero_peek(const struct page *page);
const volatile void *v6_15_address_of_page(struct page *page);
void v6_15_folio_ref_inc_from_any(struct folio *folio);
void v6_15_folio_put_after_insert(struct folio *folio);
int v6_15_validate_page_before_insert(struct page *page, unsigned int order);
void v6_15_insert_page_into_pte_locked(struct vm_area_struct *vma, pte_t *ptep,
				       struct page *page, bool write);
struct page *v6_15_pmd_page(struct vm_area_struct *vma, pmd_t pmd);
int v6_15_insert_page_again(struct vm_area_struct *vma, pte_t *ptep, struct page *page,
			    bool mkwrite);
bool v6_15_dax_associate_entry(struct address_space *mapping, struct page *page,
			       unsigned long index, unsigned int order);
bool v6_15_dax_associate_shared(struct address_space *mapping, struct page *page,
				unsigned long index, unsigned int order);
bool v6_15_is_shared_still(struct folio *folio);
long v6_15_share_peek(const struct page *page);
unsigned long v6_15_wait_entry_unlocked_exclusive(struct xa_state *xas);

struct page *williams_2022_first_not_idle(struct page *page, unsigned int order);
void williams_2022_dax_disassociate_entry(struct address_space *mapping, struct page *page,
					  unsigned int order, bool trunc);

void v7_2_insert_pmd(struct vm_area_struct *vma, pmd_t *pmdp, struct page *page, bool write);
void v7_2_dax_folio_put(struct folio *folio);

#endif
