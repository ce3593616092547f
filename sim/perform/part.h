/* SPDX-License-Identifier: MIT */
/*
 * What one thread of a program does, and where it finds what it does it to: an object that
 * one thread makes and another uses is handed over, in memory that both come to. That is a
 * step.
 */
#ifndef PERFORM_PART_H
#define PERFORM_PART_H

#include <mmref/program.h>

#include <stdbool.h>
#include <stdint.h>

struct stage;

struct part {
	struct stage *stage;
	const struct mmref_ops *ops;
	uint64_t handed_over;		/* objects, by bit: others change what they are */
};

/* Of the thread with number @thread of the stage's program. */
void part_cast(struct part *part, struct stage *stage, unsigned int thread);
/* Do both do the same? */
bool parts_are_alike(const struct part *a, const struct part *b);
/* The body of a thread: @arg is its part. One operation after the other, whatever comes of them. */
void part_play(void *arg);

#endif
