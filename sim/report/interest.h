/* SPDX-License-Identifier: MIT */
/*
 * Which steps of a run a reader wants to see: those that change a page or a
 * reference, look at a count that has a column, put somebody to sleep or wake him.
 * What lies between them is folded.
 */
#ifndef REPORT_INTEREST_H
#define REPORT_INTEREST_H

#include "report/columns.h"
#include "report/history.h"
#include "report/holders.h"

/* A run as far as it has been told, the step in question with it. */
struct told {
	struct mmref_sim *sim;
	const struct holders *holders;
	const struct history *history;
	const struct columns *columns;
};

/* As the step before left it. */
struct interest {
	size_t changes, pgmap_changes;	/* that the history had */
	bool asleep[MOST_TASKS];
	int last_task;			/* -1: before the first step */
};

void interest_begin(struct interest *interest);
bool is_of_interest(const struct interest *interest, const struct told *told, int task,
		    const struct mmref_step *step);
/* Did @task fall asleep or wake by the step that @by took? */
bool sleep_changed(const struct interest *interest, struct mmref_sim *sim, int task, int by);
/* The step of @task has been told. */
void interest_step(struct interest *interest, struct mmref_sim *sim, const struct history *history,
		   int task);

#endif
