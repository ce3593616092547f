/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include "report/conform.h"
#include "script/script.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_TEXT    4096
#define ERROR_TEXT   1024
#define MAX_STATES   10000
#define ROOM_TO_GROW 10 /* a mutant that has so many times the states is let go */

struct programs {
	struct mmref_program *program[MAX_SCENARIOS];
	unsigned int nr;
};

static struct programs explored, recorded;
static struct mmref_program *unchecked[MAX_SCENARIOS]; /* those explored, without CONFIG_DEBUG_VM */
static char recordings[PATH_TEXT];

static bool load_programs(struct programs *programs, const char *source, const char *pattern)
{
	char path[PATH_TEXT], error[ERROR_TEXT];
	glob_t found;

	snprintf(path, sizeof(path), "%s/%s", source, pattern);
	if (glob(path, 0, NULL, &found) || found.gl_pathc > MAX_SCENARIOS) {
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

bool trial_load_all(const char *source)
{
	snprintf(recordings, sizeof(recordings), "%s/tests/kernel/recorded", source);
	return load_programs(&explored, source, "sim/scenarios/*/*.lua") && copy_unchecked() &&
	       load_programs(&recorded, source, "tests/kernel/*.lua");
}

/* False where the scene cannot be set, or the exploring fails. */
static bool explore(const struct mmref_program *program, const struct mmref_rules *rules,
		    uint64_t max_states, struct mmref_result *result)
{
	struct mmref_options bounds = { .max_states = max_states };
	struct mmref_sim *sim = mmref_sim_program(program, rules, NULL);

	if (!sim)
		return false;
	mmref_explore(sim, &bounds, result);
	mmref_sim_free(sim);
	mmref_result_free(result); /* the runs that were found */
	return result->verdict != MMREF_ERROR;
}

/* "S5a" of S5a-punch-other-page.lua: how a recording calls the scenario. */
static bool as_recorded(const struct mmref_program *program, struct recording *recording,
			const struct mmref_rules *rules)
{
	struct conform conform = { .recording = recording, .kernel = rules->name };
	char name[64];
	bool taken;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(program->name, "-"), program->name);
	if (!conform_recorded(&conform, name))
		return true;
	conform.out = fopen("/dev/null", "w");
	taken = conform.out && conform_scenario(&conform, name, program, rules);
	if (conform.out)
		fclose(conform.out);
	return taken && conform.sum.rows_equal == conform.sum.rows &&
	       conform.sum.outcomes_equal == conform.sum.outcomes;
}

static int by_states(const void *left, const void *right)
{
	const typeof(((struct trial *)0)->scenario[0]) *a = left, *b = right;

	return (a->states > b->states) - (a->states < b->states);
}

/* False where it comes to no verdict, or only after too long. */
static bool add_scenario(struct trial *trial, const struct mmref_program *program)
{
	typeof(trial->scenario[0]) *added = &trial->scenario[trial->nr_scenarios];
	struct mmref_result result;

	if (!explore(program, trial->rules, MAX_STATES, &result) || !result.complete)
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
static bool prepare_scenarios(struct trial *trial)
{
	for (unsigned int i = 0; i < explored.nr; i++) {
		bool added = add_scenario(trial, explored.program[i]);

		if (added && !is_expected(trial))
			return false;
		if (!added ||
		    trial->scenario[trial->nr_scenarios - 1].violation == MMREF_KERNEL_BUG)
			add_scenario(trial, unchecked[i]);
	}
	qsort(trial->scenario, trial->nr_scenarios, sizeof(trial->scenario[0]), by_states);
	return true;
}

static bool prepare_recording(struct trial *trial)
{
	char pages[PATH_TEXT + 64], outcomes[PATH_TEXT + 64], error[ERROR_TEXT];

	snprintf(pages, sizeof(pages), "%s/%s.tsv", recordings, trial->rules->name);
	snprintf(outcomes, sizeof(outcomes), "%s/%s.outcomes.tsv", recordings, trial->rules->name);
	if (access(pages, R_OK))
		return true;
	trial->recording = recording_load(pages, outcomes, error, sizeof(error));
	if (!trial->recording)
		fprintf(stderr, "%s\n", error);
	return trial->recording;
}

bool trial_prepare(struct trial *trial, const struct mmref_rules *rules)
{
	*trial = (struct trial){ .rules = rules };
	return prepare_scenarios(trial) && prepare_recording(trial);
}

void trial_end(struct trial *trial)
{
	if (trial->recording)
		recording_free(trial->recording);
}

/* Does the @i-th scenario come out otherwise? A search cut short speaks for neither. */
static bool differs(const struct trial *trial, unsigned int i, const struct mmref_rules *mutant)
{
	uint64_t bound = ROOM_TO_GROW * trial->scenario[i].states + 1000;
	struct mmref_result result;

	if (!explore(trial->scenario[i].program, mutant, bound, &result))
		return true;
	return result.verdict != MMREF_BOUNDED &&
	       (result.verdict != trial->scenario[i].verdict ||
		result.violation != trial->scenario[i].violation);
}

const char *trial_kills(struct trial *trial, const struct mmref_rules *mutant)
{
	for (unsigned int i = 0; trial->recording && i < recorded.nr; i++)
		if (!as_recorded(recorded.program[i], trial->recording, mutant))
			return recorded.program[i]->name;
	for (unsigned int i = 0; i < trial->nr_scenarios; i++)
		if (differs(trial, i, mutant))
			return trial->scenario[i].program->name;
	return NULL;
}
