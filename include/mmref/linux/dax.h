/* SPDX-License-Identifier: MIT */
/*
 * DAX entries, fs/dax.c: which page of the device stands at an offset of a file.
 *
 *	entry = value of pfn << 5 | DAX_* bits, in i_pages
 *
 * An entry is created, changed and removed under xa_lock. DAX_LOCKED is a lock of its own, held
 * over a fault and over writeback; who waits for it queues on the entry, first come, first served.
 * What get_next_unlocked_entry() gives must be locked, or put with put_unlocked_entry(), which
 * passes the wake-up on.
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

/* What the waiters for an entry meet on: the array, and where the entry begins. */
struct exceptional_entry_key {
	struct xarray *xa;
	pgoff_t entry_start;
};

/* As a wait queue wants it. */
static inline const void *exceptional_entry_key(const struct exceptional_entry_key *key)
{
	return &key->xa->slot[key->entry_start];
}

static inline void *dax_make_entry(unsigned long pfn, unsigned long flags)
{
	return xa_mk_value(flags | pfn << DAX_SHIFT);
}

static inline unsigned long dax_to_pfn(const void *entry)
{
	return xa_to_value(entry) >> DAX_SHIFT;
}

static inline bool dax_is_locked(const void *entry)
{
	return xa_to_value(entry) & DAX_LOCKED;
}

static inline bool dax_is_pmd_entry(const void *entry)
{
	return xa_to_value(entry) & DAX_PMD;
}

static inline bool dax_is_zero_entry(const void *entry)
{
	return xa_to_value(entry) & DAX_ZERO_PAGE;
}

static inline bool dax_is_empty_entry(const void *entry)
{
	return xa_to_value(entry) & DAX_EMPTY;
}

/* An entry of a smaller order than was wanted stands there. */
static inline bool dax_is_conflict(const void *entry)
{
	return entry == XA_RETRY_ENTRY;
}

static inline unsigned int dax_entry_order(const void *entry)
{
	return dax_is_pmd_entry(entry) ? pmd_order() : 0;
}

/* Is it an entry, and neither empty nor one of a hole? */
static inline bool dax_names_page(const void *entry)
{
	return xa_is_value(entry) && !dax_is_zero_entry(entry) && !dax_is_empty_entry(entry);
}

/* In pages; 0 of what names none. */
static inline unsigned long dax_entry_size(const void *entry)
{
	return dax_names_page(entry) ? 1UL << dax_entry_order(entry) : 0;
}

static inline struct page *dax_to_page(const void *entry)
{
	return pfn_to_page(dax_to_pfn(entry));
}

/* page_folio(): the page of an entry is looked for in its folio, be that stale. */
#define dax_to_folio(entry)	page_folio(dax_to_page(entry))

/* All the pages that @entry names. */
#define for_each_mapped_pfn(entry, pfn)                                                            \
	for (pfn = dax_to_pfn(entry); pfn < dax_to_pfn(entry) + dax_entry_size(entry); pfn++)

/*
 * xfs_is_write_fault(), and what ext4_dax_huge_fault() says so of: to write to a private map is
 * to read the file, be it asked for a PMD, or for the page to be copied.
 */
static inline bool is_write_fault(const struct vm_fault *vmf)
{
	return vmf->write && (vmf->vma->vm_flags & VM_SHARED);
}

/* What bodies of all kernels share. dax_insert_entry(): unmap what @entry, of which xas is, covers. */
void dax_unmap_entry(struct xa_state *xas, struct address_space *mapping, void *entry);
/*
 * dax_iomap_iter(): copy one page under SRCU, and before that, where it is shared, what it is to be
 * a copy of. 1, or -errno.
 */
int dax_copy_iter(const struct iomap_iter *iomi, struct iov_iter *iter);


/* The read_iter() and write_iter() of all file systems, of one page. 0 or -errno. */

/* 1, or at the end of the file 0, and 0 in @value. */
int dax_pread(struct inode *inode, unsigned long page, uint8_t *value);
int dax_pwrite(struct inode *inode, unsigned long page, uint8_t value);

#endif
