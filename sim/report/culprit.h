/* SPDX-License-Identifier: MIT */
/*
 * Who brought a run to its end, and how: the steps behind what showed.
 *
 *	took, holds, mapped	references and entries that are still there
 *	put, cleared		what they should have outlasted, or gone with
 *	removed, freed		memory or a block that went while they were there
 *	waits, owns, woke	who sleeps, for whom, and who passed it by
 *
 * A line is a fact of the run: what the run does not show is left out, never
 * guessed. Where two tasks could have been the one, neither is named.
 */
#ifndef REPORT_CULPRIT_H
#define REPORT_CULPRIT_H

#include "report/ending.h"
#include "report/history.h"

#include <cjson/cJSON.h>

#define MOST_CULPRITS	16

struct culprit {
	const char *role;
	int task;			/* -1: before the first step */
	size_t number;			/* of the step; 0: none is to be told */
	const struct mmref_site *site;	/* or NULL */
	char operation[OPERATION_TEXT];	/* or empty */
	char what[160];
};

struct culprits {
	struct culprit line[MOST_CULPRITS];
	unsigned int nr;
};

/* The run is over, and its world still stands as it left it. */
void find_culprits(struct culprits *culprits, const struct ending *ending,
		   const struct holders *holders, const struct history *history);

/* The same of the run that @schedule makes of @sim. */
void find_culprits_of(struct culprits *culprits, struct mmref_sim *sim,
		      const struct mmref_schedule *schedule);

void print_culprits(FILE *out, const struct culprits *culprits, struct mmref_sim *sim);
/* An array: role, task, step, operation, function, source, line, what. */
cJSON *json_culprits(const struct culprits *culprits, struct mmref_sim *sim);

#endif
