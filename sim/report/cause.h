/* SPDX-License-Identifier: MIT */
/*
 * The causes of a violation: the steps of the run that led to it, each in a role.
 *
 * 	took, holds, mapped	references and entries that are still there
 * 	put, cleared		references and entries that went too early, or alone
 * 	removed, freed		memory, or a block, that went while it was in use
 * 	waits, owns, woke	tasks that sleep, what they wait for, wake-ups of others
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
	size_t number;			/* number of the step; 0: no step */
	const struct mmref_site *site;	/* may be NULL */
	char operation[OPERATION_TEXT];	/* may be empty */
	char what[160];
};

struct causes {
	struct cause cause[MOST_CAUSES];
	unsigned int nr;
};

void print_causes(FILE *out, const struct causes *causes, struct mmref_sim *sim);
/* A JSON array: role, task, step, operation, function, source, line, what. */
cJSON *json_causes(const struct causes *causes, struct mmref_sim *sim);

#endif
