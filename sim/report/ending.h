/* SPDX-License-Identifier: MIT */
/* How a run ended: what showed, who holds the page it is about, who sleeps. */
#ifndef REPORT_ENDING_H
#define REPORT_ENDING_H

#include "report/holders.h"
#include "report/operations.h"

#include <stdio.h>

struct sleeper {
	int task;
	const struct mmref_site *site;
};

struct ending {
	bool violated;
	enum mmref_violation violation;	/* the gravest that showed */
	const struct mmref_site *site;
	const char *why;
	int page;			/* index for mmref_sim_page(), or -1 */
	int task;			/* -1: at the end of the run */
	size_t loop;			/* of a livelock: the steps after so many repeat */
	struct sleeper sleeper[MOST_TASKS];
	unsigned int nr_sleepers;
};

/* What an observer's ->violation and ->asleep have to say. */
void ending_violation(struct ending *ending, int task, const struct mmref_found *found);
void ending_asleep(struct ending *ending, int task, const struct mmref_site *site);

/* @pages are those whose ledgers tell of a violation that is of no page. */
void print_ending(FILE *out, const struct ending *ending, const struct holders *holders,
		  struct mmref_sim *sim, const unsigned int *pages, unsigned int nr_pages);

#endif
