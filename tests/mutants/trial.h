/* SPDX-License-Identifier: MIT */
/* What is known of a rule set, and whether a mutant of it comes out otherwise. */
#ifndef MUTANTS_TRIAL_H
#define MUTANTS_TRIAL_H

#include "coverage.h"
#include "report/conform.h"
#include "report/verdict.h"

#define MAX_SCENARIOS 256
#define MAX_KERNELS   5	/* one of them: tests/mutants/common */

/*
 * A kernel that was booted, and how far what was recorded of each scenario is so in the model. Or what
 * every kernel returns to the programs of tests/mutants/common.
 */
struct likeness {
	struct recording *recording;
	struct mmref_program *const *program;
	unsigned int nr;
	struct conform_sum sum[MAX_SCENARIOS];
	struct coverage coverage[MAX_SCENARIOS];
};

/*
 * What every scenario comes to under a rule set, quickest first. Left out are those of too many
 * states, for time, and those whose scene cannot be set. And what is recorded of that kernel;
 * of one that was never booted, of all that were: in most of what came of an operation, and of
 * the counts of its neighbours, it does as they do.
 */
struct trial {
	const struct mmref_rules *rules;
	struct mmref_rules counted;	/* the same, each function of which notes that it is entered */
	struct {
		const struct mmref_program *program;
		enum mmref_verdict verdict;
		enum mmref_violation violation;
		uint32_t kinds;	/* of violation that were found, by bit */
		uint64_t states;
		struct coverage coverage;
	} scenario[2 * MAX_SCENARIOS];
	unsigned int nr_scenarios;
	unsigned int nr_unexpected;	/* that do not come out as they expect, without a mutant */
	struct likeness kernel[MAX_KERNELS];
	unsigned int nr_kernels;
};

/* All that a trial may need, read once. False, and a line on standard error, where not. */
bool trial_load_all(const char *source);
/* Of @rules. False where a recording cannot be compared; a line on standard error for the unexpected. */
bool trial_prepare(struct trial *trial, const struct mmref_rules *rules);

/* Does a scenario, or a recorded one, enter a function of @wrong? */
bool trial_enters(const struct trial *trial, const struct coverage *wrong);

/*
 * The name of the first scenario that comes out otherwise under @mutant, the functions of which in
 * @wrong are; or of the first recorded one that is less like what a kernel did; NULL where none is.
 * To be called in a process of its own, which a mutant may take with it.
 */
const char *trial_kills(const struct trial *trial, const struct mmref_rules *mutant,
			const struct coverage *wrong);

#endif
