/* SPDX-License-Identifier: MIT */
/* mmref conform: the recorded scenarios again, in the model, beside what kernels did. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/data.h"
#include "cli/stack_names.h"
#include "report/conform.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_TEXT	(DATA_PATH + 64)
#define ERROR_TEXT	1024
#define SCENARIO_NAME	64
#define RECORDED	"recorded"	/* the folder beside the scripts that came with mmref */

/* What is compared under one rule set. */
struct comparison {
	const struct mmref_rules *rules;
	char table[PATH_TEXT], outcomes[PATH_TEXT];	/* empty: not compared */
};

/* "S5a" of S5a-punch-other-page.lua: how a recording calls the scenario. */
static void recorded_name(const struct mmref_program *program, char *name)
{
	snprintf(name, SCENARIO_NAME, "%.*s", (int)strcspn(program->name, "-"), program->name);
}

static bool has_script(const struct scenarios *scenarios, const char *wanted)
{
	char name[SCENARIO_NAME];

	for (size_t i = 0; i < scenarios->nr; i++) {
		recorded_name(scenarios->program[i], name);
		if (!strcmp(name, wanted))
			return true;
	}
	return false;
}

/* Rows of one scenario stand together, in both tables. */
static unsigned int nr_without_script(const struct recording *recording,
				      const struct scenarios *scenarios)
{
	const char *last = "";
	unsigned int nr = 0;

	for (size_t i = 0; i < recording->nr_pages; i++) {
		const char *name = recording->page[i].scenario;

		if (strcmp(name, last) && !has_script(scenarios, name))
			nr++;
		last = name;
	}
	for (size_t i = 0; !recording->nr_pages && i < recording->nr_outcomes; i++) {
		const char *name = recording->outcome[i].scenario;

		if (strcmp(name, last) && !has_script(scenarios, name))
			nr++;
		last = name;
	}
	return nr;
}

static enum status compare_scenarios(struct conform *conform, const struct scenarios *scenarios,
				     const struct mmref_rules *rules)
{
	char name[SCENARIO_NAME];

	for (size_t i = 0; i < scenarios->nr; i++) {
		const struct mmref_program *program = scenarios->program[i];

		recorded_name(program, name);
		if (!conform_recorded(conform, name))
			continue;
		if (!conform_scenario(conform, name, program, rules)) {
			complain("%s: its steps could not be taken under %s: it has none, or "
				 "memory is short", program->file, rules->name);
			return STATUS_BAD_USAGE;
		}
	}
	if (!conform->sum.scenarios) {
		complain("none of the scenarios is in the recording of %s; a script is named "
			 "after the scenario it is of, as S5a-punch-other-page.lua", rules->name);
		return STATUS_BAD_USAGE;
	}
	conform_print_sum(conform, nr_without_script(conform->recording, scenarios));
	return conform->sum.rows_equal == conform->sum.rows &&
	       conform->sum.outcomes_equal == conform->sum.outcomes ? STATUS_EXPECTED :
	       STATUS_UNEXPECTED;
}

static enum status compare_kernel(const struct comparison *comparison,
				  const struct scenarios *scenarios, struct stack_names *names,
				  bool json)
{
	struct conform conform = {
		.out = stdout,
		.json = json,
		.kernel = comparison->rules->name,
		.name_calls = stack_names_add,
		.namer = names,
	};
	char error[ERROR_TEXT];
	enum status status;


	conform.recording = recording_load(comparison->table[0] ? comparison->table : NULL,
					   comparison->outcomes[0] ? comparison->outcomes : NULL,
					   error, sizeof(error));
	if (!conform.recording) {
		fprintf(stderr, "%s\n", error);
		return STATUS_BAD_USAGE;
	}
	status = compare_scenarios(&conform, scenarios, comparison->rules);
	recording_free(conform.recording);
	return status;
}

/* The recording of @rules that came with mmref, in the folder @data. */
static void choose_recorded(struct comparison *comparison, const char *data,
			    const struct mmref_rules *rules)
{
	comparison->rules = rules;
	snprintf(comparison->table, PATH_TEXT, "%s/" RECORDED "/%s.tsv", data, rules->name);
	snprintf(comparison->outcomes, PATH_TEXT, "%s/" RECORDED "/%s.outcomes.tsv", data,
		 rules->name);
}

static enum status compare_recorded_kernels(const struct scenarios *scenarios,
					    struct stack_names *names, bool json)
{
	enum status status = STATUS_EXPECTED;
	struct comparison comparison;
	char data[DATA_PATH];
	unsigned int nr = 0;

	if (!need_data_folder(data, DATA_KERNEL))
		return STATUS_BAD_USAGE;
	for (size_t i = 0; mmref_rules_at(i); i++) {
		choose_recorded(&comparison, data, mmref_rules_at(i));
		if (access(comparison.table, R_OK))
			continue;
		status = graver(status, compare_kernel(&comparison, scenarios, names, json));
		nr++;
	}
	if (nr)
		return status;
	complain("there are no recordings in %s/" RECORDED "; name one with --kernel, --table and "
		 "--outcomes", data);
	return STATUS_BAD_USAGE;
}

static enum status compare_one_kernel(const struct scenarios *scenarios,
				      struct stack_names *names, const struct options *options)
{
	const struct mmref_rules *rules = find_rules(options->kernel);
	struct comparison comparison = { .rules = rules };
	char data[DATA_PATH];

	if (!rules)
		return STATUS_BAD_USAGE;
	if (options->table || options->outcomes) {
		snprintf(comparison.table, PATH_TEXT, "%s", options->table ? options->table : "");
		snprintf(comparison.outcomes, PATH_TEXT, "%s",
			 options->outcomes ? options->outcomes : "");
	} else if (need_data_folder(data, DATA_KERNEL)) {
		choose_recorded(&comparison, data, rules);
	} else {
		return STATUS_BAD_USAGE;
	}
	return compare_kernel(&comparison, scenarios, names, options->json);
}

/* NULL, after a complaint, where this program cannot be read. */
static struct stack_names *open_names(void)
{
	struct stack_names *names = stack_names_open();

	if (!names)
		complain("this program's own executable cannot be read, and call chains are "
			 "compared by its debug information");
	else if (!stack_names_has_inlined(names))
		complain("this program has no debug information: the model's call chains lack "
			 "inlined functions");
	return names;
}

static enum status conform(const struct options *options)
{
	char folder[DATA_PATH];
	char *argument = folder;
	struct scenarios scenarios;
	struct stack_names *names = NULL;
	enum status loaded, status = STATUS_BAD_USAGE;

	if ((options->table || options->outcomes) && !options->kernel) {
		complain("--table and --outcomes need --kernel, the one they were recorded on");
		return STATUS_BAD_USAGE;
	}
	if (options->scenarios)
		snprintf(folder, sizeof(folder), "%s", options->scenarios);
	else if (!need_data_folder(folder, DATA_KERNEL))
		return STATUS_BAD_USAGE;
	loaded = load_scenarios(&scenarios, &argument, 1);
	if (scenarios.nr)
		names = open_names();
	if (names && options->kernel)
		status = compare_one_kernel(&scenarios, names, options);
	else if (names)
		status = compare_recorded_kernels(&scenarios, names, options->json);
	stack_names_close(names);
	free_scenarios(&scenarios);
	return graver(loaded, status);
}

const struct command command_conform = {
	.name = "conform",
	.summary = "run the recorded kernel scenarios; compare row by row",
	.options = "kdToJ",
	.least = 0,
	.most = 0,
	.wanted = "options only",
	.run = conform,
	.help =
"usage: mmref conform [--kernel K] [--scenarios DIR] [--table F --outcomes F]\n"
"                     [--json]\n"
"\n"
"Takes the steps of each scenario in DIR under the rules of the kernel that was\n"
"recorded, and prints each difference, and how many are equal of all. Compared:\n"
"  a page at a checkpoint: kind, refcount, mapcount, index_share, and mapping\n"
"    (none, a file up to renaming, ANON), as far as the recording has them;\n"
"  an operation, by its text and its place after a checkpoint: whether it\n"
"    returned, the byte read, pages spliced, the error, SIGBUS, blocked in state\n"
"    S, D or R, died, warning or oops;\n"
"  the call chain of a task that sleeps, warns or dies, as far as recorded.\n"
"    The model sleeps in a function of that chain. It warns or dies in the\n"
"    recorded function or below: kernels inline functions.\n"
"What only the model or only the recording has is a difference. S5a-NAME.lua is\n"
"the scenario S5a; recorded ones without a script are counted, not compared.\n"
"\n"
"  --kernel K           v6.1, v6.12 or v7.2; without it, each that is recorded\n"
"  --scenarios DIR      other scenarios than those that come with mmref\n"
"  --table F            pages of another recording; needs --kernel\n"
"  --outcomes F         its outcomes\n"
"  --json               one object a row or operation (equal, difference; model,\n"
"                       recorded), and one with the sums of each kernel\n",
};
