/* SPDX-License-Identifier: MIT */
/* What is known of a rule set, and whether a mutant of it comes out otherwise. */
#ifndef MUTANTS_TRIAL_H
#define MUTANTS_TRIAL_H

#include "report/recording.h"
#include "report/verdict.h"

#define MAX_SCENARIOS	256

/*
 * What every scenario comes to under a rule set, quickest first, and its recording. Left out are
 * those of too many states, for time, and those whose scene cannot be set.
 */
struct trial {
	const struct mmref_rules *rules;
	struct {
		const struct mmref_program *program;
		enum mmref_verdict verdict;
		enum mmref_violation violation;
		uint64_t states;
	} scenario[2 * MAX_SCENARIOS];
	unsigned int nr_scenarios;
	struct recording *recording;	/* NULL: no kernel was recorded */
};

/* All that a trial may need, read once. False, and a line on standard error, where not. */
bool trial_load_all(const char *source);
/* Of @rules. False, and a line on standard error, where they do not come out as expected. */
bool trial_prepare(struct trial *trial, const struct mmref_rules *rules);
void trial_end(struct trial *trial);

/*
 * The name of the first scenario, or recorded one, that comes out otherwise under @mutant; NULL
 * where none does. To be called in a process of its own, which a mutant may take with it.
 */
const char *trial_kills(struct trial *trial, const struct mmref_rules *mutant);

#endif
