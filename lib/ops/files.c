/* SPDX-License-Identifier: MIT */
/* System calls on files, and what an administrator does to the machine. */
#include <errno.h>

#include "fs/ext4.h"
#include "ops/ops.h"

static int open_file(struct mmref_file *file)
{
	struct inode *inode = file->inode;
	struct super_block *sb = inode->i_sb;
	struct file *open;

	if (!PEEK(file->linked))
		return -ENOENT;
	if (PEEK(file->open))
		return -EBUSY;
	if (READ_ONCE(sb->shutdown))
		return -EIO;

	/* the dentry is cached by the look-up, and an evicted inode read in again */
	spin_lock(&sb->s_inode_list_lock);
	if (!inode->i_dentry) {
		inode->i_dentry = true;
		POKE(inode->evicted, false);
		ihold(inode);
	}
	spin_unlock(&sb->s_inode_list_lock);
	open = alloc_file(inode, is_devdax(sb->s_dev) ? &dax_file_operations :
							&ext4_file_operations);
	POKE(file->open, open);
	return open ? 0 : -ENOMEM;
}

/* Of pmem alone; in devdax mode what takes its place is the device node. */
static bool has_sb(const struct mmref_device *device)
{
	enum mmref_memory_type type = device->pmem.pgmap->type;

	return type == MEMORY_DEVICE_FS_DAX || type == MEMORY_DEVICE_GENERIC;
}

static struct mmref_file *create(struct mmref_device *device, unsigned int pages, uint8_t fill)
{
	struct mmref_file *file = world_new(current->world, struct mmref_file);

	if (!file || !has_sb(device))
		return NULL;
	file->inode = new_inode(device->pmem.sb, device->pmem.sb->nr_blocks);
	if (!file->inode || (pages && ext4_allocate(file->inode, 0, pages - 1, fill)))
		return NULL;
	file->inode->i_size = pages;
	file->linked = true;
	return open_file(file) ? NULL : file;
}

struct mmref_file *mmref_create(struct mmref_device *device, unsigned int pages, uint8_t fill)
{
	return OPERATION("create", create(device, pages, fill));
}

int mmref_open(struct mmref_file *file)
{
	return OPERATION("open", open_file(file));
}

static int close_file(struct mmref_file *file)
{
	struct file *open = __atomic_exchange_n(&file->open, NULL, __ATOMIC_SEQ_CST);

	if (!open)
		return -EBADF;
	fput(open);
	return 0;
}

int mmref_close(struct mmref_file *file)
{
	return OPERATION("close", close_file(file));
}

/* The name goes, and with it what the name held; the last holder of all evicts the inode. */
static int unlink(struct mmref_file *file)
{
	struct inode *inode = file->inode;
	bool held;

	if (!PEEK(file->linked))
		return -ENOENT;
	if (READ_ONCE(inode->i_sb->shutdown))
		return -EIO;
	if (!__atomic_exchange_n(&file->linked, false, __ATOMIC_SEQ_CST))
		return -ENOENT;
	spin_lock(&inode->i_sb->s_inode_list_lock);
	POKE(inode->i_nlink, inode->i_nlink - 1);
	held = inode->i_dentry;
	inode->i_dentry = false;
	spin_unlock(&inode->i_sb->s_inode_list_lock);
	if (held)
		iput(inode);
	return 0;
}

int mmref_unlink(struct mmref_file *file)
{
	return OPERATION("unlink", unlink(file));
}

int mmref_truncate(struct mmref_file *file, unsigned int pages)
{
	return OPERATION("truncate", ext4_truncate(file->inode, pages));
}

static int allocate_zeroed(struct inode *inode, unsigned long first, unsigned long last)
{
	return ext4_allocate(inode, first, last, 0);
}

/* vfs_fallocate(): an empty range is refused before any mode is looked at. */
static int fallocate(struct mmref_file *file, unsigned int page, unsigned int pages,
		     int (*mode)(struct inode *inode, unsigned long first, unsigned long last))
{
	return pages ? mode(file->inode, page, page + pages - 1UL) : -EINVAL;
}

int mmref_punch(struct mmref_file *file, unsigned int page, unsigned int pages)
{
	return OPERATION("punch", fallocate(file, page, pages, ext4_punch_hole));
}

int mmref_zero_range(struct mmref_file *file, unsigned int page, unsigned int pages)
{
	return OPERATION("zero_range", fallocate(file, page, pages, ext4_zero_range));
}

int mmref_allocate(struct mmref_file *file, unsigned int page, unsigned int pages)
{
	return OPERATION("allocate", fallocate(file, page, pages, allocate_zeroed));
}

int mmref_pread(struct mmref_file *file, unsigned int page)
{
	uint8_t value = 0;
	int err = OPERATION("pread", ext4_pread(file->inode, page, &value));

	return err ? err : value;
}

int mmref_pwrite(struct mmref_file *file, unsigned int page, uint8_t value)
{
	return OPERATION("pwrite", ext4_pwrite(file->inode, page, value));
}

int mmref_fsync(struct mmref_file *file)
{
	return OPERATION("fsync", vfs_fsync(file->inode));
}

struct mmref_device *mmref_fsdax(struct mmref_sim *sim, unsigned int pages)
{
	(void)sim;
	return (struct mmref_device *)pmem_new(current->world, pages, MEMORY_DEVICE_FS_DAX);
}

struct mmref_device *mmref_devdax(struct mmref_sim *sim, unsigned int pages)
{
	(void)sim;
	return (struct mmref_device *)pmem_new(current->world, pages, MEMORY_DEVICE_GENERIC);
}

struct mmref_device *mmref_private(struct mmref_sim *sim, unsigned int pages, bool evicts)
{
	(void)sim;
	return (struct mmref_device *)dmirror_new(current->world, pages, MEMORY_DEVICE_PRIVATE,
						  evicts);
}

struct mmref_device *mmref_coherent(struct mmref_sim *sim, unsigned int pages, bool evicts)
{
	(void)sim;
	return (struct mmref_device *)dmirror_new(current->world, pages, MEMORY_DEVICE_COHERENT,
						  evicts);
}

struct mmref_device *mmref_p2pdma(struct mmref_sim *sim, unsigned int pages)
{
	(void)sim;
	return (struct mmref_device *)p2pdma_new(current->world, pages);
}

static int sync_device(struct mmref_device *device)
{
	struct super_block *sb;

	if (!has_sb(device))
		return -EINVAL;
	sb = device->pmem.sb;
	down_read(&sb->s_umount);
	if (READ_ONCE(sb->active))
		sync_filesystem(sb);
	up_read(&sb->s_umount);
	return 0;
}

int mmref_sync(struct mmref_device *device)
{
	return OPERATION("sync", sync_device(device));
}

/*
 * drop_pagecache_sb() and the inode shrinker: DAX entries are not page cache to
 * be invalidated, and an inode that has any is not on the LRU.
 */
static int drop_caches(struct mmref_device *device)
{
	struct super_block *sb;

	if (!has_sb(device))
		return -EINVAL;
	sb = device->pmem.sb;
	down_read(&sb->s_umount);
	up_read(&sb->s_umount);
	return 0;
}

int mmref_drop_caches(struct mmref_device *device)
{
	return OPERATION("drop_caches", drop_caches(device));
}

/* An open file or a map of one holds its inode beyond what the name holds. */
static bool any_in_use(struct super_block *sb)
{
	bool in_use = false;

	spin_lock(&sb->s_inode_list_lock);
	for (struct inode *inode = sb->s_inodes; inode; inode = inode->i_next)
		in_use |= PEEK(inode->i_count.counter) > inode->i_dentry;
	spin_unlock(&sb->s_inode_list_lock);
	return in_use;
}

static int umount(struct mmref_device *device)
{
	struct super_block *sb;

	if (!has_sb(device) || !READ_ONCE(device->pmem.sb->active))
		return -EINVAL;
	sb = device->pmem.sb;
	if (any_in_use(sb))
		return -EBUSY;
	generic_shutdown_super(sb);
	return 0;
}

int mmref_umount(struct mmref_device *device)
{
	return OPERATION("umount", umount(device));
}

static int unbind(struct mmref_device *device)
{
	switch (device->pmem.pgmap->type) {
	case MEMORY_DEVICE_PRIVATE:
	case MEMORY_DEVICE_COHERENT:
		return dmirror_unbind(&device->mirror);
	case MEMORY_DEVICE_PCI_P2PDMA:
		return p2pdma_unbind(&device->p2pdma);
	default:
		return pmem_unbind(&device->pmem);
	}
}

int mmref_unbind(struct mmref_device *device)
{
	return OPERATION("unbind", unbind(device));
}

static int rebind(struct mmref_device *device)
{
	switch (device->pmem.pgmap->type) {
	case MEMORY_DEVICE_PRIVATE:
	case MEMORY_DEVICE_COHERENT:
		return dmirror_bind(&device->mirror);
	case MEMORY_DEVICE_PCI_P2PDMA:
		return p2pdma_bind(&device->p2pdma);
	default:
		return pmem_bind(&device->pmem);
	}
}

int mmref_rebind(struct mmref_device *device)
{
	return OPERATION("rebind", rebind(device));
}
