/* SPDX-License-Identifier: MIT */
#include "report/outcome.h"

#include <stdio.h>
#include <string.h>

bool outcome_is_failure(const struct mmref_outcome *outcome)
{
	return outcome->kind == MMREF_OUTCOME_ERROR || outcome->kind == MMREF_OUTCOME_SIGBUS;
}

bool outcomes_differ(const struct mmref_outcome *a, const struct mmref_outcome *b)
{
	return a->kind != b->kind || a->value != b->value;
}

void outcome_words(const struct mmref_outcome *outcome, char *text)
{
	const char *error;

	switch (outcome->kind) {
	case MMREF_OUTCOME_READ:
		snprintf(text, OUTCOME_TEXT, "reads 0x%02x", (unsigned int)outcome->value);
		return;
	case MMREF_OUTCOME_ERROR:
		error = strerrorname_np(-outcome->value);
		snprintf(text, OUTCOME_TEXT, "fails: %s", error ? error : "?");
		return;
	case MMREF_OUTCOME_SIGBUS:
		strcpy(text, "gets SIGBUS");
		return;
	default:
		strcpy(text, "returns");
		if (outcome->value)
			snprintf(text, OUTCOME_TEXT, "returns %d", outcome->value);
		return;
	}
}
