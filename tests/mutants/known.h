/* SPDX-License-Identifier: MIT */
/* known.tsv: the mutants that nothing kills, each with its reason. */
#ifndef MUTANTS_KNOWN_H
#define MUTANTS_KNOWN_H

#include <stdbool.h>

enum known {
	KILLED,		/* what is not in the table should be */
	EQUIVALENT,	/* nothing could tell it from what it is a mutant of */
	SURVIVES,	/* a scenario is missing, or cannot be had */
	NR_KNOWN,
};

/* False, and a line on standard error, where @file is not as it should be. */
bool known_load(const char *file);
/* What is known of the mutant @name of @point of @rules. */
enum known known_of(const char *rules, const char *point, const char *name);

#endif
