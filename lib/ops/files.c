/* SPDX-License-Identifier: MIT */
/* System calls on files, and what an administrator does to the machine. */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/hooks.h"
#include "fs/blocks.h"
#include "ops/ops.h"
#include "world.h"

static int do_sys_open(struct mmref_file *file)
{
	struct inode *inode = file->inode;
	struct super_block *sb = inode->i_sb;
	struct file *open, *none = NULL;

	if (!READ_ONCE(inode->i_nlink))
		return -ENOENT;
	if (READ_ONCE(sb->shutdown))
		return -EIO;
	if (is_devdax(sb->s_dev) && !READ_ONCE(sb_dax_device(sb)->alive))
		return -ENXIO;		/* cdev_del() */
	if (!iget_locked(inode))
		return -ENOENT;
	open = alloc_file(inode, is_devdax(sb->s_dev) ? &dax_file_operations : sb->s_type->f_op);
	if (!open)
		return -ENOMEM;
	if (!cmpxchg(&file->open, none, open))	/* fd_install() */
		return 0;
	fput(open);
	return -EBUSY;
}

/* Of pmem alone; in devdax mode what takes its place is the device node. */
static bool has_sb(const struct mmref_device *device)
{
	enum mmref_memory_type type = device->pmem.pgmap->type;

	return type == MEMORY_DEVICE_FS_DAX || type == MEMORY_DEVICE_GENERIC;
}

/* And a write() of all its pages. */
static struct mmref_file *vfs_create(struct mmref_device *device, unsigned int pages, uint8_t fill)
{
	struct mmref_file *file = world_new(current->world, struct mmref_file);
	int err = 0;

	if (!has_sb(device))
		return ERR_PTR(-ENOENT);
	if (pages > device->pmem.sb->nr_blocks)
		return ERR_PTR(-ENOSPC);
	if (file)
		file->inode = new_inode(device->pmem.sb, device->pmem.sb->nr_blocks);
	if (!file || !file->inode)
		return ERR_PTR(-ENOMEM);
	if (pages) {
		down_write(&file->inode->i_rwsem);
		err = allocate_written(file->inode, 0, pages - 1UL, fill);
		up_write(&file->inode->i_rwsem);
	}
	if (err)
		return ERR_PTR(err);
	file->inode->i_size = pages;
	err = do_sys_open(file);
	return err ? ERR_PTR(err) : file;
}

struct mmref_file *sys_creat(struct mmref_device *device, unsigned int pages, uint8_t fill)
{
	return OPERATION(CREATE, device ? vfs_create(device, pages, fill) : ERR_PTR(-EINVAL));
}

struct mmref_file *mmref_create(struct mmref_device *device, unsigned int pages, uint8_t fill)
{
	struct mmref_file *file = sys_creat(device, pages, fill);

	return IS_ERR(file) ? NULL : file;
}

int mmref_open(struct mmref_file *file)
{
	return OPERATION(OPEN, file ? do_sys_open(file) : -EINVAL);
}

/* close_fd(), fs/file.c */
static int close_fd(struct mmref_file *file)
{
	struct file *open = xchg(&file->open, NULL);

	if (!open)
		return -EBADF;
	fput(open);
	return 0;
}

int mmref_close(struct mmref_file *file)
{
	return OPERATION(CLOSE, file ? close_fd(file) : -EINVAL);
}

int mmref_unlink(struct mmref_file *file)
{
	return OPERATION(UNLINK, file ? do_unlinkat(file->inode) : -EINVAL);
}

/* What a handler without SA_RESTART makes of a call that its signal has ended. */
static int interrupted(int err)
{
	return err == -ERESTARTSYS ? -EINTR : err;
}

/* An inode has no room for more pages than its device has blocks. */
static int truncate_pages(struct mmref_file *file, unsigned int pages)
{
	if (pages > file->inode->max_pages)
		return -EFBIG;
	return interrupted(do_truncate(file->inode, pages));
}

int mmref_truncate(struct mmref_file *file, unsigned int pages)
{
	return OPERATION(TRUNCATE, file ? truncate_pages(file, pages) : -EINVAL);
}

static int fallocate(struct mmref_file *file, int mode, unsigned int page, unsigned int pages)
{
	return interrupted(vfs_fallocate(file->inode, mode, page, pages));
}

int mmref_punch(struct mmref_file *file, unsigned int page, unsigned int pages)
{
	return OPERATION(PUNCH, file ? fallocate(file, FALLOC_FL_PUNCH_HOLE, page, pages) : -EINVAL);
}

int mmref_zero_range(struct mmref_file *file, unsigned int page, unsigned int pages)
{
	return OPERATION(ZERO_RANGE, file ? fallocate(file, FALLOC_FL_ZERO_RANGE, page, pages) :
					    -EINVAL);
}

int mmref_collapse(struct mmref_file *file, unsigned int page, unsigned int pages)
{
	return OPERATION(COLLAPSE, file ? fallocate(file, FALLOC_FL_COLLAPSE_RANGE, page, pages) :
					  -EINVAL);
}

int mmref_allocate(struct mmref_file *file, unsigned int page, unsigned int pages)
{
	return OPERATION(ALLOCATE, file ? fallocate(file, FALLOC_FL_ALLOCATE_RANGE, page, pages) :
					  -EINVAL);
}

int mmref_clone(struct mmref_file *file, struct mmref_file *from)
{
	return OPERATION(CLONE, file && from ?
				interrupted(vfs_clone_file_range(from->inode, file->inode)) :
				-EINVAL);
}

static int pread_page(struct inode *inode, unsigned int page)
{
	uint8_t value = 0;
	int nr = dax_pread(inode, page, &value);

	return nr < 0 ? nr : value;
}

int mmref_pread(struct mmref_file *file, unsigned int page)
{
	return OPERATION_AS(PREAD, file ? pread_page(file->inode, page) : -EINVAL, outcome_of_byte);
}

static int pwrite_page(struct inode *inode, unsigned int page, uint8_t value)
{
	int err;

	sb_start_write(inode->i_sb);
	err = dax_pwrite(inode, page, value);
	sb_end_write(inode->i_sb);
	return err;
}

int mmref_pwrite(struct mmref_file *file, unsigned int page, uint8_t value)
{
	return OPERATION(PWRITE, file ? pwrite_page(file->inode, page, value) : -EINVAL);
}

int mmref_fsync(struct mmref_file *file)
{
	return OPERATION(FSYNC, file ? vfs_fsync(file->inode) : -EINVAL);
}

struct mmref_device *mmref_fsdax_with(struct mmref_sim *sim, unsigned int pages,
				      enum mmref_file_system fs)
{
	static const struct file_system_type *const type[] = {
		[MMREF_EXT4] = &ext4_fs_type,
		[MMREF_XFS] = &xfs_fs_type,
		[MMREF_EXT2] = &ext2_fs_type,
		[MMREF_FUSE] = &fuse_fs_type,
	};

	if (!belongs_to(sim) || (size_t)fs >= sizeof(type) / sizeof(*type))
		return NULL;
	return (struct mmref_device *)pmem_new(current->world, pages, MEMORY_DEVICE_FS_DAX,
					       type[fs]);
}

struct mmref_device *mmref_fsdax(struct mmref_sim *sim, unsigned int pages)
{
	return mmref_fsdax_with(sim, pages, MMREF_EXT4);
}

struct mmref_device *mmref_devdax(struct mmref_sim *sim, unsigned int pages)
{
	if (!belongs_to(sim))
		return NULL;
	return (struct mmref_device *)pmem_new(current->world, pages, MEMORY_DEVICE_GENERIC,
					       &ext4_fs_type);
}

/* All that was stored to a file of @sb is owed by a umount, or a sync(). */
static void begin_to_sync_all(struct super_block *sb)
{
	for (struct inode *inode = PEEK_SHARED(sb->s_inodes); inode; inode = inode->i_next)
		durable_sync_begin(inode);
}

struct mmref_device *mmref_private(struct mmref_sim *sim, unsigned int pages, bool evicts)
{
	if (!belongs_to(sim))
		return NULL;
	return (struct mmref_device *)dmirror_new(current->world, pages, MEMORY_DEVICE_PRIVATE,
						  evicts);
}

struct mmref_device *mmref_coherent(struct mmref_sim *sim, unsigned int pages, bool evicts)
{
	if (!belongs_to(sim))
		return NULL;
	return (struct mmref_device *)dmirror_new(current->world, pages, MEMORY_DEVICE_COHERENT,
						  evicts);
}

struct mmref_device *mmref_p2pdma(struct mmref_sim *sim, unsigned int pages)
{
	if (!belongs_to(sim))
		return NULL;
	return (struct mmref_device *)p2pdma_new(current->world, pages);
}

static int ksys_sync(struct mmref_device *device)
{
	struct super_block *sb;

	if (!has_sb(device))
		return -EINVAL;
	sb = device->pmem.sb;
	begin_to_sync_all(sb);
	down_read(&sb->s_umount);
	if (READ_ONCE(sb->active))
		sync_filesystem(sb);
	up_read(&sb->s_umount);
	durable_sync_end(SITE("sync"), sb, 0);
	return 0;
}

int mmref_sync(struct mmref_device *device)
{
	return OPERATION(SYNC, device ? ksys_sync(device) : -EINVAL);
}

/*
 * drop_pagecache_sb() and the inode shrinker: DAX entries are not page cache to
 * be invalidated, and an inode that has any is not on the LRU.
 */
static int drop_pagecache_sb(struct mmref_device *device)
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
	return OPERATION(DROP_CACHES, device ? drop_pagecache_sb(device) : -EINVAL);
}

static int do_umount(struct super_block *sb)
{
	int err = umount_tree(sb);

	if (!err)
		generic_shutdown_super(sb);
	return err;
}

static int umount(struct mmref_device *device)
{
	struct super_block *sb;
	int err;

	if (!has_sb(device))
		return -EINVAL;
	sb = device->pmem.sb;
	begin_to_sync_all(sb);
	err = do_umount(sb);
	durable_sync_end(SITE("umount"), sb, err);
	return err;
}

int mmref_umount(struct mmref_device *device)
{
	return OPERATION(UMOUNT, device ? umount(device) : -EINVAL);
}

static int mount(struct mmref_device *device)
{
	return has_sb(device) && !is_devdax(&device->pmem) ? get_tree_bdev(device->pmem.sb) : -EINVAL;
}

int mmref_mount(struct mmref_device *device)
{
	return OPERATION(MOUNT, device ? mount(device) : -EINVAL);
}

static int unbind(struct mmref_device *device)
{
	switch (device->pmem.pgmap->type) {
	case MEMORY_DEVICE_PRIVATE:
	case MEMORY_DEVICE_COHERENT:
		return dmirror_device_remove(&device->mirror);
	case MEMORY_DEVICE_PCI_P2PDMA:
		return p2pdma_unbind(&device->p2pdma);
	default:
		return nd_pmem_remove(&device->pmem);
	}
}

int mmref_unbind(struct mmref_device *device)
{
	return OPERATION(UNBIND, device ? unbind(device) : -EINVAL);
}

static int rebind(struct mmref_device *device)
{
	switch (device->pmem.pgmap->type) {
	case MEMORY_DEVICE_PRIVATE:
	case MEMORY_DEVICE_COHERENT:
		return dmirror_device_init(&device->mirror);
	case MEMORY_DEVICE_PCI_P2PDMA:
		return p2pdma_bind(&device->p2pdma);
	default:
		return nd_pmem_probe(&device->pmem);
	}
}

int mmref_rebind(struct mmref_device *device)
{
	return OPERATION(REBIND, device ? rebind(device) : -EINVAL);
}
