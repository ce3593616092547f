/* SPDX-License-Identifier: MIT */
/* The model beside a recording: row by row, and operation by operation. */
#ifndef REPORT_CONFORM_H
#define REPORT_CONFORM_H

#include "report/call_chain.h"
#include "report/recording.h"

#include <mmref/explore.h>

#include <stdio.h>

struct conform_sum {
	size_t rows, rows_equal;
	size_t outcomes, outcomes_equal;
	unsigned int scenarios;		/* compared */
};

struct conform {
	FILE *out;
	bool json;			/* an object for each row, not for differences only */
	const char *kernel;
	struct recording *recording;
	/* Appends the functions on @stack to @chain. NULL: only the function of a site is known. */
	void (*name_calls)(void *namer, const struct mmref_stack *stack,
			   struct call_chain *chain);
	void *namer;
	struct conform_sum sum;
};

/* Has the recording a scenario of that @name? */
bool conform_recorded(const struct conform *conform, const char *name);
/*
 * Take the steps of @program under @rules and compare them with what was recorded
 * of the scenario @name. False where they could not be taken.
 */
bool conform_scenario(struct conform *conform, const char *name,
		      const struct mmref_program *program, const struct mmref_rules *rules);
/* Print what has been compared; @without_script scenarios of the recording were not. */
void conform_print_sum(const struct conform *conform, unsigned int without_script);

#endif
