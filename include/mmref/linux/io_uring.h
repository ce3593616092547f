/* SPDX-License-Identifier: MIT */
/*
 * io_uring, as far as it holds pages: buffers that are registered, io_uring/rsrc.c.
 *
 *	a registered buffer = a pin of each of its pages
 *	where it lies in large folios, one pin of each folio (since v6.12)
 */
#ifndef MMREF_LINUX_IO_URING_H
#define MMREF_LINUX_IO_URING_H

#include <mmref/linux/spinlock.h>
#include <mmref/linux/types.h>

#define IO_BVECS_MAX	16

struct io_ring_ctx {
	struct mutex uring_lock;
	struct mutex tctx_lock;		/* since v7.2 */
	struct mm_struct *mm_account;
};

struct io_imu_folio_data {
	unsigned int nr_pages_head;	/* pages of the buffer in its first folio */
	unsigned int nr_pages_mid;	/* and in each further one, but for the last */
	unsigned int folio_shift;	/* order of a folio */
	unsigned int first_folio_page_idx;
	unsigned int nr_folios;
};

struct io_mapped_ubuf {
	struct page *bvec[IO_BVECS_MAX];
	unsigned int nr_bvecs;
	unsigned int folio_shift;	/* pages behind each entry of bvec, as a power of two */
	unsigned int first;		/* where in the first of them the buffer begins */
};

#endif
