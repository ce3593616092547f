/* SPDX-License-Identifier: MIT */
/*
 * Inodes, files and the file systems they live in.
 *
 *	i_count = dentries + open files + maps; eviction starts at 0
 *	blocks  = one a page; block n of the device is its n-th page
 *
 * Sizes and offsets are counted in pages.
 */
#ifndef FS_FS_H
#define FS_FS_H

#include "kernel/spinlock.h"
#include "kernel/wait.h"
#include "mm/mm.h"

#define HOLE		(-1)

struct pmem_device;

/* What is at an offset of a file: HOLE, or a block, written to or not. */
typedef int block_t;
#define BLOCK_UNWRITTEN	(1 << 30)

struct address_space {
	struct inode *host;
	spinlock_t xa_lock;			/* i_pages: entries and tags */
	unsigned long *entry;			/* see dax.h; 0 is none */
	uint8_t *tags;				/* beside each entry */
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
	int i_nlink;
	unsigned long i_size;			/* pages */
	unsigned long max_pages;
	block_t *block;				/* a page each; under i_rwsem or invalidate_lock */
	struct inode *i_dispose;		/* among those being evicted */
	uint8_t i_ino;				/* from 1 */
	bool i_dentry;				/* a cached name holds it */
	bool evicted;				/* I_FREEING, and what it leaves behind */
};

struct file_operations {
	vm_fault_t (*fault)(struct vm_fault *vmf);
	vm_fault_t (*pfn_mkwrite)(struct vm_fault *vmf);
	int (*mmap)(struct vm_area_struct *vma);	/* or NULL; 0 or -errno */
};

struct file {
	struct inode *f_inode;
	const struct file_operations *f_op;
	atomic_t f_count;
};

struct super_block {
	struct pmem_device *s_dev;
	struct rw_semaphore s_umount;
	spinlock_t s_inode_list_lock;
	struct inode *s_inodes;
	spinlock_t balloc_lock;
	uint8_t *block_owner;		/* i_ino a block, 0 while it is free */
	unsigned long nr_blocks;
	uint8_t next_ino;
	bool shutdown;			/* EXT4_FLAGS_SHUTDOWN */
	bool active;			/* mounted: SB_ACTIVE */
};

/*
 * fs/inode.c. new_inode(): linked, of no size, held by its name; NULL when the world
 * is full. iput() evicts an unlinked inode, and may sleep for ever in that.
 */
struct inode *new_inode(struct super_block *sb, unsigned long max_pages);
void ihold(struct inode *inode);
void iput(struct inode *inode);
/* Evict every inode nobody holds: invalidate_inodes() and evict_inodes(). */
void evict_inodes(struct super_block *sb);

/* fs/file_table.c */
struct file *alloc_file(struct inode *inode, const struct file_operations *f_op);
struct file *get_file(struct file *file);
void fput(struct file *file);

/* fs/super.c */
struct super_block *mount_fs(struct world *world, struct pmem_device *device);
/* generic_shutdown_super(); the super block stays as a husk. */
void generic_shutdown_super(struct super_block *sb);
/* sync_filesystem(): write every inode's dirty entries back. */
void sync_filesystem(struct super_block *sb);

/* vfs_fsync_range() of the whole file. -EIO after a shutdown. */
int vfs_fsync(struct inode *inode);

#endif
