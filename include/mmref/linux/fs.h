/* SPDX-License-Identifier: MIT */
/*
 * Inodes, files and the file systems they live in.
 *
 *	i_count = dentries + open files + maps; eviction starts at 0; an overlay may
 *		  add pages held
 *	blocks  = one a page; block n of the device is its n-th page, and is in as many
 *		  files as share it
 *
 * Sizes and offsets are counted in pages.
 */
#ifndef FS_FS_H
#define FS_FS_H

#include <mmref/linux/iomap.h>
#include <mmref/linux/mm.h>
#include <mmref/linux/spinlock.h>
#include <mmref/linux/wait.h>
#include <mmref/linux/xarray.h>

struct dax_holder_operations;
struct pmem_device;

#define MAX_INODES	64

struct address_space {
	struct inode *host;
	struct xarray i_pages;			/* see dax.h */
	unsigned int nrpages;
	struct rw_semaphore i_mmap_rwsem;
	struct vm_area_struct *i_mmap;
	struct rw_semaphore invalidate_lock;	/* shared by faults, exclusive by truncate */
};

struct inode {
	struct address_space i_mapping;
	struct super_block *i_sb;
	struct inode *i_next;			/* in the super block */
	struct rw_semaphore i_rwsem;		/* inode_lock(): held for writing */
	atomic_t i_count;
	int users;				/* who holds it, but for its name; for checks */
	int i_nlink;
	unsigned long i_size;			/* pages */
	unsigned long max_pages;
	block_t *block;				/* a page each; under i_rwsem or invalidate_lock */
	block_t *cow;				/* copies being made, see xfs_reflink.h */
	bool reflink;				/* it shares blocks, or has */
	bool remapping;				/* XFS_IREMAPPING: its blocks are being shared */
	struct inode *i_dispose;		/* among those being evicted */
	unsigned long cut_first, cut_end;	/* a call under way gives these up; for checks */
	unsigned long size_to_be;		/* its size after a call under way, or 0; for checks */
	uint8_t i_ino;				/* from 1 */
	bool i_dentry;				/* a cached name holds it */
	bool evicted;				/* I_FREEING, and what it leaves behind */
	bool freeing;				/* its eviction is under way */
};

struct file_operations {
	vm_fault_t (*fault)(struct vm_fault *vmf);
	vm_fault_t (*pfn_mkwrite)(struct vm_fault *vmf);
	int (*mmap)(struct vm_area_struct *vma);	/* or NULL; 0 or -errno */
};

/* include/uapi/linux/falloc.h */
enum {
	FALLOC_FL_ALLOCATE_RANGE = 0,
	FALLOC_FL_PUNCH_HOLE = 2,
	FALLOC_FL_COLLAPSE_RANGE = 8,
	FALLOC_FL_ZERO_RANGE = 16,
};

/*
 * The operations of a file system. Pages of a file are [@first, @last]. Each returns 0 or -errno.
 * Of those that may be NULL, the system call returns -EOPNOTSUPP.
 */
struct file_system_type {
	const char *name;
	const struct file_operations *f_op;
	const struct iomap_ops *iomap_ops;
	/* FICLONE of all of @src. May be NULL. */
	int (*remap_file_range)(struct inode *src, struct inode *dest);
	int (*setattr)(struct inode *inode, pgoff_t size);
	/* May be NULL. */
	int (*fallocate)(struct inode *inode, int mode, pgoff_t first, pgoff_t last);
	int (*fsync)(struct inode *inode);
	void (*evict_inode)(struct inode *inode);
	/* After the eviction. May be NULL. */
	int (*destroy_inode)(struct inode *inode);
	const struct dax_holder_operations *dax_holder;	/* of fs_dax_get_by_bdev(), or NULL */
	bool requires_dev;		/* FS_REQUIRES_DEV: there is a disk that can die */
	bool has_shutdown;		/* super_operations.shutdown */
	bool mmap_asks_shutdown;
};

extern const struct file_system_type ext4_fs_type, xfs_fs_type, ext2_fs_type, fuse_fs_type;

struct file {
	struct inode *f_inode;
	const struct file_operations *f_op;
	atomic_t f_count;
};

struct super_block {
	const struct file_system_type *s_type;
	struct pmem_device *s_dev;
	struct dax_device *s_daxdev;	/* dead for good once the device is unbound */
	struct rw_semaphore s_umount;
	struct rw_semaphore s_write;		/* s_writers: held for writing while it is frozen */
	struct rw_semaphore s_pagefault;
	spinlock_t s_inode_list_lock;
	struct inode *s_inodes;
	spinlock_t balloc_lock;
	uint64_t *block_files;		/* a bit i_ino each; 0 while the block is free */
	unsigned long nr_blocks;
	uint8_t next_ino;
	struct mutex s_agf;		/* xfs: held by who allocates, frees, or walks the rmap */
	bool reflink;			/* a file was cloned: blocks may be several files' */
	bool shutdown;			/* it is told -EIO from here on */
	bool active;			/* SB_ACTIVE */
	bool mounted;			/* a path leads to it; under s_inode_list_lock */
};

/* fs/inode.c: a new inode, linked, of size 0, held by its name; NULL when the world is full. */
struct inode *new_inode(struct super_block *sb, unsigned long max_pages);
/* So many more hold @inode than before, in i_count or not: for checks, and no step. */
void inode_users(struct inode *inode, int change);
/* The end of an eviction: warns if the inode has entries left. */
void clear_inode(struct inode *inode);
/* The name of @inode goes, and with it the reference that its dentry held. -ENOENT if it has none. */
int d_delete(struct inode *inode);

/* fs/namei.c, fs/open.c, fs/remap_range.c: system calls on a file. 0 or -errno. */
int do_unlinkat(struct inode *inode);
int do_truncate(struct inode *inode, unsigned long length);
int vfs_fallocate(struct inode *inode, int mode, unsigned long offset, unsigned long len);
int vfs_clone_file_range(struct inode *file_in, struct inode *file_out);
/* Write both files back. -EIO if the file system was shut down meanwhile. */
int generic_remap_file_range_prep(struct inode *inode_in, struct inode *inode_out,
				  unsigned long len);

/* fs/file_table.c. alloc_file() takes over a reference to @inode from the caller. */
struct file *alloc_file(struct inode *inode, const struct file_operations *f_op);
struct file *get_file(struct file *file);
void fput(struct file *file);

/* fs/super.c */
struct super_block *alloc_super(struct world *world, struct pmem_device *device,
				const struct file_system_type *type);
/*
 * A mount of what was made by mkfs, or left by an umount. -EBUSY where it is mounted, -ENODEV where
 * fs_dax_get_by_bdev() refuses: the device is dead, or something else holds it.
 */
int get_tree_bdev(struct super_block *sb);
/* do_umount() up to the last reference: no path leads here any more. -EINVAL, or -EBUSY. */
int umount_tree(struct super_block *sb);
/*
 * The mounted file system of a disk, s_umount held for reading; NULL where it is unmounted, or being
 * unmounted.
 */
struct super_block *bdev_super_lock(struct super_block *sb);
void super_unlock_shared(struct super_block *sb);
struct super_block *get_super(struct pmem_device *bdev);
void drop_super(struct super_block *sb);

/* Faults and writes that freeze_super() waits for. Faults that only read go on. */
void sb_start_write(struct super_block *sb);
void sb_end_write(struct super_block *sb);
void sb_start_pagefault(struct super_block *sb);
void sb_end_pagefault(struct super_block *sb);

/* vfs_fsync_range() of the whole file. */
int vfs_fsync(struct inode *inode);

#endif
