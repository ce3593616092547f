/* SPDX-License-Identifier: MIT */
/*
 * seqcount_t, include/linux/seqlock.h: odd while somebody writes. A reader that finds it odd,
 * or another one than before, has read across a write. Who writes holds a lock besides.
 */
#ifndef KERNEL_SEQCOUNT_H
#define KERNEL_SEQCOUNT_H

#include <mmref/linux/atomic.h>

typedef struct {
	unsigned int sequence;
} seqcount_t;

/* *@start is what read_seqcount_retry() compares with; false while somebody writes. */
#define raw_seqcount_try_begin(s, start)                                                           \
	({                                                                                         \
		*(start) = READ_ONCE((s)->sequence);                                               \
		!(*(start) & 1);                                                                   \
	})
#define read_seqcount_retry(s, start)	(READ_ONCE((s)->sequence) != (start))

#define raw_write_seqcount_begin(s)	WRITE_ONCE((s)->sequence, PEEK((s)->sequence) + 1)
#define raw_write_seqcount_end(s)	WRITE_ONCE((s)->sequence, PEEK((s)->sequence) + 1)

#endif
