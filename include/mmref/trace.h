/* SPDX-License-Identifier: MIT */
/*
 * What a run is told as: the steps that its tasks took, and the order in which
 * they took them.
 *
 * A step is one access that another task can see. It is announced before it is
 * made, and between two announcements a task runs alone. Sites are constants of
 * the program text, so a step can be kept in the state of the world without
 * telling one history from another.
 */
#ifndef MMREF_TRACE_H
#define MMREF_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Where in the model a step is written down, and the word for what it does. */
struct mmref_site {
	const char *file;
	const char *func;
	const char *verb;
	int line;
};

/*
 * The kernel function that @site stands for. A function that other rule sets use has the name of its
 * own rule set before it, "v6_15_dax_folio_put"; to the kernel it is dax_folio_put().
 */
const char *mmref_site_function(const struct mmref_site *site);
/* Does the model have a step, a warning or an oops in a function named @func? */
bool mmref_has_function(const char *func);

enum mmref_access {
	MMREF_READ,
	MMREF_WRITE,
	MMREF_RMW,
	MMREF_ADD,	/* to an int, and what comes of it matters where that is small: ->acts */
};

/* Adds and never looks at the sum. */
#define MMREF_NEVER_ACTS	INT16_MIN

/*
 * One announced access: @size bytes at @object. @observed says whether the task acts
 * on what it finds there. Of MMREF_ADD it does so where the sum, before or after, is at most
 * @acts: as long as it stays above that, whatever the order, additions can change places.
 */
struct mmref_step {
	const struct mmref_site *site;
	const volatile void *object;
	uint32_t size;
	uint8_t access;
	bool observed;
	int16_t acts;
};

/*
 * A schedule: the task that takes each step, from the first to the last. Task
 * numbers are those of the threads in the order they were added, from 0; the
 * model's own kernel threads come after them.
 */
struct mmref_schedule {
	uint8_t *tasks;
	size_t length;	/* steps */
};

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
