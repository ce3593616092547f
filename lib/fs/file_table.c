/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>
#include "world.h"

struct file *alloc_file(struct inode *inode, const struct file_operations *f_op)
{
	struct file *file = world_new(current->world, struct file);

	if (!file)
		return NULL;
	inode_users(inode, 1);
	file->f_inode = inode;
	file->f_op = f_op;
	file->f_count.counter = 1;
	return file;
}
EXPORT_SYMBOL(alloc_file);

struct file *get_file(struct file *file)
{
	atomic_inc(&file->f_count);
	return file;
}
EXPORT_SYMBOL(get_file);

void fput(struct file *file)
{
	if (!atomic_dec_and_test(&file->f_count))
		return;
	inode_users(file->f_inode, -1);
	iput(file->f_inode);
}
EXPORT_SYMBOL(fput);
