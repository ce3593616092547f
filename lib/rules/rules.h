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
bool v6_1_dax_associate_entry(struct address_space *mapping, struct page *page,
			      unsigned long index, unsigned int order);
bool v6_1_dax_mapping_set_cow(struct address_space *mapping, struct page *page,
			      unsigned long index, unsigned int order);
bool v6_1_is_shared_still(struct page *page);
long v6_1_share_peek(const struct page *page);
bool v6_1_gup_device_pages(struct gup *gup, pmd_t pmd, struct page *page, int nr);
bool v6_1_gup_device_huge(struct gup *gup, pmd_t pmd, struct page *page, int nr);
bool v6_1_pgmap_is_live(struct gup *gup, pte_t pte);
struct folio *v6_1_try_get_folio(struct page *page, int refs);
struct folio *v6_1_try_grab_folio(struct gup *gup, struct page *page, int refs);
int v6_1_try_grab_page(struct gup *gup, struct page *page);
bool v6_1_pmd_and_pte_unchanged(const struct gup *gup);
void v6_1_put_walk_pgmap(struct gup *gup);
void v6_1_put_devmap_managed_page(struct page *page, int refs, enum mmref_holder held);
void v6_1_folio_put_unhooked(struct folio *folio, int refs, enum mmref_holder held);
void v6_1_free(struct folio *folio);
bool v6_1_mapping_mapped(struct address_space *mapping);
unsigned long v6_1_skip_locked_entry(struct xa_state *xas);

void v6_12_dax_disassociate_entry(struct address_space *mapping, struct page *page,
				  unsigned int order, bool trunc);
void v6_12_free(struct folio *folio);
struct folio *v6_12_try_grab_folio_fast(struct gup *gup, struct page *page, int refs);
int v6_12_try_grab_folio(struct gup *gup, struct page *page);
bool v6_12_gup_fast_folio_allowed(struct gup *gup, struct folio *folio);

struct page *v6_15_count_above_mapcount(struct page *page, unsigned int order);
bool v6_15_count_is_zero(struct page *page);
bool v6_15_count_is_zero_peek(const struct page *page);
const volatile void *v6_15_address_of_page(struct page *page);
void v6_15_folio_ref_inc_from_any(struct folio *folio);
void v6_15_folio_put_after_insert(struct folio *folio);
bool v6_15_dax_associate_entry(struct address_space *mapping, struct page *page,
			       unsigned long index, unsigned int order);
bool v6_15_dax_associate_shared(struct address_space *mapping, struct page *page,
				unsigned long index, unsigned int order);
bool v6_15_is_shared_still(struct folio *folio);
void v6_15_dax_folio_reset_order(struct folio *folio, struct dev_pagemap *pgmap);
long v6_15_share_peek(const struct page *page);
bool v6_15_not_special(struct gup *gup, pte_t pte);
bool v6_15_follow_huge_pmd(struct gup *gup, pmd_t pmd);
bool v6_15_gup_fast_pmd_leaf(struct gup *gup, pmd_t pmd, struct page *page, int nr);
void v6_15_folio_put_refs(struct folio *folio, int refs, enum mmref_holder held);
void v6_15_folio_put_page(struct page *page, int refs, enum mmref_holder held);
unsigned long v6_15_wait_entry_unlocked_exclusive(struct xa_state *xas);

struct page *williams_2022_first_not_idle(struct page *page, unsigned int order);
void williams_2022_dax_disassociate_entry(struct address_space *mapping, struct page *page,
					  unsigned int order, bool trunc);
bool williams_2022_devmap_but_for_longterm(struct gup *gup, pte_t pte);
bool williams_2022_gup_device_huge(struct gup *gup, pmd_t pmd, struct page *page, int nr);

void v7_2_dax_folio_put(struct folio *folio);

#endif
