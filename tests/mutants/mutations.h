/* SPDX-License-Identifier: MIT */
/*
 * Ways to make a hook of struct mmref_rules wrong, whatever the rule set has there: what should
 * be done is left out or done twice, what should be asked is answered unasked, one reference
 * too many is taken or one too few. They stand in the order of the table.
 *
 * A mutant is one rule set with one of them. It is killed where a scenario of that rule set, or
 * a recording of that kernel, comes out otherwise.
 */
#ifndef MUTANTS_MUTATIONS_H
#define MUTANTS_MUTATIONS_H

#include <mmref/rules.h>

struct mutation {
	const char *point;
	const char *name;	/* "left-out" */
	size_t offset;		/* of the point in the table */
	void (*function)(void);	/* what is put there; NULL: the point is a bool, and turned round */
};

extern const struct mutation mutations[];
extern const size_t nr_mutations;

/* Make @mutant of @rules. False where the rule set has nothing there. One mutant at a time. */
bool mutate(struct mmref_rules *mutant, const struct mmref_rules *rules,
	    const struct mutation *mutation);

#endif
