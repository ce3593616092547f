/* SPDX-License-Identifier: MIT */
/* System calls on an open file that change its size or its blocks: fs/open.c. */
#include <errno.h>

#include <mmref/kernel.h>

int do_truncate(struct inode *inode, unsigned long length)
{
	int err;

	sb_start_write(inode->i_sb);	/* mnt_want_write() */
	err = inode->i_sb->s_type->setattr(inode, length);
	sb_end_write(inode->i_sb);
	return err;
}
EXPORT_SYMBOL(do_truncate);

/* It refuses an empty range before it looks at the mode. */
int vfs_fallocate(struct inode *inode, int mode, unsigned long offset, unsigned long len)
{
	struct super_block *sb = inode->i_sb;
	int err;

	if (!len)
		return -EINVAL;
	if (!sb->s_type->fallocate)
		return -EOPNOTSUPP;
	sb_start_write(sb);
	err = sb->s_type->fallocate(inode, mode, offset, offset + len - 1);
	sb_end_write(sb);
	return err;
}
EXPORT_SYMBOL(vfs_fallocate);
