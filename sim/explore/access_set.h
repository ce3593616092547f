/* SPDX-License-Identifier: MIT */
/*
 * The memory that one step reads and writes.
 *
 *	a, b independent = no range of a overlaps a range of b, or both only read there
 *
 * Two independent steps lead to the same state in either order. Two additions to one counter
 * may count as independent as well: see execution_find_commuting().
 */
#ifndef EXPLORE_ACCESS_SET_H
#define EXPLORE_ACCESS_SET_H

#include "sched/sim.h"

/* access[0] is the announced access; the rest the model reported while the step ran. */
struct access_set {
	unsigned int nr;
	bool may_fail;			/* it may turn out to be a read, as a failed cmpxchg */
	struct access access[1 + MAX_TOUCHED];
	uint64_t before, after;		/* announced value, of an addition or where ->may_fail */
};

/* Call before @task takes its announced step. */
void access_set_begin(struct access_set *set, const struct mmref_sim *sim, int task);
/* Call after the step. */
void access_set_end(struct access_set *set, const struct mmref_sim *sim);

void access_set_add(struct access_set *set, const volatile void *object, size_t size,
		    enum mmref_access kind);

/* @commute: two additions to one counter count as independent. */
static inline bool access_dependent(const struct access *a, const struct access *b, bool commute)
{
	if (a->start >= b->end || b->start >= a->end ||
	    (a->kind == MMREF_READ && b->kind == MMREF_READ))
		return false;
	return !commute || a->kind != MMREF_ADD || b->kind != MMREF_ADD;
}

/* Most steps access one range: that case comes first. */
static inline bool accesses_dependent(const struct access *a, unsigned int nr_a,
				      const struct access *b, unsigned int nr_b, bool commute)
{
	if (nr_a == 1 && nr_b == 1)
		return access_dependent(a, b, commute);
	for (const struct access *x = a; x < a + nr_a; x++)
		for (const struct access *y = b; y < b + nr_b; y++)
			if (access_dependent(x, y, commute))
				return true;
	return false;
}

#endif
