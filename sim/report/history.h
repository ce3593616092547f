/* SPDX-License-Identifier: MIT */
/*
 * What a run changed, and at which step: written down as the schedule is run
 * again, so that the end can be told by its causes. States keep nothing of it.
 */
#ifndef REPORT_HISTORY_H
#define REPORT_HISTORY_H

#include "report/operations.h"
#include "sched/introspect.h"

#define MOST_DEVICES 4 /* that are looked at */

struct told_step {
	int task;
	const struct mmref_site *site;
	const char *operation;
	const volatile void *object;
};

struct page_look {
	struct mmref_page page;
	struct page_inside inside;
};

/* Step @number left the @page-th page another than it found it. */
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
	struct told_step *steps;	/* the step with number n at n - 1 */
	size_t nr_steps, room_steps;
	struct page_inside *inside;	/* of each page, as the last look found it */
	struct page_look *pages;	/* as they stand */
	unsigned int nr_pages;
	struct page_change *changes;	/* oldest first */
	size_t nr_changes, room_changes;
	struct pgmap_inside pgmap[MOST_DEVICES];
	struct pgmap_change *pgmap_changes;
	size_t nr_pgmap_changes, room_pgmap_changes;
	/* of each task: the step since which what it waits for is there; 0: it is not */
	size_t come[MOST_TASKS];
	size_t shown[MMREF_NR_VIOLATIONS];	/* the step each kind showed at; 0: none */
	bool short_of_memory;
};

/* The first looks, before the first step of @sim. */
void history_begin(struct history *history, struct mmref_sim *sim);
/* What an observer's ->step and ->violation have to say; @operation lasts as long as this. */
void history_step(struct history *history, int task, const struct mmref_step *step,
		  const char *operation);
void history_violation(struct history *history, enum mmref_violation violation);
void history_end(struct history *history);

#endif
