/* SPDX-License-Identifier: MIT */
#include "fs/dax.h"
#include "kernel/bug.h"

struct inode *new_inode(struct super_block *sb, unsigned long max_pages)
{
	struct world *world = current->world;
	struct inode *inode = world_new(world, struct inode);

	if (!inode || PEEK(sb->next_ino) == MAX_INODES - 1)
		return NULL;
	inode->i_sb = sb;
	inode->max_pages = max_pages;
	inode->i_mapping.host = inode;
	inode->i_mapping.entry = world_alloc(world, max_pages * sizeof(*inode->i_mapping.entry));
	inode->i_mapping.tags = world_alloc(world, max_pages);
	inode->block = world_alloc(world, max_pages * sizeof(*inode->block));
	inode->cow = world_alloc(world, max_pages * sizeof(*inode->cow));
	if (!inode->i_mapping.entry || !inode->i_mapping.tags || !inode->block || !inode->cow)
		return NULL;
	for (unsigned long i = 0; i < max_pages; i++)
		inode->block[i] = inode->cow[i] = HOLE;
	inode->i_nlink = 1;
	inode->i_dentry = true;
	inode->i_count.counter = 1;

	spin_lock(&sb->s_inode_list_lock);
	inode->i_ino = ++sb->next_ino;
	inode->i_next = sb->s_inodes;
	POKE(sb->s_inodes, inode);
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

/* evict(): nobody can reach the inode any more; what it waits for is the rule set's affair. */
static void evict(struct inode *inode)
{
	struct address_space *mapping = &inode->i_mapping;

	inode->i_sb->s_type->evict_inode(inode);
	WARN_ON(PEEK(mapping->nrpages));	/* clear_inode() */
}

/* I_FREEING: once for each time that the count has come to 0. s_inode_list_lock held. */
static bool claim_for_eviction(struct inode *inode)
{
	if (inode->evicted || PEEK(inode->i_count.counter))
		return false;
	POKE(inode->evicted, true);
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

/* shrink_dcache_sb(): a name that nobody uses stops holding its inode. s_inode_list_lock held. */
static void drop_unused_dentry(struct inode *inode)
{
	int one = 1;

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
