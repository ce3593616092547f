/* SPDX-License-Identifier: MIT */
/*
 * Blocks of ext4: fs/ext4/extents.c. The modes of fallocate() differ between kernels in who takes
 * the locks and breaks the layout; lib/rules has them.
 */
#include <errno.h>

#include "check/hooks.h"
#include "fs/blocks.h"
#include "fs/ext4/ext4.h"

/* ext4_journal_check_start(), fs/ext4/ext4_jbd2.c */
int ext4_journal_check_start(struct inode *inode)
{
	return ext4_forced_shutdown(inode->i_sb) ? -EIO : 0;
}

void ext4_ext_remove_space(struct inode *inode, unsigned long start, unsigned long end)
{
	free_blocks(inode, start, end);
}

void ext4_ext_shift_extents(struct inode *inode, unsigned long start, unsigned long shift)
{
	shift_blocks(inode, start, shift);
}

int ext4_alloc_file_blocks(struct inode *inode, unsigned long first, unsigned long last)
{
	int err = ext4_journal_check_start(inode);

	if (err)
		return err;
	make_unwritten(inode, first, last);
	return allocate_unwritten(inode, first, last);
}

int ext4_do_collapse_range(struct inode *inode, unsigned long first, unsigned long last)
{
	unsigned long pages = last - first + 1;
	int err = ext4_journal_check_start(inode);	/* ext4_dax_writepages() asks the same */

	if (err)
		return err;
	dax_writeback_mapping_range(&inode->i_mapping, last + 1, inode->max_pages - 1);
	private_size_to_be(inode, inode->i_size - pages);
	truncate_pagecache(inode, first);
	private_size_to_be(inode, 0);
	ext4_ext_remove_space(inode, first, last);
	ext4_ext_shift_extents(inode, last + 1, pages);
	WRITE_ONCE(inode->i_size, inode->i_size - pages);
	return 0;
}

int ext4_do_fallocate(struct inode *inode, unsigned long first, unsigned long last)
{
	int err = ext4_journal_check_start(inode);

	return err ? err : allocate_unwritten(inode, first, last);
}
