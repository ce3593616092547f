/* SPDX-License-Identifier: MIT */
/*
 * DAX entries, fs/dax.c: which page of the device stands at an offset of a file.
 *
 *	entry = pfn << 5 | DAX_* bits
 *
 * A PMD entry stands at the first offset that it covers, and the others lead to
 * it. An entry is created, changed and removed under xa_lock. DAX_LOCKED is a lock
 * of its own, held over a fault; its waiters queue on the entry, first come,
 * first served. An unlocked entry whose lock one has waited for must be put
 * back with put_unlocked_entry(), which passes the wake-up on.
 */
#ifndef FS_DAX_H
#define FS_DAX_H

#include <mmref/linux/fs.h>

enum {
	DAX_LOCKED = 1,
	DAX_PMD = 2,
	DAX_ZERO_PAGE = 4,
	DAX_EMPTY = 8,
	DAX_ZAP = 16,		/* williams-2022: its pages are not held by it any more */
};
#define DAX_SHIFT	5
#define DAX_SIBLING	31UL	/* the entry stands at the first offset of this PMD */

enum dax_tag {
	PAGECACHE_TAG_DIRTY = 1,
	PAGECACHE_TAG_TOWRITE = 2,
};

/* Where in i_pages an operation stands. */
struct xa_state {
	struct address_space *mapping;
	unsigned long index;
};

static inline bool dax_is_locked(unsigned long entry)
{
	return entry & DAX_LOCKED;
}

static inline unsigned int dax_entry_order(unsigned long entry)
{
	return entry & DAX_PMD ? pmd_order() : 0;
}

static inline unsigned long dax_to_pfn(unsigned long entry)
{
	return entry >> DAX_SHIFT;
}

/* The page an entry names, or NULL for a zero page or an empty one. */
static inline struct page *dax_to_page(unsigned long entry)
{
	return entry & (DAX_ZERO_PAGE | DAX_EMPTY) ? NULL : pfn_to_page(dax_to_pfn(entry));
}

/*
 * Who looks whether files share a page as they should looks at none of them while any of
 * these locks is held: to take one, and to leave it, is to touch what all of them share.
 */
void xa_lock_at(const struct mmref_site *site, struct address_space *mapping);
void xa_unlock_at(const struct mmref_site *site, struct address_space *mapping);

#define xa_lock(mapping)	xa_lock_at(SITE("lock &" #mapping "->xa_lock"), mapping)
#define xa_unlock(mapping)	xa_unlock_at(SITE("unlock &" #mapping "->xa_lock"), mapping)

/* --- entries: dax.c. xa_lock is held where it says so, and dropped to sleep --- */

/* Wait until the entry at @xas is unlocked; the entry, or 0 if there is none now. xa_lock held. */
unsigned long get_unlocked_entry(struct xa_state *xas);
/* The entry was waited for but not locked: let the next waiter have a look. xa_lock held. */
void put_unlocked_entry(struct xa_state *xas, unsigned long entry);
/* Lock an unlocked entry. xa_lock held. */
void dax_lock_entry(struct xa_state *xas, unsigned long entry);
/* Store @entry unlocked and wake one waiter. Takes xa_lock. */
void dax_unlock_entry(struct xa_state *xas, unsigned long entry);
/* The same for one who holds xa_lock, as writeback does. */
void dax_store_unlocked(struct xa_state *xas, unsigned long entry);
/*
 * The locked entry at @xas, created empty, of @order, where there was none. 0
 * where a PMD is wanted and smaller entries stand in its place. @xas is moved to
 * the first offset of what is found.
 */
unsigned long grab_mapping_entry(struct xa_state *xas, unsigned int order);
/*
 * Make the locked @entry name @pfn (0: the zero page, or the huge one), as vmf->order
 * has it; @shared: of an extent that several files share, or the copy of one. The entry
 * as it is now, locked. 0 where the rule set refuses the pages: a SIGBUS, and the
 * entry is what it was.
 */
unsigned long dax_insert_entry(struct xa_state *xas, struct vm_fault *vmf, unsigned long entry,
			       unsigned long pfn, bool shared);
/*
 * Lock the entry at @xas; *@locked is for dax_unlock_entry(). The page that it names,
 * or NULL, with nothing locked, where it names none.
 */
struct page *dax_lock_mapping_entry(struct xa_state *xas, unsigned long *locked);
/* dax_delete_mapping_entry(): remove what is at @index, whose block goes too. */
void dax_delete_mapping_entry(struct address_space *mapping, unsigned long index);
/* As 6.15 does when a layout is broken: remove what is in [@first, @last]. */
void dax_delete_mapping_range(struct address_space *mapping, unsigned long first,
			      unsigned long last);
/*
 * dax_invalidate_mapping_entry_sync(): remove what is at @index, whose block stays, unless
 * it is dirty.
 */
void dax_invalidate_mapping_entry(struct address_space *mapping, unsigned long index);
/* __dax_clear_dirty_range() of the one at @index, so that it can be invalidated. */
void dax_clear_dirty(struct address_space *mapping, unsigned long index);
/* truncate_inode_pages_range(), the entries of a DAX file. */
void truncate_dax_entries(struct address_space *mapping, unsigned long first, unsigned long last);

/* --- faults: dax_fault.c --- */

vm_fault_t dax_iomap_fault(struct vm_fault *vmf);
/*
 * xfs_is_write_fault(), and what ext4_dax_huge_fault() says so of: to write to a private map is
 * to read the file, be it asked for a PMD, or for the page to be copied.
 */
static inline bool is_write_fault(const struct vm_fault *vmf)
{
	return vmf->write && (vmf->vma->vm_flags & VM_SHARED);
}
/* Make the 2^@order pages at iomap->block what those at iomap->source are. 0 or -errno. */
int dax_iomap_copy_around(struct inode *inode, const struct iomap *iomap, unsigned int order);

/* --- layouts: dax_layout.c --- */

/* dax_layout_busy_page_range(): unmap, then look for a page that somebody holds. */
struct page *dax_layout_busy_page(struct address_space *mapping, unsigned long first,
				  unsigned long last);
/* The look of it alone. */
struct page *dax_scan_layout(struct address_space *mapping, unsigned long first,
			     unsigned long last);
/* Sleep until @page, of @inode, is idle, as the next does. 0 or -ERESTARTSYS. */
int dax_wait_page_idle(struct inode *inode, struct page *page);
/*
 * Wait until no page of [@first, @last] is held. Called with @inode's
 * invalidate_lock held for writing; drops it to sleep, interruptibly: -ERESTARTSYS
 * where a signal ended that, and pages may still be held.
 */
int dax_break_layout(struct inode *inode, unsigned long first, unsigned long last);
/* The same for an inode that nobody can reach any more; sleeps uninterruptibly. */
void dax_break_layout_final(struct inode *inode);

/* --- reads and writes: dax_rw.c. One page; 0 or -errno --- */

/* 1, or at the end of the file 0, and 0 in @value. */
int dax_pread(struct inode *inode, unsigned long page, uint8_t *value);
int dax_pwrite(struct inode *inode, unsigned long page, uint8_t value);

/* --- writeback: dax_writeback.c --- */

/* filemap_write_and_wait_range() of [@first, @last], and of all of it. */
void dax_writeback_range(struct address_space *mapping, unsigned long first, unsigned long last);
void dax_writeback_mapping(struct address_space *mapping);

#endif
