/* SPDX-License-Identifier: MIT */
/* How a run ended: the gravest violation, who holds the page it concerns, which tasks sleep. */
#ifndef REPORT_RUN_END_H
#define REPORT_RUN_END_H

#include "report/holders.h"
#include "report/operations.h"

#include <stdio.h>

struct sleeper {
	int task;
	const struct mmref_site *site;
};

struct run_end {
	bool violated;
	enum mmref_violation violation;	/* the gravest */
	const struct mmref_site *site;
	const char *why;
	int page;			/* index for mmref_sim_page(), or -1 */
	int task;			/* -1: at the end of the run */
	size_t loop;			/* livelock: steps before the loop */
	struct sleeper sleeper[MOST_TASKS];
	unsigned int nr_sleepers;
};

/* For ->violation and ->asleep of an observer. */
void run_end_violation(struct run_end *end, int task, const struct mmref_found *found);
void run_end_asleep(struct run_end *end, int task, const struct mmref_site *site);

/* Print it. If the violation names no page, the ledgers of @pages are printed. */
void print_run_end(FILE *out, const struct run_end *end, const struct holders *holders,
		  struct mmref_sim *sim, const unsigned int *pages, unsigned int nr_pages);

#endif
