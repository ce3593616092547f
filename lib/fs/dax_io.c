/* SPDX-License-Identifier: MIT */
/* fs/dax.c: read(), write() and writeback, and the walk over a file's extents that they make. */
#include <errno.h>

#include "kernel/bodies.h"

#include "check/hooks.h"
#include <mmref/linux/pmem.h>
#include "world.h"

static unsigned int iomap_order(const struct iomap_iter *iter)
{
	return iter->len > 1 ? pmd_order() : 0;
}

/* A write that came to nothing is told to the file system as well. */
int iomap_iter(struct iomap_iter *iter, const struct iomap_ops *ops)
{
	bool write = iter->flags & IOMAP_WRITE;
	int err;

	if (iter->begun) {
		if (write && ops->iomap_end)
			ops->iomap_end(iter->inode, iter->pos, iomap_order(iter),
				       iter->processed > 0);
		return 0;
	}
	err = ops->iomap_begin(iter->inode, iter->pos, write, iomap_order(iter), &iter->iomap);
	if (err)
		return err;
	iter->begun = true;
	iter->iomap.dax_dev = sb_dax_device(iter->inode->i_sb);
	iter->srcmap = iter->iomap;
	iter->srcmap.block = iter->iomap.source;
	return 1;
}
EXPORT_SYMBOL(iomap_iter);

/* drivers/dax/super.c: a write() of one page, which is written back at once */
static void dax_copy_from_iter(const struct inode *inode, unsigned long pfn, struct iov_iter *iter)
{
	uint8_t *kaddr = media_of(pfn);
	struct page *page = pfn_to_page(pfn);

	announce(SITE("copy in"), kaddr, 1, MMREF_WRITE, false);
	check_write(SITE("dax_copy_from_iter"), inode, page);
	POKE(*kaddr, *iter->byte);
	durable_flush(page, 1);		/* memcpy_flushcache() */
}

/* drivers/dax/super.c: a read() of one page */
static void dax_copy_to_iter(unsigned long pfn, struct iov_iter *iter)
{
	uint8_t *kaddr = media_of(pfn);

	announce(SITE("copy out"), kaddr, 1, MMREF_READ, true);
	*iter->byte = PEEK(*kaddr);
}

int dax_copy_iter(const struct iomap_iter *iomi, struct iov_iter *iter)
{
	const struct iomap *iomap = &iomi->iomap;
	unsigned long pfn;
	int err = -ENXIO;

	dax_read_lock();
	if (dax_alive(iomap->dax_dev)) {
		pfn = dax_direct_access(iomap->dax_dev, iomap->block);
		err = 0;
		if (iter->write && iomap->flags & IOMAP_F_SHARED)
			err = dax_iomap_copy_around(1, &iomi->srcmap, pfn);
		if (!err && iter->write)
			dax_copy_from_iter(iomi->inode, pfn, iter);
		else if (!err)
			dax_copy_to_iter(pfn, iter);
	}
	dax_read_unlock();
	return err ? err : 1;
}
EXPORT_SYMBOL(dax_copy_iter);

long (dax_iomap_rw)(struct kiocb *iocb, struct iov_iter *iter, const struct iomap_ops *ops)
{
	struct iomap_iter iomi = {
		.inode = iocb->ki_inode,
		.pos = iocb->ki_pos,
		.len = 1,
		.flags = iter->write ? IOMAP_WRITE : 0,
	};
	int ret;

	while ((ret = iomap_iter(&iomi, ops)) > 0)
		iomi.processed = dax_iomap_iter(&iomi, iter);
	return iomi.processed ? iomi.processed : ret;
}

int dax_pread(struct inode *inode, unsigned long page, uint8_t *value)
{
	struct kiocb iocb = { .ki_inode = inode, .ki_pos = page };
	struct iov_iter iter = { .byte = value };
	long ret = 0;

	if (READ_ONCE(inode->i_sb->shutdown))
		return -EIO;
	*value = 0;
	down_read(&inode->i_rwsem);
	if (page < READ_ONCE(inode->i_size))
		ret = dax_iomap_rw(&iocb, &iter, inode->i_sb->s_type->iomap_ops);
	up_read(&inode->i_rwsem);
	return ret;
}
EXPORT_SYMBOL(dax_pread);

int dax_pwrite(struct inode *inode, unsigned long page, uint8_t value)
{
	struct kiocb iocb = { .ki_inode = inode, .ki_pos = page };
	struct iov_iter iter = { .write = true, .byte = &value };
	long ret;

	if (READ_ONCE(inode->i_sb->shutdown))
		return -EIO;
	if (page >= inode->max_pages)
		return -EFBIG;

	down_write(&inode->i_rwsem);
	ret = dax_iomap_rw(&iocb, &iter, inode->i_sb->s_type->iomap_ops);
	if (ret > 0 && page >= inode->i_size)
		WRITE_ONCE(inode->i_size, page + 1);
	up_write(&inode->i_rwsem);
	return ret < 0 ? ret : 0;
}
EXPORT_SYMBOL(dax_pwrite);

/* tag_pages_for_writeback(), mm/page-writeback.c: what is dirty now is to be written, and no more. */
static void tag_pages_for_writeback(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	XA_STATE(xas, &mapping->i_pages, start);
	void *entry;

	xas_lock_irq(&xas);
	xas_for_each_marked(&xas, entry, end, PAGECACHE_TAG_DIRTY)
		xas_set_mark(&xas, PAGECACHE_TAG_TOWRITE);
	xas_unlock_irq(&xas);
}

/* Of the zero page nothing is left to flush. */
void (dax_flush)(struct dax_device *dax_dev, unsigned long pfn, unsigned long nr_pages)
{
	(void)dax_dev;
	announce(SITE("dax_flush"), media_of(pfn), nr_pages, MMREF_READ, false);
	durable_flush(pfn_to_page(pfn), nr_pages);
}

/*
 * With the entry locked no fault can make a page table entry writable again between the
 * write-protecting and the flush.
 *
 * The walk stands at the entry, and so does get_next_unlocked_entry(): of an entry that is locked
 * it finds nothing more at its index, and the entry is passed over, with its marks.
 */
int (dax_writeback_one)(struct xa_state *xas, struct dax_device *dax_dev,
			struct address_space *mapping, void *entry)
{
	unsigned long pfn, index, count;
	struct vm_area_struct *vma;
	int ret = 0;

	if (dax_is_locked(entry)) {
		void *old_entry = entry;

		entry = get_next_unlocked_entry(xas, 0);
		if (!entry || dax_to_pfn(old_entry) != dax_to_pfn(entry))
			goto put_unlocked;
		if (WARN_ON_ONCE(dax_is_empty_entry(entry) || dax_is_zero_entry(entry))) {
			ret = -EIO;
			goto put_unlocked;
		}
		if (!xas_get_mark(xas, PAGECACHE_TAG_TOWRITE))
			goto put_unlocked;
	}

	dax_lock_entry(xas, entry);
	xas_clear_mark(xas, PAGECACHE_TAG_TOWRITE);
	xas_unlock_irq(xas);

	/* The whole of a PMD, wherever in it the range begins */
	pfn = dax_to_pfn(entry);
	count = 1UL << dax_entry_order(entry);
	index = xas->xa_index & ~(count - 1);

	down_read(&mapping->i_mmap_rwsem);
	vma_interval_tree_foreach(vma, mapping, index, index + count - 1)
		pfn_mkclean_range(pfn, count, index, vma);
	up_read(&mapping->i_mmap_rwsem);
	if (dax_names_page(entry))
		dax_flush(dax_dev, pfn, count);

	xas_reset(xas);
	xas_lock_irq(xas);
	xas_store(xas, entry);
	xas_clear_mark(xas, PAGECACHE_TAG_DIRTY);
	dax_wake_entry(xas, entry, WAKE_NEXT);
	return ret;

put_unlocked:
	put_unlocked_entry(xas, entry, WAKE_NEXT);
	return ret;
}

int (dax_writeback_mapping_range)(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	struct dax_device *dax_dev = sb_dax_device(mapping->host->i_sb);
	XA_STATE(xas, &mapping->i_pages, start);
	void *entry;
	int ret = 0;

	tag_pages_for_writeback(mapping, start, end);

	xas_lock_irq(&xas);
	xas_for_each_marked(&xas, entry, end, PAGECACHE_TAG_TOWRITE) {
		ret = dax_writeback_one(&xas, dax_dev, mapping, entry);
		if (ret < 0)
			break;
	}
	xas_unlock_irq(&xas);
	return ret;
}
