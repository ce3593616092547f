/* SPDX-License-Identifier: MIT */
/* Reports for programs: one JSON object a line. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "report/verdict.h"

#include <cjson/cJSON.h>
#include <stdio.h>

/* Print @object as one line, at once, and free it. */
void json_line(FILE *out, cJSON *object);
/* cJSON_AddStringToObject(), for text that may be NULL (null) or not be UTF-8. */
void json_add_text(cJSON *object, const char *name, const char *text);

/* function, source and line of @site, or nothing where it is NULL. */
void json_add_site(cJSON *object, const struct mmref_site *site);

/* The object of `mmref run`. */
cJSON *json_verdict(const struct verdict *verdict);

/* pfn, present, refcount, mapcount, ptes, and held: units of the count by holder. */
cJSON *json_page(const struct mmref_page *page);

/*
 * The run that @schedule makes of @sim: an object a step, with what its task "then"
 * ends ("ends": what came of it, and whether it "failed") and "begins", if it does; then one for the
 * violation and one for each task that sleeps for ever. The violation that showed, or
 * MMREF_NONE.
 */
enum mmref_violation json_run(FILE *out, struct mmref_sim *sim,
			      const struct mmref_schedule *schedule);

/* Who gets the objects of a run, and frees them. */
struct json_sink {
	void (*take)(void *cookie, cJSON *object);
	void *cookie;
	/*
	 * With each step what json_world.h tells of, and the number of its task as "lane".
	 * Before the first a step 0; for each violation, as it happens, what "shows" "after"
	 * which step.
	 */
	bool world;
};

/* The same, of @schedule or, where that is NULL, with the threads one after another. */
enum mmref_violation json_run_to(const struct json_sink *sink, struct mmref_sim *sim,
				 const struct mmref_schedule *schedule);

#endif
