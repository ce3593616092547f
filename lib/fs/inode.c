/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <mmref/linux/pmem.h>
#include "kernel/bodies.h"
#include "world.h"

struct inode *new_inode(struct super_block *sb, unsigned long max_pages)
{
	struct world *world = current->world;
	struct inode *inode = world_new(world, struct inode);
	struct xarray *xa;

	if (!inode || PEEK_SHARED(sb->next_ino) == MAX_INODES - 1)
		return NULL;
	xa = &inode->i_mapping.i_pages;
	inode->i_sb = sb;
	inode->max_pages = max_pages;
	inode->i_mapping.host = inode;
	*xa = (struct xarray){
		.slot = world_alloc(world, max_pages * sizeof(*xa->slot)),
		.marks = world_alloc(world, max_pages),
		.nr = max_pages,
		.checked_together = &sb->reflink,
	};
	inode->block = world_alloc(world, max_pages * sizeof(*inode->block));
	inode->cow = world_alloc(world, max_pages * sizeof(*inode->cow));
	if (!xa->slot || !xa->marks || !inode->block || !inode->cow)
		return NULL;
	for (unsigned long i = 0; i < max_pages; i++)
		inode->block[i] = inode->cow[i] = HOLE;
	inode->i_nlink = 1;
	inode->i_dentry = true;
	inode->i_count.counter = 1;

	spin_lock(&sb->s_inode_list_lock);
	POKE_SHARED(sb->next_ino, sb->next_ino + 1);
	inode->i_ino = sb->next_ino;
	inode->i_next = sb->s_inodes;
	POKE_SHARED(sb->s_inodes, inode);
	spin_unlock(&sb->s_inode_list_lock);
	return inode;
}
EXPORT_SYMBOL(new_inode);

void inode_users(struct inode *inode, int change)
{
	POKE_ADD_RETURN(inode->users, change);
}
EXPORT_SYMBOL(inode_users);

void (ihold)(struct inode *inode)
{
	atomic_inc(&inode->i_count);
}

struct inode *(igrab)(struct inode *inode)
{
	bool alive;

	spin_lock(&inode->i_sb->s_inode_list_lock);
	alive = !PEEK(inode->evicted);
	if (alive)
		ihold(inode);
	spin_unlock(&inode->i_sb->s_inode_list_lock);
	return alive ? inode : NULL;
}

static bool inode_unhashed(const void *inode)
{
	return !READ_ONCE(((const struct inode *)inode)->freeing);
}

/* s_inode_list_lock held, which it drops to sleep. */
static void __wait_on_freeing_inode(struct inode *inode)
{
	spin_unlock(&inode->i_sb->s_inode_list_lock);
	___wait_var_event(&inode->freeing, inode_unhashed, inode, TASK_UNINTERRUPTIBLE, NULL, inode);
	spin_lock(&inode->i_sb->s_inode_list_lock);
}

/*
 * Looks the name up, then the inode, if there is a name and a mount that leads to it. It waits for an
 * inode that is being evicted, and reads it in again. The cached name holds the inode.
 * s_inode_list_lock held, dropped to sleep.
 */
static bool find_inode(struct inode *inode)
{
	while (inode->i_nlink &&
	       (is_devdax(inode->i_sb->s_dev) || READ_ONCE(inode->i_sb->mounted))) {
		if (inode->evicted && READ_ONCE(inode->freeing)) {
			__wait_on_freeing_inode(inode);
			continue;
		}
		if (!inode->i_dentry) {
			inode->i_dentry = true;
			POKE_SHARED(inode->evicted, false);
			ihold(inode);
		}
		return true;
	}
	return false;
}

struct inode *(iget_locked)(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	bool found;

	spin_lock(&sb->s_inode_list_lock);
	found = find_inode(inode);
	if (found)
		ihold(inode);
	spin_unlock(&sb->s_inode_list_lock);
	return found ? inode : NULL;
}

void clear_inode(struct inode *inode)
{
	WARN_ON(PEEK(inode->i_mapping.nrpages));
}
EXPORT_SYMBOL(clear_inode);

/* A thread that looks the name up, if there is one, waits for the end of the eviction. */
void (evict)(struct inode *inode)
{
	const struct file_system_type *op = inode->i_sb->s_type;

	op->evict_inode(inode);
	if (PEEK(inode->i_nlink)) {
		WRITE_ONCE(inode->freeing, false);	/* remove_inode_hash() */
		wake_up_var(&inode->freeing);		/* inode_wake_up_bit() */
	}
	if (op->destroy_inode)
		op->destroy_inode(inode);
}

/* I_FREEING: once for each time that the count comes to 0. s_inode_list_lock held. */
static bool claim_for_eviction(struct inode *inode)
{
	if (inode->evicted || PEEK_SHARED(inode->i_count.counter))
		return false;
	POKE_SHARED(inode->evicted, true);
	POKE_SHARED(inode->freeing, true);
	return true;
}

/* A name keeps the inode cached. */
static void iput_final(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	bool mine;

	spin_lock(&sb->s_inode_list_lock);
	mine = !inode->i_nlink && claim_for_eviction(inode);
	spin_unlock(&sb->s_inode_list_lock);
	if (mine)
		evict(inode);
}

void (iput)(struct inode *inode)
{
	if (atomic_dec_and_test(&inode->i_count))
		iput_final(inode);
}

/* fs/dcache.c */
int d_delete(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	bool found;

	spin_lock(&sb->s_inode_list_lock);
	found = find_inode(inode);
	if (found) {
		POKE_SHARED(inode->i_nlink, inode->i_nlink - 1);
		inode->i_dentry = false;
	}
	spin_unlock(&sb->s_inode_list_lock);
	if (!found)
		return -ENOENT;
	iput(inode);
	return 0;
}
EXPORT_SYMBOL(d_delete);

/* shrink_dcache_sb(): a name that nobody uses no longer holds its inode. s_inode_list_lock held. */
static void drop_unused_dentry(struct inode *inode)
{
	int one = 1;

	step_touches(&inode->i_count, sizeof(inode->i_count), MMREF_WRITE);
	if (inode->i_dentry && POKE_TRY_CMPXCHG(inode->i_count.counter, &one, 0))
		inode->i_dentry = false;
}

static void dispose_list(struct inode *head)
{
	while (head) {
		struct inode *inode = head;

		head = inode->i_dispose;
		inode->i_dispose = NULL;
		evict(inode);
	}
}

void (evict_inodes)(struct super_block *sb)
{
	struct inode *dispose = NULL;

	spin_lock(&sb->s_inode_list_lock);
	for (struct inode *inode = sb->s_inodes; inode; inode = inode->i_next) {
		drop_unused_dentry(inode);
		if (!claim_for_eviction(inode))
			continue;
		inode->i_dispose = dispose;
		dispose = inode;
	}
	spin_unlock(&sb->s_inode_list_lock);
	dispose_list(dispose);
}
