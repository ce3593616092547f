/* SPDX-License-Identifier: MIT */
/* What came of an operation, as its caller is told it. */
#ifndef REPORT_OUTCOME_H
#define REPORT_OUTCOME_H

#include <mmref/explore.h>

#define OUTCOME_TEXT	64

/* "returns", "reads 0x2a", "fails: EBUSY", "gets SIGBUS"; into @text of OUTCOME_TEXT bytes. */
void outcome_words(const struct mmref_outcome *outcome, char *text);
/* An error or a signal. */
bool outcome_is_failure(const struct mmref_outcome *outcome);
bool outcomes_differ(const struct mmref_outcome *a, const struct mmref_outcome *b);

#endif
