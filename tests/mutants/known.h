/* SPDX-License-Identifier: MIT */
/* known.tsv: the mutants that nothing kills, and the functions that nothing enters, with the reason. */
#ifndef MUTANTS_KNOWN_H
#define MUTANTS_KNOWN_H

#include <stdbool.h>

enum known {
	KILLED,		/* what is not in the table should be */
	EQUIVALENT,	/* nothing could tell it from what it is a mutant of */
	SURVIVES,	/* a scenario is missing, or cannot be had */
	UNREACHED,	/* no scenario and no recording enters the function */
	NR_KNOWN,
};

/* False, and a line on standard error, where @file is not as it should be. */
bool known_load(const char *file);
/* What is known of the mutant @name of @function of @rules; of a function itself, @name is "any". */
enum known known_of(const char *rules, const char *function, const char *name);
/* Print the rows that nothing was asked of. False where there are some. */
bool known_all_used(void);

#endif
