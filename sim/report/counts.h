/* SPDX-License-Identifier: MIT */
/*
 * The counts after each operation, with the threads run one after another: the
 * same for two rule sets, beside each other.
 */
#ifndef REPORT_COUNTS_H
#define REPORT_COUNTS_H

#include <mmref/explore.h>

#include <cjson/cJSON.h>
#include <stdio.h>

struct operations;

enum operation_end {
	OPERATION_RETURNED,	/* or failed */
	OPERATION_ASLEEP,	/* for ever */
	OPERATION_VIOLATED,	/* it showed in it, and maybe ended the run */
	OPERATION_UNFINISHED,	/* the run ended elsewhere */
};

/* An operation, and the pages as it left them. */
struct counted_operation {
	int task;
	unsigned int nth;	/* of its task's, from 0 */
	char *name, *task_name;
	bool over;
	enum operation_end end;
	struct mmref_outcome outcome;	/* RETURNED: what came of it */
	const struct mmref_site *site;	/* ASLEEP: where */
	enum mmref_violation violation;	/* VIOLATED: the gravest that showed */
	struct mmref_page *page;
};

struct counts {
	const struct mmref_rules *rules;
	struct mmref_sim *sim;		/* while it runs */
	struct operations *names;
	struct mmref_page *first_page;	/* before the first operation */
	unsigned int nr_pages;
	struct counted_operation *operation;	/* in the order they began */
	size_t nr_operations, room;
	enum mmref_violation violation;	/* the gravest of the run */
};

/* False where memory is short. */
bool counts_take(struct counts *counts, const struct mmref_rules *rules, struct mmref_sim *sim);
void counts_free(struct counts *counts);

/* That operation of @of which is @operation under other rules; NULL where not reached. */
const struct counted_operation *counts_find(const struct counts *of,
					    const struct counted_operation *operation);
/* Nobody can tell the one from the other by what came of it. */
bool counts_end_alike(const struct counted_operation *a, const struct counted_operation *b);
/* The first page that others hold in @a than in @b before the first operation, or -1. */
int counts_differ_before(const struct counts *a, const struct counts *b);
/*
 * The first operation of @a that ends otherwise in @b, or makes others hold a page
 * than in @b; how many references a free page starts with is left out.
 * *@page is that page, or -1. NULL where there is none.
 */
const struct counted_operation *counts_differ(const struct counts *a, const struct counts *b,
					      int *page);

void print_counts(FILE *out, const struct counts *a, const struct counts *b);
void print_first_difference(FILE *out, const struct counts *a, const struct counts *b);
/*
 * The first difference: task, its number as "lane", operation, "nth" of the task's from 0, and
 * page or null. Or null.
 */
cJSON *json_difference(const struct counts *a, const struct counts *b);
/*
 * An object an operation, and at the end one for the first difference, with the page that
 * differs before it as "page_before" where there is one.
 */
void json_counts(FILE *out, const struct counts *counts);
void json_first_difference(FILE *out, const struct counts *a, const struct counts *b);

#endif
