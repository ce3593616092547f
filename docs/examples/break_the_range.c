/* SPDX-License-Identifier: MIT */
/* v7.2, but fallocate() on ext4 breaks the layout of the pages that it changes, not of the file. */
#include <mmref/kernel.h>

static int (ext4_fallocate)(struct inode *inode, int mode, pgoff_t first, pgoff_t last)
{
	pgoff_t end = mode == FALLOC_FL_COLLAPSE_RANGE ? ULONG_MAX : last;
	int ret;

	if (mode == FALLOC_FL_ALLOCATE_RANGE)
		return MMREF_AS(mmref_v7_2, ext4_fallocate)(inode, mode, first, last);
	down_write(&inode->i_rwsem);
	down_write(&inode->i_mapping.invalidate_lock);
	ret = dax_break_layout(inode, first, end, rules()->ext4_wait_dax_page);
	if (!ret && mode == FALLOC_FL_PUNCH_HOLE)
		ret = ext4_punch_hole(inode, first, last);
	else if (!ret && mode == FALLOC_FL_COLLAPSE_RANGE)
		ret = ext4_collapse_range(inode, first, last);
	else if (!ret)
		ret = ext4_zero_range(inode, first, last);
	up_write(&inode->i_mapping.invalidate_lock);
	up_write(&inode->i_rwsem);
	return ret;
}

MMREF_RULES_FILE(.name = "break-the-range", .ancestor = &mmref_v7_2,
		 .summary = "as v7.2; fallocate() on ext4 waits for its range alone",
		 .ext4_fallocate = ext4_fallocate);
