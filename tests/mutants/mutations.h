/* SPDX-License-Identifier: MIT */
/*
 * Ways to make a kernel function wrong. Made from functions.def, for each function of it:
 *
 *	left_out	does nothing, and returns 0, false or NULL
 *	fails		does nothing, and returns -ENOMEM or VM_FAULT_SIGBUS
 *	negated		returns the other bool
 *	twice		is done a second time, where it takes or puts a reference itself
 *
 * and by hand, for some: a reference too many or too few, steps in another order.
 *
 * A mutant is one rule set with one of them. It is killed where a scenario of that rule set, or
 * a recording of that kernel, comes out otherwise.
 */
#ifndef MUTANTS_MUTATIONS_H
#define MUTANTS_MUTATIONS_H

#include "coverage.h"

struct mutation {
	enum function_number of;
	const char *function, *name;	/* "dax_folio_put", "left_out" */
	size_t offset;			/* of the function in struct mmref_rules */
	void (*body)(void);		/* that is put there; NULL: @of has no such mutation */
};

extern const struct mutation mutations[];
extern const size_t nr_mutations;

/* Make @mutant of @rules. One at a time. */
void mutate(struct mmref_rules *mutant, const struct mmref_rules *rules,
	    const struct mutation *mutation);

#endif
