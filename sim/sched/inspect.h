/* SPDX-License-Identifier: MIT */
/*
 * What a report that looks for the culprit asks of a world as it stands, beyond
 * what <mmref/explore.h> shows of it. Looks take no steps and change nothing.
 */
#ifndef SCHED_INSPECT_H
#define SCHED_INSPECT_H

#include "sched/sim.h"

/* Beside a page's counts. */
struct page_inside {
	uint64_t files;		/* that have its block, by inode number */
	int entries;		/* DAX entries that name it */
	bool marked_dirty;	/* one of these has the mark */
	bool marked_towrite;
	bool unflushed;		/* a store to it is not on the medium */
	int users;		/* references that some user can give back */
	int pmds;		/* of the page table entries that name it */
};

struct pgmap_inside {
	unsigned long references;
	bool dying;
};

/* What a task waits for. */
struct wait_inside {
	const volatile void *object;	/* a lock, or the address that a wake-up has to name */
	unsigned int holders;		/* of a lock, or those it is to see leave: by task */
	bool by_wakeup;			/* the object is such an address */
	bool come;			/* what it waits for is there */
};

/* Of the first @nr pages, as mmref_sim_page() counts them; all at once, for entries are many. */
void sim_pages_inside(struct mmref_sim *sim, struct page_inside *inside, unsigned int nr);
/* False where there is no device @i. */
bool sim_pgmap_inside(struct mmref_sim *sim, int i, struct pgmap_inside *inside);
/* False where @task waits for nothing. It may have queued and not sleep yet. */
bool sim_wait_inside(struct mmref_sim *sim, int task, struct wait_inside *inside);
/* The device whose pgmap, or completion of it, @object is of; -1 where it is of none. */
int sim_pgmap_of(struct mmref_sim *sim, const volatile void *object);
bool sim_task_has_returned(struct mmref_sim *sim, int task);
bool sim_task_has_died(struct mmref_sim *sim, int task);

#endif
