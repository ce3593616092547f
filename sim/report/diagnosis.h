/* SPDX-License-Identifier: MIT */
/*
 * Shared by the diagnose_*.c files: add a cause, find the last change of a page, find who holds
 * and who maps a page.
 */
#ifndef REPORT_DIAGNOSIS_H
#define REPORT_DIAGNOSIS_H

#include "report/cause.h"
#include "report/history.h"
#include "report/run_end.h"

/* A finished run, and the causes found so far. */
struct diagnosis {
	struct causes *causes;
	const struct run_end *end;
	const struct holders *holders;
	const struct history *history;
	struct mmref_sim *sim;
	size_t shown;	   /* step at which the violation showed */
	unsigned int page;	/* page it concerns */
};

/* A new cause without a step. NULL if there are MOST_CAUSES. */
struct cause *new_cause(struct diagnosis *d, const char *role);
/* A new cause at step @number; 0: before the first step. */
struct cause *cause_of_step(struct diagnosis *d, const char *role, size_t number);
/* Append to what @cause says; @cause may be NULL. */
void say(struct cause *cause, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Append that the task of @cause has returned, died, or sleeps for ever. */
void say_fate(struct diagnosis *d, struct cause *cause);
/* Is there a cause at step @number in @role? */
bool has_cause(const struct diagnosis *d, const char *role, size_t number);

typedef bool (*change_test)(const struct page_change *change);

/* The last change of @page, up to step @until, that passes the test. NULL if none does. */
const struct page_change *last_change(const struct diagnosis *d, unsigned int page, size_t until,
				      change_test is_such);
/* The same, made by another task than the one of step @until. */
const struct page_change *last_of_another(const struct diagnosis *d, unsigned int page,
					  size_t until, change_test is_such);
void say_count(struct cause *cause, const struct page_change *change);

/* Sets of holders, by bit. */
#define USERS	(1u << HELD_BY_GET | 1u << HELD_BY_PIN)
#define WALKS	(1u << HELD_BY_TRANSIENT | 1u << HELD_BY_GATHER)
#define ANYBODY (~(1u << HELD_BY_BASE))

/* Add a cause for each reference to @page that one of @holders still has. */
void add_holdings(struct diagnosis *d, const char *role, unsigned int page, unsigned int holders);
/* Add a cause for each page table entry that still maps @page. Nothing if that is ambiguous. */
void add_mappers(struct diagnosis *d, unsigned int page);

/* Add causes for each sleeping task; in diagnose_waits.c. */
void add_waits(struct diagnosis *d);

#endif
