/* SPDX-License-Identifier: MIT */
/* What the rule files of the tree share. */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <mmref/kernel.h>

/* Parts of functions that other rule sets use, too, have the name of their rule set before their own. */

/* The pages of the large @folio, of order 0 again, each with its @pgmap. */
void v6_15_dax_folio_reset_order(struct folio *folio, struct dev_pagemap *pgmap);

/*
 * The two postings of williams-2022 and the variants of them differ in how an entry takes its pages
 * (@associate, @insert) and how a scan puts them (@zap_pages).
 */
typedef vm_fault_t associate_t(void *entry, struct address_space *mapping, pgoff_t index);
typedef void *insert_t(struct vm_fault *vmf, const struct iomap_iter *iter, struct xa_state *xas,
		       void *entry, bool pmd, unsigned long *pfn);

void *williams_2022_dax_insert_entry(struct xa_state *xas, struct vm_fault *vmf,
				     const struct iomap_iter *iter, void *entry, unsigned long pfn,
				     unsigned long flags, associate_t *associate);
vm_fault_t williams_2022_dax_fault_iter(struct vm_fault *vmf, const struct iomap_iter *iter,
					struct xa_state *xas, void **entry, bool pmd,
					insert_t *insert);
struct page *williams_2022_dax_layout_busy_page_range(struct address_space *mapping, pgoff_t start,
						      pgoff_t end, void (*zap_pages)(void *entry));

#endif
