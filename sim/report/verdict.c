/* SPDX-License-Identifier: MIT */
#include "report/verdict.h"

#include <stdio.h>
#include <string.h>

const struct mmref_expectation *expectation_of(const struct mmref_program *program,
					       const struct mmref_rules *rules)
{
	for (unsigned int i = 0; i < program->nr_expect; i++)
		if (mmref_rules_find(program->expect[i].rules) == rules)
			return &program->expect[i];
	return NULL;
}

/*
 * A scenario that expects a violation is not refuted by a search that was cut
 * short before it found one, nor is one that expects none borne out by it.
 */
enum judgement judge(const struct mmref_program *program, const struct mmref_rules *rules,
		     enum mmref_verdict verdict, enum mmref_violation violation)
{
	const struct mmref_expectation *expect = expectation_of(program, rules);
	enum mmref_violation expected = MMREF_NONE;

	if (expect && expect->verdict != MMREF_EXPECT_HOLDS)
		expected = expect->violation;

	switch (verdict) {
	case MMREF_BOUNDED:
		return CUT_SHORT;
	case MMREF_HOLDS:
		return expected == MMREF_NONE ? AS_EXPECTED : NOT_AS_EXPECTED;
	case MMREF_VIOLATES:
	case MMREF_HANGS:
		return expected == violation ? AS_EXPECTED : NOT_AS_EXPECTED;
	case MMREF_ERROR:
		break;
	}
	return NOT_AS_EXPECTED;
}

/* Graver ones are found later, or by other runs: what is expected may yet be. */
static bool may_find_graver(const struct verdict *verdict)
{
	const struct mmref_expectation *expect = expectation_of(verdict->program, verdict->rules);
	const struct mmref_result *result = &verdict->result;

	if (!result->nr_found || !mmref_strategy_is_random(result->found[0].strategy))
		return false;
	return result->bounded_by && expect && expect->verdict != MMREF_EXPECT_HOLDS &&
	       expect->violation < result->violation;
}

/* Only a search of all states knows which run is a shortest. */
bool shows_elsewhere(const struct mmref_expectation *expect, const struct mmref_result *result)
{
	const struct mmref_site *site = result->nr_found ? result->found[0].site : NULL;

	if (!expect || !expect->function || !site || !result->complete ||
	    result->strategy != MMREF_STATES)
		return false;
	return strcmp(mmref_site_function(site), expect->function) != 0;
}

enum judgement judge_verdict(const struct verdict *verdict)
{
	const struct mmref_result *result = &verdict->result;

	if (may_find_graver(verdict))
		return CUT_SHORT;
	if (shows_elsewhere(expectation_of(verdict->program, verdict->rules), result))
		return NOT_AS_EXPECTED;
	return judge(verdict->program, verdict->rules, result->verdict, result->violation);
}

const char *verdict_word(const struct mmref_result *result, char *text, size_t size)
{
	switch (result->verdict) {
	case MMREF_HOLDS:
		return "holds";
	case MMREF_VIOLATES:
	case MMREF_HANGS:
		return mmref_violation_name(result->violation);
	case MMREF_BOUNDED:
		snprintf(text, size, "bounded (%s)",
			 result->bounded_by ? result->bounded_by : "cut short");
		return text;
	case MMREF_ERROR:
		break;
	}
	return "error";
}

const char *expectation_word(const struct mmref_expectation *expect)
{
	if (!expect)
		return "nothing";
	if (expect->verdict == MMREF_EXPECT_HOLDS)
		return "holds";
	return mmref_violation_name(expect->violation);
}
