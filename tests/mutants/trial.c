/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include "script/script.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define PATH_TEXT    4096
#define ERROR_TEXT   1024
#define MAX_STATES   50000
#define MAX_STATES_OF_WAITERS 400000 /* of scenarios in which three meet at an entry */
#define ROOM_TO_GROW 4 /* a mutant that has so many times the states is let go */

/* A mutant may go round for ever without a step: of its own time, in microseconds. */
#ifdef __SANITIZE_ADDRESS__
#define SLOWER 15
#else
#define SLOWER 1
#endif
#define RECORDING_TIME (SLOWER * 300 * 1000UL)
#define SCENARIO_TIME  (SLOWER * 1500 * 1000UL)
#define STATE_TIME     (SLOWER * 20UL) /* more, of a scenario with so many states */

struct programs {
	struct mmref_program *program[MAX_SCENARIOS];
	unsigned int nr;
};

static struct programs explored, recorded, common;
static struct mmref_program *unchecked[MAX_SCENARIOS]; /* those explored, without CONFIG_DEBUG_VM */

/* The kernels that were booted. */
static struct {
	char name[32];
	struct recording *recording;
} booted[MAX_KERNELS];
static unsigned int nr_booted;

/* What comes of the operations of tests/mutants/common, the same in every kernel. */
static struct recording *common_outcomes;

static bool load_programs(struct programs *programs, const char *source, const char *pattern)
{
	char path[PATH_TEXT], error[ERROR_TEXT];
	glob_t found;

	snprintf(path, sizeof(path), "%s/%s", source, pattern);
	if (glob(path, 0, NULL, &found) || programs->nr + found.gl_pathc > MAX_SCENARIOS) {
		fprintf(stderr, "%s: no scenario, or more than %d\n", path, MAX_SCENARIOS);
		return false;
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct mmref_program *program =
			script_load(found.gl_pathv[i], error, sizeof(error));

		if (!program) {
			fprintf(stderr, "%s\n", error);
			return false;
		}
		programs->program[programs->nr++] = program;
	}
	globfree(&found);
	return true;
}

static bool copy_unchecked(void)
{
	for (unsigned int i = 0; i < explored.nr; i++) {
		unchecked[i] = malloc(sizeof(*unchecked[i]));
		if (!unchecked[i]) {
			fprintf(stderr, "no memory for the scenarios\n");
			return false;
		}
		*unchecked[i] = *explored.program[i];
		unchecked[i]->no_debug_vm = true;
	}
	return true;
}

static bool load_recording(const char *outcomes)
{
	const char *name = strrchr(outcomes, '/') + 1;
	size_t stem = strlen(outcomes) - strlen(".outcomes.tsv");
	char pages[PATH_TEXT], error[ERROR_TEXT];

	snprintf(booted[nr_booted].name, sizeof(booted->name), "%.*s",
		 (int)(outcomes + stem - name), name);
	snprintf(pages, sizeof(pages), "%.*s.tsv", (int)stem, outcomes);
	booted[nr_booted].recording = recording_load(pages, outcomes, error, sizeof(error));
	if (!booted[nr_booted++].recording)
		fprintf(stderr, "%s\n", error);
	return booted[nr_booted - 1].recording;
}

static bool load_recordings(const char *source)
{
	char pattern[PATH_TEXT];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/tests/kernel/recorded/*.outcomes.tsv", source);
	if (glob(pattern, 0, NULL, &found) || found.gl_pathc > MAX_KERNELS) {
		fprintf(stderr, "%s: no recording, or more than %d\n", pattern, MAX_KERNELS);
		return false;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (!load_recording(found.gl_pathv[i]))
			return false;
	globfree(&found);
	return true;
}

static bool load_common(const char *source)
{
	char path[PATH_TEXT], error[ERROR_TEXT];

	snprintf(path, sizeof(path), "%s/tests/mutants/common/outcomes.tsv", source);
	common_outcomes = recording_load(NULL, path, error, sizeof(error));
	if (!common_outcomes)
		fprintf(stderr, "%s\n", error);
	return common_outcomes && load_programs(&common, source, "tests/mutants/common/*.lua");
}

bool trial_load_all(const char *source)
{
	return load_programs(&explored, source, "sim/scenarios/*/*.lua") &&
	       load_programs(&explored, source, "tests/mutants/*.lua") &&
	       load_programs(&explored, source, "tests/rules/03-*.lua") && copy_unchecked() &&
	       load_programs(&recorded, source, "tests/kernel/*.lua") && load_recordings(source) &&
	       load_common(source);
}

/* False where the scene cannot be set, or the exploring fails; @result is to be freed. */
static bool explore(const struct mmref_program *program, const struct mmref_rules *rules,
		    uint64_t max_states, struct mmref_result *result)
{
	struct mmref_options bounds = { .max_states = max_states };
	struct mmref_sim *sim = mmref_sim_program(program, rules, NULL);

	*result = (struct mmref_result){ 0 };
	if (!sim)
		return false;
	mmref_explore(sim, &bounds, result);
	mmref_sim_free(sim);
	return result->verdict != MMREF_ERROR;
}

/* "S5a" of S5a-punch-other-page.lua: how a recording calls the scenario. */
static bool compare(const struct mmref_program *program, struct recording *recording,
		    const struct mmref_rules *rules, struct conform_sum *sum)
{
	struct conform conform = {
		.recording = recording,
		.kernel = rules->name,
		.out = fopen("/dev/null", "w"),
	};
	char name[64];
	bool taken;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(program->name, "-"), program->name);
	taken = conform.out && (!conform_recorded(&conform, name) ||
				conform_scenario(&conform, name, program, rules));
	if (conform.out)
		fclose(conform.out);
	*sum = conform.sum;
	return taken;
}

static int by_states(const void *left, const void *right)
{
	const typeof(((struct trial *)0)->scenario[0]) *a = left, *b = right;

	return (a->states > b->states) - (a->states < b->states);
}

/* The kinds of violation that a search has found, by bit. */
static uint32_t kinds_found(const struct mmref_result *result)
{
	uint32_t kinds = 0;

	for (unsigned int i = 0; i < result->nr_found; i++)
		kinds |= UINT32_C(1) << result->found[i].violation;
	return kinds;
}

/* Of two threads that meet at an entry none is woken in vain, and none forgotten: that takes three. */
static uint64_t max_states(const struct mmref_program *program)
{
	static const char *const waiters[] = {
		"03-one-waiter-is-woken", "write-under-two-faults",
	};

	for (size_t i = 0; i < sizeof(waiters) / sizeof(waiters[0]); i++)
		if (!strcmp(program->name, waiters[i]))
			return MAX_STATES_OF_WAITERS;
	return MAX_STATES;
}

/* False where it comes to no verdict, or only after too long. */
static bool add_scenario(struct trial *trial, const struct mmref_program *program)
{
	typeof(trial->scenario[0]) *added = &trial->scenario[trial->nr_scenarios];
	struct mmref_result result;
	bool ok = explore(program, &trial->counted, max_states(program), &result) && result.complete;

	added->kinds = kinds_found(&result);
	mmref_result_free(&result);
	coverage_take(&added->coverage);
	if (!ok)
		return false;
	added->program = program;
	added->verdict = result.verdict;
	added->violation = result.violation;
	added->states = result.states;
	trial->nr_scenarios++;
	return true;
}

/* What the scenario expects is asked once, of the rule set as it should be. */
static bool is_expected(const struct trial *trial)
{
	const typeof(trial->scenario[0]) *added = &trial->scenario[trial->nr_scenarios - 1];

	if (!expectation_of(added->program, trial->rules) ||
	    judge(added->program, trial->rules, added->verdict, added->violation) == AS_EXPECTED)
		return true;
	fprintf(stderr, "%s under %s: not as expected, and that is no mutant\n",
		added->program->name, trial->rules->name);
	return false;
}

/* Where a VM_BUG_ON() ends it, or its scene, what lies behind that is asked as well. */
static void prepare_scenarios(struct trial *trial)
{
	for (unsigned int i = 0; i < explored.nr; i++) {
		bool added = add_scenario(trial, explored.program[i]);

		if (added && !is_expected(trial))
			trial->nr_unexpected++;
		if (!added ||
		    trial->scenario[trial->nr_scenarios - 1].violation == MMREF_KERNEL_BUG)
			add_scenario(trial, unchecked[i]);
	}
	qsort(trial->scenario, trial->nr_scenarios, sizeof(trial->scenario[0]), by_states);
}

static bool prepare_likeness(struct trial *trial, const struct programs *programs,
			     struct recording *recording)
{
	struct likeness *likeness = &trial->kernel[trial->nr_kernels++];

	likeness->recording = recording;
	likeness->program = programs->program;
	likeness->nr = programs->nr;
	for (unsigned int i = 0; i < likeness->nr; i++) {
		if (!compare(likeness->program[i], recording, &trial->counted, &likeness->sum[i]))
			return false;
		coverage_take(&likeness->coverage[i]);
	}
	return true;
}

static bool prepare_recordings(struct trial *trial)
{
	for (unsigned int i = 0; i < nr_booted; i++)
		if (!strcmp(booted[i].name, trial->rules->name))
			return prepare_likeness(trial, &recorded, booted[i].recording);
	for (unsigned int i = 0; i < nr_booted; i++)
		if (!prepare_likeness(trial, &recorded, booted[i].recording))
			return false;
	return true;
}

/*
 * Of these every outcome is to be as the table has it, under a kernel as it should be. Some proposals
 * count pages of device-dax in ways that were never posted in full.
 */
static bool prepare_common(struct trial *trial)
{
	const struct likeness *likeness = &trial->kernel[trial->nr_kernels];

	if (!prepare_likeness(trial, &common, common_outcomes))
		return false;
	for (unsigned int i = 0; i < likeness->nr; i++)
		if (trial->rules->name[0] == 'v' &&
		    likeness->sum[i].outcomes_equal < likeness->sum[i].outcomes) {
			fprintf(stderr, "%s under %s: not as in tests/mutants/common/outcomes.tsv\n",
				likeness->program[i]->name, trial->rules->name);
			trial->nr_unexpected++;
		}
	return true;
}

bool trial_prepare(struct trial *trial, const struct mmref_rules *rules)
{
	*trial = (struct trial){ .rules = rules };
	coverage_of(&trial->counted, rules);
	prepare_scenarios(trial);
	return prepare_recordings(trial) && prepare_common(trial);
}

bool trial_enters(const struct trial *trial, const struct coverage *wrong)
{
	for (unsigned int i = 0; i < trial->nr_scenarios; i++)
		if (coverage_meets(&trial->scenario[i].coverage, wrong))
			return true;
	for (unsigned int k = 0; k < trial->nr_kernels; k++)
		for (unsigned int i = 0; i < trial->kernel[k].nr; i++)
			if (coverage_meets(&trial->kernel[k].coverage[i], wrong))
				return true;
	return false;
}

/* Less is as in the recording than was, or more is not. */
static bool is_less_like(const struct conform_sum *sum, const struct conform_sum *intact)
{
	return sum->rows_equal < intact->rows_equal ||
	       sum->outcomes_equal < intact->outcomes_equal ||
	       sum->rows - sum->rows_equal > intact->rows - intact->rows_equal ||
	       sum->outcomes - sum->outcomes_equal > intact->outcomes - intact->outcomes_equal;
}

static bool differs_from(const struct likeness *kernel, unsigned int i,
			 const struct mmref_rules *mutant)
{
	struct conform_sum sum;

	return !compare(kernel->program[i], kernel->recording, mutant, &sum) ||
	       is_less_like(&sum, &kernel->sum[i]);
}

/* Of what was found under the mutant: is it another verdict, another kind, or in another place? */
static bool is_another(const struct trial *trial, unsigned int i, const struct mmref_result *result)
{
	const typeof(trial->scenario[0]) *scenario = &trial->scenario[i];
	uint32_t kinds = kinds_found(result);

	return result->verdict != scenario->verdict || result->violation != scenario->violation ||
	       kinds & ~scenario->kinds || (result->complete && kinds != scenario->kinds) ||
	       shows_elsewhere(expectation_of(scenario->program, trial->rules), result);
}

/* Does the @i-th scenario come out otherwise? A search cut short speaks for neither. */
static bool differs(const struct trial *trial, unsigned int i, const struct mmref_rules *mutant)
{
	uint64_t bound = ROOM_TO_GROW * trial->scenario[i].states + 1000;
	struct mmref_result result;
	bool otherwise = !explore(trial->scenario[i].program, mutant, bound, &result) ||
			 (result.verdict != MMREF_BOUNDED && is_another(trial, i, &result));

	mmref_result_free(&result);
	return otherwise;
}

/* SIGPROF ends the process after @microseconds more of its own time. */
static void bound_time(unsigned long microseconds)
{
	const struct itimerval bound = {
		.it_value = { microseconds / 1000000, microseconds % 1000000 },
	};

	setitimer(ITIMER_PROF, &bound, NULL);
}

static const char *killing_recording(const struct trial *trial, const struct mmref_rules *mutant,
				     const struct coverage *wrong)
{
	for (unsigned int k = 0; k < trial->nr_kernels; k++)
		for (unsigned int i = 0; i < trial->kernel[k].nr; i++) {
			bound_time(RECORDING_TIME);
			if (coverage_meets(&trial->kernel[k].coverage[i], wrong) &&
			    differs_from(&trial->kernel[k], i, mutant))
				return trial->kernel[k].program[i]->name;
		}
	return NULL;
}

const char *trial_kills(const struct trial *trial, const struct mmref_rules *mutant,
			const struct coverage *wrong)
{
	const char *killer = killing_recording(trial, mutant, wrong);

	for (unsigned int i = 0; !killer && i < trial->nr_scenarios; i++) {
		bound_time(SCENARIO_TIME + trial->scenario[i].states * STATE_TIME);
		if (coverage_meets(&trial->scenario[i].coverage, wrong) &&
		    differs(trial, i, mutant))
			killer = trial->scenario[i].program->name;
	}
	return killer;
}
