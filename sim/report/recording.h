/* SPDX-License-Identifier: MIT */
/*
 * What a real kernel did, from two tables: the pages it had at each checkpoint
 * of a scenario, and what came of each operation. Fields stand between tabs; the
 * first line names the columns, of which those not listed here may be anything.
 *
 *	pages		scenario checkpoint page kind refcount mapcount mapping index_share
 *			order large entire nr_mapped pincount
 *	outcomes	scenario after_checkpoint operation outcome
 */
#ifndef REPORT_RECORDING_H
#define REPORT_RECORDING_H

#include <mmref/explore.h>

/* A number that a kernel may not have had. */
struct recorded_number {
	bool told;
	long value;
};

struct recorded_page {
	const char *scenario, *checkpoint;
	const char *name;		/* "page+5" */
	const char *kind;		/* 0, H, T; U: the memmap is gone */
	struct recorded_number refcount, mapcount, index;
	struct recorded_number order, large, entire, nr_mapped, pincount;	/* of a head */
	const char *mapping;		/* "-", "M1", "ANON"; "" where not told */
	bool met;			/* the model has told its own */
};

struct recorded_outcome {
	const char *scenario, *checkpoint, *operation;
	const char *text;		/* as it was recorded; what follows is read from it */
	enum mmref_outcome_kind kind;
	struct recorded_number value;
	char state;			/* BLOCKED: S, D or R */
	const char *detail;		/* ERROR: its message */
	const char *calls;		/* BLOCKED, WARNING, OOPS: the call chain; "": not recorded */
	bool met;
};

struct recording {
	struct recorded_page *page;
	size_t nr_pages;
	struct recorded_outcome *outcome;
	size_t nr_outcomes;
	char *page_text, *outcome_text;	/* what the strings above are parts of */
};

/* Either file may be NULL. NULL, and in @error "file:line: ...", where one is bad. */
struct recording *recording_load(const char *pages, const char *outcomes, char *error,
				 size_t size);
void recording_free(struct recording *recording);

#endif
