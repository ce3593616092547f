/* SPDX-License-Identifier: MIT */
/*
 * What came of exploring one scenario under one rule set, and how that stands to
 * what the scenario expects: the words that every report shares.
 */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

#include <mmref/explore.h>

struct verdict {
	const struct mmref_program *program;
	const struct mmref_rules *rules;
	struct mmref_result result;
	unsigned int shards;	/* the result is that of so many, added up; 0: of one search */
};

enum judgement {
	AS_EXPECTED,	/* or nothing was expected, and nothing violated */
	NOT_AS_EXPECTED,
	CUT_SHORT,	/* nothing speaks against what is expected, but not all was seen */
};

/* What @program expects under @rules, by either of its names; NULL where it says nothing. */
const struct mmref_expectation *expectation_of(const struct mmref_program *program,
					       const struct mmref_rules *rules);
/* A run or search that came to @verdict, beside what @program expects of it. */
enum judgement judge(const struct mmref_program *program, const struct mmref_rules *rules,
		     enum mmref_verdict verdict, enum mmref_violation violation);
/* Is it a function that was expected to show it, and it shows in another? @expect may be NULL. */
bool shows_elsewhere(const struct mmref_expectation *expect, const struct mmref_result *result);
enum judgement judge_verdict(const struct verdict *verdict);

/* "use-after-unplug", "holds", "bounded (max-states)"; into @text of @size bytes. */
const char *verdict_word(const struct mmref_result *result, char *text, size_t size);
/* The same of what is expected; @expect may be NULL. */
const char *expectation_word(const struct mmref_expectation *expect);

#endif
