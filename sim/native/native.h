/* SPDX-License-Identifier: MIT */
/*
 * A program carried out by real threads: pthreads for its threads, liburcu for
 * RCU, the objects of lib/ unchanged.
 *
 * Round after round a new world is made in memory of its own, the threads run in
 * it together, and the counts are checked when all have stopped. Real threads
 * meet some interleavings and not others: a violation that is seen is real, one
 * that is not seen may still be there.
 */
#ifndef NATIVE_NATIVE_H
#define NATIVE_NATIVE_H

#include <mmref/program.h>
#include <mmref/rules.h>

#include <stddef.h>

struct native_report {
	uint64_t rounds;
	uint64_t violations;		/* rounds that had one */
	enum mmref_violation violation;	/* the gravest of all */
	const char *why;		/* of that one; or, where nothing could run, why not */
	size_t left_bytes;		/* of memory, after the last world was freed */
	double seconds;			/* that it took */
};

/*
 * Run the threads of @program under @rules for @seconds. 0, or -1 and ->why
 * where the scene cannot be set or there is no memory.
 */
int native_stress(const struct mmref_program *program, const struct mmref_rules *rules,
		  double seconds, struct native_report *report);

#endif
