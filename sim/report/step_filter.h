/* SPDX-License-Identifier: MIT */
/*
 * Which steps of a run a reader wants to see: those that change a page or a
 * reference, look at a count that has a column, put somebody to sleep or wake him.
 * What lies between them is folded.
 */
#ifndef REPORT_STEP_FILTER_H
#define REPORT_STEP_FILTER_H

#include "report/columns.h"
#include "report/history.h"
#include "report/holders.h"

/* A run as far as it has been told, the step in question with it. */
struct run_view {
	struct mmref_sim *sim;
	const struct holders *holders;
	const struct history *history;
	const struct columns *columns;
};

/* As the step before left it. */
struct step_filter {
	size_t changes, pgmap_changes;	/* that the history had */
	bool asleep[MOST_TASKS];
	int last_task;			/* -1: before the first step */
};

void step_filter_begin(struct step_filter *filter);
bool step_filter_shows(const struct step_filter *filter, const struct run_view *run, int task,
		    const struct mmref_step *step);
/* Did @task fall asleep or wake by the step that @by took? */
bool sleep_changed(const struct step_filter *filter, struct mmref_sim *sim, int task, int by);
/* The step of @task has been told. */
void step_filter_step(struct step_filter *filter, struct mmref_sim *sim, const struct history *history,
		   int task);

#endif
