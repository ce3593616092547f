/* SPDX-License-Identifier: MIT */
/*
 * Who holds what, and since when. The model's ledger knows how many references
 * are held in each way, but not who took them: that would tell one history of a
 * state from another. Here it is told by looking at every page after every step
 * of a run.
 */
#ifndef REPORT_HOLDERS_H
#define REPORT_HOLDERS_H

#include <mmref/explore.h>

/* References that one step took, as far as they are still held. */
struct holding {
	unsigned int page;	/* index for mmref_sim_page() */
	enum mmref_holder holder;
	int units;		/* of the count */
	int task;		/* -1: held before the first step */
	size_t number;		/* of the step, from 1 */
	const struct mmref_site *site;
	const char *operation;
};

struct holders {
	struct mmref_page *now, *before;	/* after the last step, and before it */
	unsigned int nr_pages;
	struct holding *holdings;		/* oldest first */
	size_t nr_holdings, room;
	bool short_of_memory;
};

/* What is held before the first step of @sim is from the scene. */
void holders_begin(struct holders *holders, struct mmref_sim *sim);
/* @task took step @number at @site inside @operation. */
void holders_step(struct holders *holders, struct mmref_sim *sim, size_t number, int task,
		  const struct mmref_site *site, const char *operation);
void holders_end(struct holders *holders);

/* Did the last step change what is told of page @i? */
bool holders_page_changed(const struct holders *holders, unsigned int i);

#endif
