/* SPDX-License-Identifier: MIT */
/*
 * What one thread of a program does, and where it finds what it does it to.
 *
 * An object that one thread makes and another uses is handed over, in memory that both
 * come to: that is a step. A hold that only one thread knows is its own, and lies on its
 * stack: threads whose holds differ in nothing but their names are equals.
 */
#ifndef PERFORM_PART_H
#define PERFORM_PART_H

#include <mmref/program.h>

#include <stdbool.h>
#include <stdint.h>

struct stage;

#define PART_HOLDS	2	/* a thread's own; more of them lie on the stage */

/* Where a thread finds an object; from 1 on, which of its own holds it is. */
enum place {
	ON_STAGE = 0,		/* nobody else changes what it is */
	HANDED_OVER = -1,	/* on the stage, and others do */
};

struct part {
	struct stage *stage;
	const struct mmref_ops *ops;
	bool of_several;		/* equals, whose ops are called otherwise */
	uint8_t nr_holds;		/* its own */
	int8_t place[MMREF_MAX_OBJECTS];
};

/* Of the thread with number @thread of the stage's program. */
void part_cast(struct part *part, struct stage *stage, unsigned int thread);
/* Do both do the same, whatever their own holds are called? */
bool parts_are_alike(const struct part *a, const struct part *b);
/* The body of a thread: @arg is its part. One operation after the other, whatever comes of them. */
void part_play(void *arg);

#endif
