/* SPDX-License-Identifier: MIT */
/*
 * The current state of a simulation, beyond what <mmref/explore.h> shows of it, for the report that
 * looks for a cause. Nothing here takes a step or changes the world.
 */
#ifndef SCHED_INTROSPECT_H
#define SCHED_INTROSPECT_H

#include "check/introspect.h"
#include "sched/sim.h"

/* What a task waits for. */
struct wait_inside {
	const volatile void *object;	/* a lock, or the address that a wake-up names */
	unsigned int holders;		/* tasks that hold the lock or are in the section, by bit */
	bool by_wakeup;			/* the object is such an address */
	bool come;			/* its condition holds */
};

/* Of the first @nr pages, as mmref_sim_page() counts them. */
void sim_pages_inside(struct mmref_sim *sim, struct page_inside *inside, unsigned int nr);
/* False where there is no device @i. */
bool sim_pgmap_inside(struct mmref_sim *sim, int i, struct pgmap_inside *inside);
/* The device whose struct dev_pagemap @object lies in; or -1. */
int sim_pgmap_of(struct mmref_sim *sim, const volatile void *object);
/* False where @task waits for nothing. A task that has queued may not sleep yet. */
bool sim_wait_inside(struct mmref_sim *sim, int task, struct wait_inside *inside);
bool sim_task_has_returned(struct mmref_sim *sim, int task);
bool sim_task_has_died(struct mmref_sim *sim, int task);

#endif
