/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <mmref/kernel.h>

#include <mmref/linux/pmem.h>
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

void inode_users(struct inode *inode, int change)
{
	__atomic_add_fetch(&inode->users, change, __ATOMIC_SEQ_CST);
}

void ihold(struct inode *inode)
{
	atomic_inc(&inode->i_count);
}

bool igrab(struct inode *inode)
{
	bool alive;

	spin_lock(&inode->i_sb->s_inode_list_lock);
	alive = !PEEK(inode->evicted);
	if (alive)
		ihold(inode);
	spin_unlock(&inode->i_sb->s_inode_list_lock);
	return alive;
}

/* s_inode_list_lock held. */
static bool is_freeing(const struct inode *inode)
{
	return inode->evicted && READ_ONCE(inode->freeing);
}

static bool has_path(const struct super_block *sb)
{
	return is_devdax(sb->s_dev) || READ_ONCE(sb->mounted);
}

static bool is_gone(const void *arg)
{
	return !READ_ONCE(((const struct inode *)arg)->freeing);
}

/* __wait_on_freeing_inode(), s_inode_list_lock dropped and taken again. */
static void wait_on_freeing_inode(struct inode *inode)
{
	spin_unlock(&inode->i_sb->s_inode_list_lock);
	___wait_var_event(&inode->freeing, is_gone, inode, TASK_UNINTERRUPTIBLE, NULL, inode);
	spin_lock(&inode->i_sb->s_inode_list_lock);
}

/* The look-up caches the name anew, which holds the inode. s_inode_list_lock held. */
static void read_in(struct inode *inode)
{
	inode->i_dentry = true;
	POKE_SHARED(inode->evicted, false);
	ihold(inode);
}

/* Is there such a name, which holds the inode? s_inode_list_lock held, and dropped to sleep. */
static bool lookup(struct inode *inode)
{
	bool found;

	while ((found = inode->i_nlink && has_path(inode->i_sb)) && is_freeing(inode))
		wait_on_freeing_inode(inode);
	if (found && !inode->i_dentry)
		read_in(inode);
	return found;
}

int iget_locked(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	bool found;

	spin_lock(&sb->s_inode_list_lock);
	found = lookup(inode);
	if (found)
		ihold(inode);
	spin_unlock(&sb->s_inode_list_lock);
	return found ? 0 : -ENOENT;
}

/*
 * evict(): nobody can reach the inode any more; what it waits for is the rule set's affair. Who
 * looks its name up, if it has one, waits for the end of it.
 */
static void evict(struct inode *inode)
{
	struct address_space *mapping = &inode->i_mapping;

	inode->i_sb->s_type->evict_inode(inode);
	WARN_ON(PEEK(mapping->nrpages));	/* clear_inode() */
	if (!PEEK(inode->i_nlink))
		return;
	WRITE_ONCE(inode->freeing, false);
	wake_up_var(&inode->freeing);		/* remove_inode_hash(), inode_wake_up_bit() */
}

/* I_FREEING: once for each time that the count has come to 0. s_inode_list_lock held. */
static bool claim_for_eviction(struct inode *inode)
{
	if (inode->evicted || PEEK_SHARED(inode->i_count.counter))
		return false;
	POKE_SHARED(inode->evicted, true);
	POKE_SHARED(inode->freeing, true);
	return true;
}

/* iput_final(): a name keeps the inode cached, the last put of an unlinked one evicts it. */
void iput(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	bool mine;

	if (!atomic_dec_and_test(&inode->i_count))
		return;
	spin_lock(&sb->s_inode_list_lock);
	mine = !inode->i_nlink && claim_for_eviction(inode);
	spin_unlock(&sb->s_inode_list_lock);
	if (mine)
		evict(inode);
}

int drop_name(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	bool found;

	spin_lock(&sb->s_inode_list_lock);
	found = lookup(inode);
	if (found) {
		POKE_SHARED(inode->i_nlink, inode->i_nlink - 1);
		inode->i_dentry = false;
	}
	spin_unlock(&sb->s_inode_list_lock);
	if (found)
		iput(inode);
	return found ? 0 : -ENOENT;
}

/* shrink_dcache_sb(): a name that nobody uses stops holding its inode. s_inode_list_lock held. */
static void drop_unused_dentry(struct inode *inode)
{
	int one = 1;

	step_touches(&inode->i_count, sizeof(inode->i_count), MMREF_WRITE);
	if (inode->i_dentry &&
	    __atomic_compare_exchange_n(&inode->i_count.counter, &one, 0, false, __ATOMIC_SEQ_CST,
					__ATOMIC_SEQ_CST))
		inode->i_dentry = false;
}

void evict_inodes(struct super_block *sb)
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

	while (dispose) {
		struct inode *inode = dispose;

		dispose = inode->i_dispose;
		inode->i_dispose = NULL;
		evict(inode);
	}
}
