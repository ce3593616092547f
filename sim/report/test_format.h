/* SPDX-License-Identifier: MIT */
/*
 * Verdicts as test results: TAP version 14, as kselftest prints it, or JUnit's XML.
 *
 *	as expected			ok			<testcase/>
 *	not as expected, or an error	not ok			<failure> or <error>
 *	cut short by a limit		ok ... # SKIP		<skipped>
 */
#ifndef REPORT_TEST_FORMAT_H
#define REPORT_TEST_FORMAT_H

#include "report/verdict.h"

#include <stdio.h>

enum test_format {
	FORMAT_TABLE,	/* not of test results */
	FORMAT_TAP,
	FORMAT_JUNIT,
};

struct test_report {
	enum test_format format;
	FILE *out;
	FILE *cases;		/* JUnit: the cases so far; the totals stand before them */
	char *text;
	size_t size;
	size_t nr, failed, errors, skipped;
	double seconds;
};

/* Begin a report of @nr verdicts on @out. False where memory is short. */
bool test_report_begin(struct test_report *report, enum test_format format, FILE *out, size_t nr);
/* Add @verdict; @sim is what was explored, or NULL, and the run that violates is replayed in it. */
void test_report_add(struct test_report *report, const struct verdict *verdict,
		     struct mmref_sim *sim);
void test_report_end(struct test_report *report);

#endif
