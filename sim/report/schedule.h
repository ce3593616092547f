/* SPDX-License-Identifier: MIT */
/*
 * A schedule as a text file: which scenario, under which rules, and who runs for
 * how many steps.
 *
 *	mmref schedule 1
 *	scenario sim/scenarios/stale-pte-after-unplug.lua
 *	rules v6.1
 *	app	14	dax_fault_iter: xa_lock
 *	admin	31	dev_dax_kill: store
 *
 * The fields of a part stand between tabs. The last is the function and the verb
 * of its first step, so that a model that has moved on since is told apart at
 * the first step that no longer fits; "-" where there is nothing to hold against.
 */
#ifndef REPORT_SCHEDULE_H
#define REPORT_SCHEDULE_H

#include <mmref/explore.h>

#include <stdio.h>

#define SCHEDULE_RULES_LINE	3

struct schedule_part {
	char *task;
	size_t length;	/* steps */
	char *first;	/* "function: verb" of its first step */
	int line;	/* of the file */
};

struct saved_schedule {
	char *file;
	char *scenario, *rules;
	struct schedule_part *part;
	size_t nr_parts, room;
	struct mmref_schedule schedule;	/* once bound to a simulation */
};

/* @scenario is the script's file. False without memory, or where @out took not all of it. */
bool schedule_write(FILE *out, const char *scenario, const char *rules, struct mmref_sim *sim,
		    const struct mmref_schedule *schedule);
/* False, with errno, where @file cannot be written. */
bool schedule_save(const char *file, const char *scenario, const char *rules,
		   struct mmref_sim *sim, const struct mmref_schedule *schedule);

/* NULL, and in @error "file:line: what is wrong, and what would be right". */
struct saved_schedule *schedule_load(const char *file, char *error, size_t size);
void schedule_free(struct saved_schedule *saved);

/* Find the tasks it names in @sim. False, and @error as above, where one is not there. */
bool schedule_bind(struct saved_schedule *saved, struct mmref_sim *sim, char *error, size_t size);
/* Run it: false, and @error as above, at the first step that is not as it was saved. */
bool schedule_fits(const struct saved_schedule *saved, struct mmref_sim *sim, char *error,
		   size_t size);

#endif
