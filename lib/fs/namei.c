/* SPDX-License-Identifier: MIT */
/* Names of files: fs/namei.c. */
#include <errno.h>

#include <mmref/kernel.h>

/* The name goes, and with it the reference that the name held; the last holder evicts the inode. */
static int vfs_unlink(struct inode *inode)
{
	if (!READ_ONCE(inode->i_nlink))
		return -ENOENT;
	if (READ_ONCE(inode->i_sb->shutdown))
		return -EIO;
	return d_delete(inode);
}

/* The last iput() comes before mnt_drop_write(). */
int do_unlinkat(struct inode *inode)
{
	int err;

	sb_start_write(inode->i_sb);
	err = vfs_unlink(inode);
	sb_end_write(inode->i_sb);
	return err;
}
EXPORT_SYMBOL(do_unlinkat);
