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




void v6_15_dax_folio_reset_order(struct folio *folio, struct dev_pagemap *pgmap);

/* The waits of ext4, xfs and fuse for a page to be idle: 0 or -ERESTARTSYS. */

/* What the two postings of williams-2022, and what is tried on them, differ in. */
typedef vm_fault_t associate_t(void *entry, struct address_space *mapping, pgoff_t index);
typedef void *insert_t(struct vm_fault *vmf, const struct iomap_iter *iter, struct xa_state *xas,
		       void *entry, bool pmd, unsigned long *pfn);

void *williams_2022_dax_insert_entry(struct xa_state *xas, struct vm_fault *vmf,
				 const struct iomap_iter *iter, void *entry, unsigned long pfn,
				 unsigned long flags, associate_t *associate);
insert_t williams_2022_insert_after_srcu;
vm_fault_t williams_2022_dax_fault_iter(struct vm_fault *vmf, const struct iomap_iter *iter,
				    struct xa_state *xas, void **entry, bool pmd, insert_t *insert);
struct page *williams_2022_dax_layout_busy_page_range(struct address_space *mapping, pgoff_t start,
						  pgoff_t end, void (*zap_pages)(void *entry));

#endif
