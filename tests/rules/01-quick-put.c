/* SPDX-License-Identifier: MIT */
/*
 * b1f382178d15, ext4: close race between direct IO and ext4_break_layouts() (v4.19), brought back.
 * The loop looks at the file again only if the wait has slept: a page that is put before the wait
 * looks ends the loop, and no other page of the file is looked at.
 */
#include <mmref/kernel.h>

static bool count_is_one(const void *page)
{
	return atomic_read(&((struct page *)(uintptr_t)page)->_refcount) == 1;
}

static int (ext4_break_layouts)(struct inode *inode)
{
	struct page *page;
	bool retry;
	int error;

	do {
		page = dax_layout_busy_page(&inode->i_mapping);
		if (!page)
			return 0;
		retry = !count_is_one(page);
		error = ___wait_var_event(&page->_refcount, count_is_one, page, TASK_INTERRUPTIBLE,
					  rules()->ext4_wait_dax_page, inode);
	} while (!error && retry);
	return error;
}

MMREF_RULES_FILE(.name = "quick-put", .ancestor = &mmref_v6_1,
		 .summary = "b1f382178d15: a wait that did not sleep ends the loop",
		 .ext4_break_layouts = ext4_break_layouts);
