/* SPDX-License-Identifier: MIT */
/*
 * iomap: what a file system finds at an offset of a file, and the walk over it.
 *
 * Of a walk there is one turn: what is read, written or mapped at once is one extent.
 */
#ifndef MMREF_LINUX_IOMAP_H
#define MMREF_LINUX_IOMAP_H

#include <mmref/linux/export.h>
#include <mmref/linux/types.h>

#define HOLE		(-1)

/* What is at an offset of a file: HOLE, or a block, written to or not. */
typedef int block_t;
#define BLOCK_UNWRITTEN	(1 << 30)

static inline bool is_written(block_t block)
{
	return block != HOLE && !(block & BLOCK_UNWRITTEN);
}

enum {
	IOMAP_F_NEW = 1,	/* the blocks were a hole, or unwritten */
	IOMAP_F_SHARED = 2,	/* other files have them, or those that they are a copy of */
};

struct iomap {
	block_t block;
	block_t source;		/* of a write that is IOMAP_F_SHARED: what @block is to be a copy of */
	unsigned int flags;	/* IOMAP_F_* */
	struct dax_device *dax_dev;	/* iomap_iter() fills it in */
};

enum {
	IOMAP_WRITE = 1,
	IOMAP_FAULT = 2,
};

struct iomap_iter {
	struct inode *inode;
	pgoff_t pos;
	unsigned long len;	/* pages */
	unsigned int flags;	/* IOMAP_WRITE, IOMAP_FAULT */
	long processed;		/* pages, or -errno; 0: nothing was done */
	bool begun;
	struct iomap iomap;
	struct iomap srcmap;	/* where the copy comes from */
};

struct iomap_ops {
	/* What is at @pgoff, for 2^@order pages: see map_blocks(), blocks.h. 0 or -errno. */
	int (*iomap_begin)(struct inode *inode, pgoff_t pgoff, bool write, unsigned int order,
			   struct iomap *iomap);
	/* The write that it began is over, and was made or not. May be NULL. */
	int (*iomap_end)(struct inode *inode, pgoff_t pgoff, unsigned int order, bool written);
};

/* fs/iomap/iter.c: 1 where there is something to do, 0 once it is done, or -errno. */
int iomap_iter(struct iomap_iter *iter, const struct iomap_ops *ops) EXPORTED(iomap_iter);

/* A read() or write() of one page: where, and the byte that it comes to. */
struct kiocb {
	struct inode *ki_inode;
	pgoff_t ki_pos;
};

struct iov_iter {
	bool write;
	uint8_t *byte;
};

#endif
