/* SPDX-License-Identifier: MIT */
/* mmref replay: a saved run again, as long as the model still takes its steps. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "report/json.h"
#include "report/lanes.h"
#include "report/schedule.h"
#include "script/script.h"

#define ERROR_TEXT	1024

/* Where the steps are no longer those that were saved; not a fault of the file's form. */
static void print_misfit(const char *misfit, const struct options *options)
{
	cJSON *object;

	if (!options->json) {
		printf("%s\n", misfit);
		return;
	}
	object = cJSON_CreateObject();
	json_add_text(object, "misfit", misfit);
	json_line(stdout, object);
}

static void note_violation(void *cookie, int task, const struct mmref_found *found)
{
	enum mmref_violation *gravest = cookie;

	(void)task;
	if (*gravest == MMREF_NONE || found->violation < *gravest)
		*gravest = found->violation;
}

/* What a search that came upon this run alone would say. */
static struct verdict verdict_of(const struct saved_schedule *saved,
				 const struct mmref_program *program,
				 const struct mmref_rules *rules, struct mmref_sim *sim)
{
	struct verdict verdict = { .program = program, .rules = rules };
	struct mmref_observer observer = {
		.cookie = &verdict.result.violation,
		.violation = note_violation,
	};

	mmref_replay(sim, &saved->schedule, &observer);
	verdict.result.verdict = verdict.result.violation == MMREF_NONE ? MMREF_HOLDS :
									  MMREF_VIOLATES;
	return verdict;
}

static void tell(const struct saved_schedule *saved, struct mmref_sim *sim,
		 const struct options *options)
{
	if (options->json) {
		json_run(stdout, sim, &saved->schedule);
		return;
	}
	printf("%s under %s, %zu steps\n\n", saved->scenario, saved->rules,
	       saved->schedule.length);
	print_lanes(stdout, sim, &saved->schedule, options->all_steps);
}

static enum status replay_in(struct saved_schedule *saved, const struct mmref_program *program,
			     const struct mmref_rules *rules, struct mmref_sim *sim,
			     const struct options *options)
{
	struct verdict verdict;
	char error[ERROR_TEXT];

	if (!schedule_bind(saved, sim, error, sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		return STATUS_BAD_USAGE;
	}
	if (!schedule_fits(saved, sim, error, sizeof(error))) {
		print_misfit(error, options);
		return STATUS_UNEXPECTED;
	}
	verdict = verdict_of(saved, program, rules, sim);
	if (write_run_files(&verdict, sim, &saved->schedule, options) == STATUS_BAD_USAGE)
		return STATUS_BAD_USAGE;
	tell(saved, sim, options);
	return status_of(judge_verdict(&verdict));
}

static enum status replay(const struct options *options)
{
	char error[ERROR_TEXT];
	struct saved_schedule *saved = schedule_load(options->argument[0], error, sizeof(error));
	enum status status = STATUS_BAD_USAGE;
	struct mmref_program *program;
	const struct mmref_rules *rules;
	const char *why = "its world could not be made";
	struct mmref_sim *sim;

	if (!saved) {
		fprintf(stderr, "%s\n", error);
		return STATUS_BAD_USAGE;
	}
	rules = find_saved_rules(saved->rules, saved->file, SCHEDULE_RULES_LINE);
	program = rules ? load_explorable(saved->scenario) : NULL;
	if (program) {
		sim = mmref_sim_program(program, rules, &why);
		if (sim) {
			status = replay_in(saved, program, rules, sim, options);
			mmref_sim_free(sim);
		} else {
			complain("%s under %s: %s", program->file, rules->name, why);
		}
		script_free(program);
	}
	schedule_free(saved);
	return status;
}

const struct command command_replay = {
	.name = "replay",
	.summary = "run a saved schedule again; say where it no longer fits",
	.options = "HpaJ",
	.least = 1,
	.most = 1,
	.wanted = "one saved schedule",
	.run = replay,
	.help =
"usage: mmref replay F [--html F] [--trace F] [--all-steps] [--json]\n"
"\n"
"Runs the schedule that 'mmref explain --save F' wrote, and prints the run as\n"
"explain does. The scenario is looked for where it was, from this folder.\n"
"\n"
"Where the scenario or the model has changed since, the first step that is not as\n"
"it was saved is told as F:line, and the exit status is 1. It is 1 too where the\n"
"run does not end as the scenario expects under these rules.\n"
"\n"
"  --html F, --trace F  write the run as 'mmref explain' does\n"
"  --all-steps          also the steps that change nothing, which are folded\n"
"  --json               the objects of 'mmref explain' from the first step on; or\n"
"                       one with misfit: where it no longer fits\n",
};
