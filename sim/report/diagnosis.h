/* SPDX-License-Identifier: MIT */
/*
 * What every search for a culprit needs: lines to write down, the last change of a
 * page that is such and such, who holds a page and who maps it.
 */
#ifndef REPORT_DIAGNOSIS_H
#define REPORT_DIAGNOSIS_H

#include "report/cause.h"
#include "report/history.h"
#include "report/run_end.h"

/* What a run came to, and where its causes are written down. */
struct diagnosis {
	struct causes *causes;
	const struct run_end *end;
	const struct holders *holders;
	const struct history *history;
	struct mmref_sim *sim;
	size_t shown;	   /* the step it showed at */
	unsigned int page;	/* it is about */
};

/* A line of no step yet; NULL where there are enough. */
struct cause *new_cause(struct diagnosis *d, const char *role);
/* A line of step @number; of what was before the first where it is 0. */
struct cause *cause_of_step(struct diagnosis *d, const char *role, size_t number);
/* Add to what @line (may be NULL) says. */
void say(struct cause *cause, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What has become of the task of @line since, as far as it can do nothing more. */
void say_fate(struct diagnosis *d, struct cause *cause);
/* Is there a line of step @number in this role? */
bool has_cause(const struct diagnosis *d, const char *role, size_t number);

typedef bool (*change_test)(const struct page_change *change);

/* The last change of @page up to step @until that is such; NULL where there is none. */
const struct page_change *last_change(const struct diagnosis *d, unsigned int page, size_t until,
				      change_test is_such);
/* The same, by another task than took step @until. */
const struct page_change *last_of_another(const struct diagnosis *d, unsigned int page, size_t until,
					  change_test is_such);
void say_count(struct cause *cause, const struct page_change *change);

/* Holders, by bit. */
#define USERS	(1u << HELD_BY_GET | 1u << HELD_BY_PIN)
#define WALKS	(1u << HELD_BY_TRANSIENT | 1u << HELD_BY_GATHER)
#define ANYBODY (~(1u << HELD_BY_BASE))

/* A line each for what @holders still hold of @page, with the step that took it. */
void add_holdings(struct diagnosis *d, const char *role, unsigned int page, unsigned int holders);
/* A line each for the steps that wrote the entries that still name @page; none if unsure. */
void add_mappers(struct diagnosis *d, unsigned int page);

/* The tasks that sleep for ever, and who would have to wake them; in culprit_waits.c. */
void add_waits(struct diagnosis *d);

#endif
