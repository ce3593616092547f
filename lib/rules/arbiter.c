/* SPDX-License-Identifier: MIT */
/*
 * Dave Chinner's arbiter, nvdimm and linux-xfs, September 2022, laid over any rule set: the
 * inode decides over the medium, and whoever holds pages of it holds the inode.
 *
 *	i_count = names + open files + maps + pages that GUP gave out or tee() copied
 *
 * "GUP must pin the VMA": the inode is found by the VMA and held before a page is
 * taken, and let go after the page has been put. So an eviction cannot begin under a
 * pin, an unlink takes the name and no more, and umount is -EBUSY; the last put
 * evicts what was unlinked meanwhile. (A kernel would hold the mount as well: it is that,
 * and no inode, which its umount counts.)
 *
 * All else is as under the rule set below:
 *	truncate and punch know nothing of it, and wait for a held page or miss it as before;
 *	an unbind asks no inode: the pin holds the file, and not the device under it;
 *	of device-dax it is the inode of the device node, which decides over no block.
 *
 * Jason Gunthorpe's objection was that a munmap may drop what the VMA holds while GUP goes on:
 * GUP looks for the VMA again when it has the pages, and gives up where it is gone. Jan Kara's,
 * that every pin counts one word of its inode, shows here in steps, and not in time.
 */
#include <errno.h>

#include <mmref/kernel.h>

#include "rules/rules.h"
#include "world.h"

/* What it replaces: the outermost functions that give pages to a user, and that take them back. */
#define REPLACED(X)                                                                                \
	X(get_user_pages_fast) X(pin_user_pages_fast)                                              \
	X(get_user_pages_remote) X(pin_user_pages_remote) X(pin_user_pages)                        \
	X(generic_pipe_buf_get)                                                                    \
	X(put_page) X(folio_put) X(unpin_user_page) X(unpin_user_folio) X(unpin_user_pages)

enum {
#define X(function) BELOW_##function,
	REPLACED(X)
#undef X
	NR_BELOW,
};

_Static_assert(NR_BELOW == MMREF_BELOW, "a place for each function that is replaced");

/* The function of the rule set that the overlay lies over. */
#define BELOW(function)	((__typeof__(rules()->function))rules()->below[BELOW_##function])

static void hold_inode(struct inode *inode, int times)
{
	inode_users(inode, times);
	for (int i = 0; i < times; i++)
		ihold(inode);
}

static void drop_inode(struct inode *inode, int times)
{
	inode_users(inode, -times);
	for (int i = 0; i < times; i++)
		iput(inode);
}

/* The inode that @vma maps, or NULL. A node of sysfs has no number, and decides over no block. */
static struct inode *inode_of_vma(const struct vm_area_struct *vma)
{
	struct inode *inode = vma && vma->vm_file ? vma->vm_file->f_inode : NULL;

	return inode && inode->i_ino ? inode : NULL;
}

/* The inode through which the task took @page, and which it holds for it; or NULL. */
static struct inode *inode_taken_through(const struct page *page, uint8_t ino)
{
	const struct pmem_device *pmem = current->world->devices[page_device(page)->slot];
	struct inode *inode = pmem && ino ? pmem->sb->s_inodes : NULL;

	while (inode && inode->i_ino != ino)
		inode = inode->i_next;
	return inode;
}

/* Of @nr pages held, those that have a struct page are given out. */
static int pages_given_out(struct page **pages, long nr)
{
	int given = 0;

	for (long i = 0; i < nr; i++)
		given += !!pages[i];
	return given;
}

/* mmap_lock held: @vma cannot go before the walk is over. */
static long get_locked(long (*gup)(struct mm_struct *mm, unsigned long start,
				   unsigned long nr_pages, unsigned int gup_flags,
				   struct page **pages),
		       struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
		       unsigned int gup_flags, struct page **pages)
{
	struct inode *inode = inode_of_vma(vma_lookup(mm, start));
	long nr;

	if (inode)
		hold_inode(inode, nr_pages);
	POKE(current->through, inode ? inode->i_ino : 0);
	nr = gup(mm, start, nr_pages, gup_flags, pages);
	if (inode)
		drop_inode(inode, nr_pages - pages_given_out(pages, nr));
	return nr;
}

/* The VMA may go meanwhile, and with it what holds the inode: it is looked for again. */
static int get_unlocked(int (*gup)(struct mm_struct *mm, unsigned long start, int nr_pages,
				   unsigned int gup_flags, struct page **pages),
			struct mm_struct *mm, unsigned long start, int nr_pages,
			unsigned int gup_flags, struct page **pages, bool pin)
{
	struct vm_area_struct *vma;
	struct inode *inode;
	bool there;
	int nr;

	down_read(&mm->mmap_lock);
	vma = vma_lookup(mm, start);
	inode = inode_of_vma(vma);
	if (inode)
		hold_inode(inode, nr_pages);
	up_read(&mm->mmap_lock);
	if (!vma)
		return -EFAULT;

	POKE(current->through, inode ? inode->i_ino : 0);
	nr = gup(mm, start, nr_pages, gup_flags, pages);
	if (nr > 0) {
		down_read(&mm->mmap_lock);
		there = vma_lookup(mm, vma->vm_start) == vma;
		up_read(&mm->mmap_lock);
		for (int i = 0; !there && i < nr; i++)
			if (pages[i])
				gup_put_folio(page_folio(pages[i]), 1, pin ? FOLL_PIN : FOLL_GET,
					      pin ? HELD_BY_PIN : HELD_BY_GET);
		if (!there)
			nr = -EFAULT;
	}
	if (inode)
		drop_inode(inode, nr_pages - pages_given_out(pages, nr));
	return nr;
}

static int (get_user_pages_fast)(struct mm_struct *mm, unsigned long start, int nr_pages,
				 unsigned int gup_flags, struct page **pages)
{
	return get_unlocked(BELOW(get_user_pages_fast), mm, start, nr_pages, gup_flags, pages,
			    false);
}

static int (pin_user_pages_fast)(struct mm_struct *mm, unsigned long start, int nr_pages,
				 unsigned int gup_flags, struct page **pages)
{
	return get_unlocked(BELOW(pin_user_pages_fast), mm, start, nr_pages, gup_flags, pages, true);
}

static long (get_user_pages_remote)(struct mm_struct *mm, unsigned long start,
				    unsigned long nr_pages, unsigned int gup_flags,
				    struct page **pages)
{
	return get_locked(BELOW(get_user_pages_remote), mm, start, nr_pages, gup_flags, pages);
}

static long (pin_user_pages_remote)(struct mm_struct *mm, unsigned long start,
				    unsigned long nr_pages, unsigned int gup_flags,
				    struct page **pages)
{
	return get_locked(BELOW(pin_user_pages_remote), mm, start, nr_pages, gup_flags, pages);
}

static long (pin_user_pages)(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			     unsigned int gup_flags, struct page **pages)
{
	return get_locked(BELOW(pin_user_pages), mm, start, nr_pages, gup_flags, pages);
}

/* A copy of a buffer is one more page that is held. */
static bool (generic_pipe_buf_get)(struct pipe_inode_info *pipe, struct pipe_buffer *buf)
{
	struct inode *inode = buf->page ? inode_taken_through(buf->page, buf->ino) : NULL;
	bool got = BELOW(generic_pipe_buf_get)(pipe, buf);

	if (got && inode)
		hold_inode(inode, 1);
	return got;
}

/* The inode to be dropped for @page once it was put; NULL inside of another put, too. */
static struct inode *begin_put(const struct page *page, enum mmref_holder held)
{
	bool user = held == HELD_BY_GET || held == HELD_BY_PIN;
	struct inode *inode = NULL;

	if (user && !current->in_overlay)
		inode = inode_taken_through(page, current->through);
	if (inode)
		POKE(current->in_overlay, true);
	return inode;
}

static void end_put(struct inode *inode, int times)
{
	if (!inode)
		return;
	POKE(current->in_overlay, false);
	drop_inode(inode, times);
}

static void (put_page)(struct page *page, enum mmref_holder held)
{
	struct inode *inode = begin_put(page, held);

	BELOW(put_page)(page, held);
	end_put(inode, 1);
}

static void (folio_put)(struct folio *folio, enum mmref_holder held)
{
	struct inode *inode = begin_put(&folio->page, held);

	BELOW(folio_put)(folio, held);
	end_put(inode, 1);
}

static void (unpin_user_page)(struct page *page, enum mmref_holder held)
{
	struct inode *inode = begin_put(page, held);

	BELOW(unpin_user_page)(page, held);
	end_put(inode, 1);
}

static void (unpin_user_folio)(struct folio *folio, unsigned long npages, enum mmref_holder held)
{
	struct inode *inode = begin_put(&folio->page, held);

	BELOW(unpin_user_folio)(folio, npages, held);
	end_put(inode, npages);
}

static void (unpin_user_pages)(struct page **pages, unsigned long npages)
{
	struct inode *inode = NULL;

	for (unsigned long i = 0; i < npages && !inode; i++)
		if (pages[i])
			inode = begin_put(pages[i], HELD_BY_PIN);
	BELOW(unpin_user_pages)(pages, npages);
	end_put(inode, pages_given_out(pages, npages));
}

void mmref_overlay_arbiter(struct mmref_rules *rules)
{
#define X(function)                                                                                \
	rules->below[BELOW_##function] =                                                           \
		mmref_rules_function_of(rules, offsetof(struct mmref_rules, function));            \
	rules->function = function;
	REPLACED(X)
#undef X
}
