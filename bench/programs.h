/* SPDX-License-Identifier: MIT */
/*
 * Two small programs that other tools have explored too, step for step:
 *
 *	gup	GUP-fast readers against a thread that clears the PTE and puts its page
 *	ref	threads that try to get and put one count against one that puts the
 *		base reference, waits for 0 and frees
 *
 * and one that none of them finishes:
 *
 *	pure	threads that get and put one count, which somebody else holds
 */
#ifndef BENCH_PROGRAMS_H
#define BENCH_PROGRAMS_H

#include <mmref/explore.h>

/*
 * The program @name, of @threads in all, the readers of which go
 * @rounds times round, in a world with @world bytes that nobody uses. NULL when memory
 * is short.
 */
struct mmref_sim *counted_program(const char *name, int threads, int rounds, size_t world);

#endif
