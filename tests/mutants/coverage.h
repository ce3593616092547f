/* SPDX-License-Identifier: MIT */
/*
 * The kernel functions that a run enters.
 *
 *	coverage_of(&counted, rules);		each function of @counted notes that it is entered
 *	...explore a scenario under &counted...
 *	coverage_take(&coverage);		what was entered since the last coverage_take()
 *
 * A mutant differs from its rule set in one function, so that a run which does not enter the function
 * comes out as before.
 */
#ifndef MUTANTS_COVERAGE_H
#define MUTANTS_COVERAGE_H

#include <mmref/rules.h>

enum function_number {
#define FUNCTION(bodies, returns, name, ...)	NUMBER_OF_##name,
#include <mmref/functions.def>
	NR_FUNCTIONS,
};

struct coverage {
	bool entered[NR_FUNCTIONS];
};

/* One rule set at a time. A function that @rules does not have stays missing in @counted. */
void coverage_of(struct mmref_rules *counted, const struct mmref_rules *rules);
void coverage_take(struct coverage *coverage);
/* Is a function in both? */
bool coverage_meets(const struct coverage *a, const struct coverage *b);

#endif
