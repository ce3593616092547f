/* SPDX-License-Identifier: MIT */
/*
 * What is on the medium for good. A CPU's store through a page table stays in its cache
 * until the page is flushed; a sync that returns 0 says that no store which was made
 * before it is left there.
 *
 *	unflushed = there is a store since the last flush
 *	owed      = a bit a task: it is in a sync that began after such a store
 *
 * What a device writes goes past the caches, and pwrite() flushes what it copies.
 */
#ifndef CHECK_DURABLE_H
#define CHECK_DURABLE_H

#include "kernel/host.h"

struct inode;
struct page;
struct super_block;

struct durability {
	uint16_t owed;
	bool unflushed;
};

/* A CPU has stored to @page (NULL: no device's). Belongs to the step that did. */
void durable_store(const struct page *page);
/* The @nr pages from @page on are flushed, or have nothing left that anyone could want. */
void durable_flush(const struct page *page, unsigned long nr);
/* The calling task begins to sync @inode; and it is done, with @err. */
void durable_sync_begin(const struct inode *inode);
void durable_sync_end(const struct mmref_site *site, const struct super_block *sb, int err);
/*
 * A call begins to cut [@first, @end) out of @inode, or has done so or given it up (both 0).
 * What was stored there is nobody's to want while it lasts. i_rwsem held for writing.
 */
void durable_cut(struct inode *inode, unsigned long first, unsigned long end);

#endif
