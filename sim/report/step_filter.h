/* SPDX-License-Identifier: MIT */
/*
 * Which steps of a run are printed: those that change a page or a reference, read a count that
 * has a column, or put a task to sleep or wake one. The steps between them are folded.
 */
#ifndef REPORT_STEP_FILTER_H
#define REPORT_STEP_FILTER_H

#include "report/columns.h"
#include "report/history.h"
#include "report/holders.h"

/* The run so far, with the current step. */
struct run_view {
	struct mmref_sim *sim;
	const struct holders *holders;
	const struct history *history;
	const struct columns *columns;
};

/* The run before the current step. */
struct step_filter {
	size_t changes, pgmap_changes;	/* length of the history's lists */
	bool asleep[MOST_TASKS];
	int last_task;			/* -1: before the first step */
};

void step_filter_begin(struct step_filter *filter);
bool step_filter_shows(const struct step_filter *filter, const struct run_view *run, int task,
		    const struct mmref_step *step);
/* Did @task fall asleep or wake in the step that @by took? */
bool sleep_changed(const struct step_filter *filter, struct mmref_sim *sim, int task, int by);
/* Call after a step of @task was printed or folded. */
void step_filter_step(struct step_filter *filter, struct mmref_sim *sim,
		      const struct history *history, int task);

#endif
