/* SPDX-License-Identifier: MIT */
/*
 * Memory in lines: what a step has changed is found, named and taken back by the line.
 */
#ifndef SCHED_LINES_H
#define SCHED_LINES_H

#include <stdint.h>

#define MEMORY_LINE	64	/* bytes; where one begins is a multiple of it */

/* Of @nr lines, 64 at most, which are not what they were @before: a bit each. */
uint64_t differing_lines(const char *now, const char *before, unsigned int nr);
/* The same, on any processor. */
uint64_t differing_lines_plainly(const char *now, const char *before, unsigned int nr);

#endif
