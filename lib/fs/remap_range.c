/* SPDX-License-Identifier: MIT */
/* FICLONE: fs/remap_range.c. */
#include <errno.h>

#include <mmref/kernel.h>

int generic_remap_file_range_prep(struct inode *inode_in, struct inode *inode_out,
				  unsigned long len)
{
	dax_writeback_mapping_range(&inode_in->i_mapping, 0, len - 1);
	dax_writeback_mapping_range(&inode_out->i_mapping, 0, len - 1);
	return READ_ONCE(inode_out->i_sb->shutdown) ? -EIO : 0;	/* file_modified() */
}
EXPORT_SYMBOL(generic_remap_file_range_prep);

int vfs_clone_file_range(struct inode *file_in, struct inode *file_out)
{
	struct super_block *sb = file_out->i_sb;
	int err;

	if (sb != file_in->i_sb)
		return -EXDEV;
	if (!sb->s_type->remap_file_range)
		return -EOPNOTSUPP;
	sb_start_write(sb);
	err = sb->s_type->remap_file_range(file_in, file_out);
	sb_end_write(sb);
	return err;
}
EXPORT_SYMBOL(vfs_clone_file_range);
