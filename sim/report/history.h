/* SPDX-License-Identifier: MIT */
/*
 * What each step of a run changed, recorded during a replay. diagnose.h reads it; it is not part
 * of any state.
 */
#ifndef REPORT_HISTORY_H
#define REPORT_HISTORY_H

#include "report/operations.h"
#include "sched/introspect.h"

#define MOST_DEVICES 4 /* that are recorded */

struct step_record {
	int task;
	const struct mmref_site *site;
	const char *operation;
	const volatile void *object;
};

struct page_look {
	struct mmref_page page;
	struct page_inside inside;
};

/* Step @number changed page @page. */
struct page_change {
	size_t number;
	unsigned int page;
	struct page_look before, after;
};

struct pgmap_change {
	size_t number;
	int device;
	struct pgmap_inside before, after;
};

struct history {
	struct mmref_sim *sim;
	struct step_record *steps;	/* step n at index n - 1 */
	size_t nr_steps, room_steps;
	struct page_inside *inside;	/* of each page, after the last step */
	struct page_look *pages;	/* as they are now */
	unsigned int nr_pages;
	struct page_change *changes;	/* oldest first */
	size_t nr_changes, room_changes;
	struct pgmap_inside pgmap[MOST_DEVICES];
	struct pgmap_change *pgmap_changes;
	size_t nr_pgmap_changes, room_pgmap_changes;
	/* for each task: the step that made true what it waits for; 0: it is not true */
	size_t come[MOST_TASKS];
	size_t shown[MMREF_NR_VIOLATIONS];	/* step at which each kind showed; 0: none */
	bool short_of_memory;
};

/* Call before the first step of @sim. */
void history_begin(struct history *history, struct mmref_sim *sim);
/* For ->step and ->violation of an observer. @operation must outlive the history. */
void history_step(struct history *history, int task, const struct mmref_step *step,
		  const char *operation);
void history_violation(struct history *history, enum mmref_violation violation);
void history_end(struct history *history);

#endif
