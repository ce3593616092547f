/* SPDX-License-Identifier: MIT */
/*
 * The world after a step, as far as the step changed it. What is left off is as the step
 * before it left it.
 *
 *	"pages"		an object of json_page() each, in the order of mmref_sim_page()
 *	"entries"	{ table, device, owner, index, order, page, marks }
 *	"holdings"	{ page, holder, units, task, step, operation }, oldest first
 *	"asleep"	{ lane, function }: sleeps, and nobody has woken it
 */
#ifndef REPORT_JSON_WORLD_H
#define REPORT_JSON_WORLD_H

#include "report/holders.h"

#include <cjson/cJSON.h>

/* As they were told last. */
struct json_world {
	cJSON *pages, *entries, *holdings, *asleep;
};

void json_world_add(cJSON *object, struct json_world *world, struct mmref_sim *sim,
		    const struct holders *holders);
void json_world_end(struct json_world *world);

#endif
