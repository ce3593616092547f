/* SPDX-License-Identifier: MIT */
/*
 * Runs for a browser: one file that needs no other. html/page.html is the page, with page.css
 * and page.js put into it when mmref is built, and the runs when it is written:
 *
 *	{ "runs": [ run, or two ], "difference": null, or as json_difference() has it }
 *
 *	run = the object of `mmref run`, and "story", "tasks": names by lane, "events": what
 *	      json_run_to() tells, with the world
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/verdict.h"

#include <cjson/cJSON.h>

/* Take the run that @schedule makes of @sim, or (NULL) one with a thread after the other. */
cJSON *page_run(const struct verdict *verdict, struct mmref_sim *sim,
		const struct mmref_schedule *schedule);
/*
 * Write the page of @runs, an array, and @difference (may be NULL); both are freed. False,
 * with errno, where @file cannot be written.
 */
bool page_save(const char *file, cJSON *runs, cJSON *difference);

#endif
