/* SPDX-License-Identifier: MIT */
/*
 * What a step did, as far as it matters to other tasks: two that touch nothing of each
 * other's come to the same state in either order.
 */
#ifndef EXPLORE_EFFECT_H
#define EXPLORE_EFFECT_H

#include "sched/sim.h"

/* What it touched: what it announced, and what it woke sleepers on or came to besides. */
struct effect {
	unsigned int nr;
	bool may_fail;			/* and then it has only read */
	struct touch touch[1 + MAX_TOUCHED];
	uint64_t before, after;		/* what it announced, of an addition or where it may fail */
};

/* @task is about to take the step it has announced. */
void effect_begin(struct effect *effect, const struct mmref_sim *sim, int task);
/* It has taken it. */
void effect_end(struct effect *effect, const struct mmref_sim *sim);

void effect_touch(struct effect *effect, const volatile void *object, size_t size,
		  enum mmref_access access);
/* @commute: both are additions to one counter, and change places. */
static inline bool touch_depends(const struct touch *a, const struct touch *b, bool commute)
{
	if (a->start >= b->end || b->start >= a->end ||
	    (a->access == MMREF_READ && b->access == MMREF_READ))
		return false;
	return !commute || a->access != MMREF_ADD || b->access != MMREF_ADD;
}

/* Most steps touch but one thing. */
static inline bool touches_depend(const struct touch *a, unsigned int nr_a, const struct touch *b,
				  unsigned int nr_b, bool commute)
{
	if (nr_a == 1 && nr_b == 1)
		return touch_depends(a, b, commute);
	for (const struct touch *x = a; x < a + nr_a; x++)
		for (const struct touch *y = b; y < b + nr_b; y++)
			if (touch_depends(x, y, commute))
				return true;
	return false;
}

#endif
