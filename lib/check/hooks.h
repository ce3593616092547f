/* SPDX-License-Identifier: MIT */
/*
 * The hooks of the checks: what the bodies of kernel functions tell a check, and what they ask.
 * This is the one header of lib/check that the rest of lib includes.
 *
 * The ledger counts, for each page, its references by holder, and its page table entries:
 *
 *	count = sum of held[]      at every step, under every rule set
 *
 * A count and its ledger change in the same step.
 */
#ifndef CHECK_HOOKS_H
#define CHECK_HOOKS_H

#include <mmref/rules.h>
#include <mmref/linux/pgtable.h>

#include "kernel/host.h"

struct address_space;
struct dev_pagemap;
struct inode;
struct super_block;
struct vm_area_struct;
struct world;
struct zap_details;

/* --- references: ledger.c ----------------------------------------------------- */

/* Make what the checks keep for each page of @pgmap. False: no memory. */
bool ledger_alloc(struct world *world, struct dev_pagemap *pgmap);
/* The page is new: nobody holds it, and nothing maps it. */
void ledger_init(const struct page *page);
/* The present step depends on the ledger of @page, or changes what a check compares with it. */
void ledger_touch(const struct page *page, enum mmref_access access);
/* The same for each page of @pgmap, which comes or goes. */
void ledger_touch_all(const struct dev_pagemap *pgmap);

/* The base count is set to @refs. */
void ledger_set_base(struct page *page, int refs);
/* @holder takes @refs references, in the step that adds them to the count. */
void ledger_take(struct page *page, enum mmref_holder holder, int refs);
/* @holder drops them; a violation if it does not hold as many. */
void ledger_drop(const struct mmref_site *site, struct page *page, enum mmref_holder holder,
		 int refs);
/* @from hands them over to @to. */
void ledger_pass(const struct mmref_site *site, struct page *page, enum mmref_holder from,
		 enum mmref_holder to, int refs);
/* A PTE (@order 0) or a PMD that names @page was written (@change 1) or cleared (-1). */
void ledger_mapped(struct page *page, unsigned int order, int change);

/* A user gets (+) or gives up (-) @refs references. */
void ledger_user(struct page *page, int refs);
/* It gets them through the inode @ino, until a task that puts through this inode drops them. */
void ledger_through(struct page *page, uint8_t ino);

/* The sum of held[]: the count that @page should have. */
int ledger_sum(const struct page *page);
/* Does anything hold @page besides the base count? */
bool ledger_held(const struct page *page);

/* --- accesses to memory: access.c ---------------------------------------------- */

/* A user access through @vma has come to @page (NULL: the zero page). */
void check_access(const struct mmref_site *site, const struct vm_area_struct *vma,
		  const struct page *page);
/* A device accesses @page, which it got through the inode @ino. */
void check_dma(const struct mmref_site *site, const struct page *page, uint8_t ino);
/* A write() accesses @page for @inode. */
void check_write(const struct mmref_site *site, const struct inode *inode,
		 const struct page *page);
/* @inode gives up the block of @page, at @pgoff, and other files keep it. */
void check_block_lost(const struct mmref_site *site, const struct page *page,
		      const struct inode *inode, unsigned long pgoff);
/* The block of @page goes back to the allocator. */
void check_block_free(const struct mmref_site *site, const struct page *page);

/* --- entries that name pages: mapping.c ----------------------------------------- */

/* The entry at @index of @mapping is unlocked now. xa_lock held. */
void check_unlocked_entry(const struct mmref_site *site, struct address_space *mapping,
			  unsigned long index);

/* --- stores that must survive a sync: durable.c ---------------------------------- */

/* A CPU stores to @page (NULL: no device's), in this step. */
void durable_store(const struct page *page);
/* The @nr pages from @page on are written back, or hold nothing that must survive. */
void durable_flush(const struct page *page, unsigned long nr);
/* The calling task begins to sync @inode, and ends it with @err. */
void durable_sync_begin(const struct inode *inode);
void durable_sync_end(const struct mmref_site *site, const struct super_block *sb, int err);
/*
 * A call begins to cut [@first, @end) out of @inode, or ends (both 0). Stores to this range need
 * not survive a sync meanwhile. i_rwsem held for writing.
 */
void durable_cut(struct inode *inode, unsigned long first, unsigned long end);

/* --- private copies: private.c ---------------------------------------------------- */

/*
 * A zap with @details comes to @pte, at @address of @vma; its PTL is held. A private copy stays
 * mapped until its process unmaps it, or a truncate cuts the file before it.
 */
void check_private(const struct mmref_site *site, const struct zap_details *details,
		   const struct vm_area_struct *vma, unsigned long address, pte_t pte);
/* The present call will leave @inode @pages long; 0: it has ended. i_rwsem held for writing. */
void private_size_to_be(struct inode *inode, unsigned long pages);

#endif
