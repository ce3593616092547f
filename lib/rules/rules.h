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

void v6_12_free(struct folio *folio);
struct folio *v6_12_try_grab_folio_fast(struct gup *gup, struct page *page, int refs);
int v6_12_try_grab_folio(struct gup *gup, struct page *page);
bool v6_12_gup_fast_folio_allowed(struct gup *gup, struct folio *folio);

bool v6_15_not_special(struct gup *gup, pte_t pte);
bool v6_15_follow_huge_pmd(struct gup *gup, pmd_t pmd);
bool v6_15_gup_fast_pmd_leaf(struct gup *gup, pmd_t pmd, struct page *page, int nr);
void v6_15_folio_put_refs(struct folio *folio, int refs, enum mmref_holder held);
void v6_15_folio_put_page(struct page *page, int refs, enum mmref_holder held);
bool williams_2022_devmap_but_for_longterm(struct gup *gup, pte_t pte);
bool williams_2022_gup_device_huge(struct gup *gup, pmd_t pmd, struct page *page, int nr);


void v6_15_folio_to_pages(struct folio *folio, struct dev_pagemap *pgmap);

/* The waits of ext4, xfs and fuse for a page to be idle: 0 or -ERESTARTSYS. */
int v6_1_break_layouts(struct inode *inode, unsigned long first, unsigned long last);
int v6_15_break_layouts(struct inode *inode, unsigned long first, unsigned long last);
int v6_15_break_layouts_and_delete_nothing(struct inode *inode, unsigned long first,
					   unsigned long last);
void v6_15_break_layout_final(struct inode *inode);

/* What the two postings of williams-2022, and what is tried on them, differ in. */
typedef vm_fault_t associate_t(void *entry, struct address_space *mapping, pgoff_t index);
typedef void *insert_t(struct vm_fault *vmf, const struct iomap_iter *iter, struct xa_state *xas,
		       void *entry, bool pmd, unsigned long *pfn);

void *williams_2022_insert_entry(struct xa_state *xas, struct vm_fault *vmf,
				 const struct iomap_iter *iter, void *entry, unsigned long pfn,
				 unsigned long flags, associate_t *associate);
insert_t williams_2022_insert_after_srcu;
vm_fault_t williams_2022_fault_iter(struct vm_fault *vmf, const struct iomap_iter *iter,
				    struct xa_state *xas, void **entry, bool pmd, insert_t *insert);
struct page *williams_2022_layout_busy_page_range(struct address_space *mapping, pgoff_t start,
						  pgoff_t end, void (*zap_pages)(void *entry));

#endif
