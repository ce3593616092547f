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
#ifndef REPORT_CAUSE_H
#define REPORT_CAUSE_H

#include "report/operations.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#define MOST_CAUSES	16

struct cause {
	const char *role;
	int task;			/* -1: before the first step */
	size_t number;			/* of the step; 0: none is to be told */
	const struct mmref_site *site;	/* or NULL */
	char operation[OPERATION_TEXT];	/* or empty */
	char what[160];
};

struct causes {
	struct cause cause[MOST_CAUSES];
	unsigned int nr;
};

void print_causes(FILE *out, const struct causes *causes, struct mmref_sim *sim);
/* An array: role, task, step, operation, function, source, line, what. */
cJSON *json_causes(const struct causes *causes, struct mmref_sim *sim);

#endif
