/* SPDX-License-Identifier: MIT */
/* Breaking layouts: before a block is freed, its page must not be held by anyone. */
#include <mmref/kernel.h>

/* The busy page at @xas, or NULL. xa_lock held. */
static struct page *scan_entry(struct xa_state *xas)
{
	unsigned long entry = xas->mapping->entry[xas->index];
	struct page *page;

	if (dax_is_locked(entry))
		entry = rules()->scan_locked_entry(xas);
	page = entry ? dax_to_page(entry) : NULL;
	if (page && rules()->zap_entry)
		rules()->zap_entry(xas, entry);
	if (page)
		page = rules()->busy(page, dax_entry_order(entry));
	if (entry)
		put_unlocked_entry(xas, entry);
	return page;
}

struct page *dax_scan_layout(struct address_space *mapping, unsigned long first, unsigned long last)
{
	struct xa_state xas = { .mapping = mapping, .index = first };
	struct page *page = NULL;

	xa_lock(mapping);
	for (; !page && xas.index <= last && xas.index < mapping->host->max_pages; xas.index++)
		if (mapping->entry[xas.index] && mapping->entry[xas.index] != DAX_SIBLING)
			page = scan_entry(&xas);
	xa_unlock(mapping);
	return page;
}

/*
 * Clear every entry of every page table first, and look at the counts then. A
 * GUP walk does it the other way round: it takes the page and then looks at the
 * entry again. One of the two sees the other.
 */
struct page *dax_layout_busy_page(struct address_space *mapping, unsigned long first,
				  unsigned long last)
{
	if (rules()->layout_worth_scanning && !rules()->layout_worth_scanning(mapping))
		return NULL;

	unmap_mapping_pages(mapping, first, last - first + 1, false);
	return dax_scan_layout(mapping, first, last);
}

static bool page_is_idle(const void *arg)
{
	return rules()->idle((struct page *)(uintptr_t)arg);
}

static bool page_is_idle_peek(const void *arg)
{
	return rules()->idle_peek(arg);
}

/* ext4_wait_dax_page() and xfs_wait_dax_page(): let faults in while asleep. */
static void drop_invalidate_lock(void *cookie, bool before)
{
	struct inode *inode = cookie;

	if (before)
		up_write(&inode->i_mapping.invalidate_lock);
	else
		down_write(&inode->i_mapping.invalidate_lock);
}

int dax_wait_page_idle(struct inode *inode, struct page *page)
{
	return wait_var_event(rules()->wait_address(page), page_is_idle, page_is_idle_peek, page,
			      TASK_INTERRUPTIBLE, drop_invalidate_lock, inode);
}

int dax_break_layout(struct inode *inode, unsigned long first, unsigned long last)
{
	struct address_space *mapping = &inode->i_mapping;
	struct page *page;
	int err = 0;

	while (!err && (page = rules()->layout_busy_page(mapping, first, last)))
		err = dax_wait_page_idle(inode, page);
	if (!err && rules()->layout_broken)
		rules()->layout_broken(mapping, first, last);
	return err;
}

void dax_break_layout_final(struct inode *inode)
{
	struct address_space *mapping = &inode->i_mapping;
	struct page *page;

	while ((page = rules()->layout_busy_page(mapping, 0, inode->max_pages)))
		wait_var_event(rules()->wait_address(page), page_is_idle, page_is_idle_peek, page,
			       TASK_UNINTERRUPTIBLE, NULL, NULL);
	if (rules()->layout_broken)
		rules()->layout_broken(mapping, 0, inode->max_pages);
}
