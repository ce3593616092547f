/* SPDX-License-Identifier: MIT */
/* The clock of the search. */
#ifndef EXPLORE_CLOCK_H
#define EXPLORE_CLOCK_H

#include <stdint.h>
#include <time.h>

/*
 * Nanoseconds of the monotonic clock. An integer: floating point while fibers run would set
 * sticky flags, which are saved on the fibers' stacks and would make equal states differ.
 */
static inline uint64_t search_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

#endif
