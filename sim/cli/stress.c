/* SPDX-License-Identifier: MIT */
/* mmref stress: the threads of a scenario as real ones, again and again. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "native/native.h"
#include "report/json.h"
#include "script/script.h"

#include <inttypes.h>

/*
 * Real threads meet some interleavings, not all: what they find counts, what
 * they do not find says nothing against a violation that is expected.
 */
static enum status judge_report(const struct mmref_program *program,
				const struct mmref_rules *rules,
				const struct native_report *report)
{
	const struct mmref_expectation *expect = expectation_of(program, rules);

	if (!report->violations && !report->left_bytes)
		return STATUS_EXPECTED;
	return report->violations && expect && expect->verdict != MMREF_EXPECT_HOLDS ?
	       STATUS_EXPECTED : STATUS_UNEXPECTED;
}

static void print_report(const struct mmref_program *program, const struct mmref_rules *rules,
			 const struct native_report *report, enum status status)
{
	printf("%-28s   %-10s %" PRIu64 " rounds in %.1f s, ", program->name, rules->name,
	       report->rounds, report->seconds);
	if (report->violations)
		printf("%" PRIu64 " with %s", report->violations,
		       mmref_violation_name(report->violation));
	else
		fputs("no violation seen", stdout);
	if (report->violations && report->why)
		printf(" (%s)", report->why);
	if (report->left_bytes)
		printf(", %zu bytes left behind", report->left_bytes);
	printf("; expected: %s%s\n", expectation_word(expectation_of(program, rules)),
	       status == STATUS_UNEXPECTED ? "; NOT as expected" : "");
}

static cJSON *json_report(const struct mmref_program *program, const struct mmref_rules *rules,
			  const struct native_report *report, enum status status)
{
	cJSON *object = cJSON_CreateObject();

	json_add_text(object, "scenario", program->name);
	json_add_text(object, "rules", rules->name);
	cJSON_AddNumberToObject(object, "rounds", (double)report->rounds);
	cJSON_AddNumberToObject(object, "violations", (double)report->violations);
	json_add_text(object, "violation",
		      report->violations ? mmref_violation_name(report->violation) : NULL);
	json_add_text(object, "why", report->violations ? report->why : NULL);
	cJSON_AddNumberToObject(object, "left_bytes", (double)report->left_bytes);
	cJSON_AddNumberToObject(object, "seconds", report->seconds);
	cJSON_AddBoolToObject(object, "expected", status == STATUS_EXPECTED);
	return object;
}

static enum status stress_under(const struct mmref_program *program,
				const struct mmref_rules *rules, const struct options *options)
{
	struct native_report report = { 0 };
	enum status status;

	if (native_stress(program, rules, options->seconds, &report)) {
		complain("%s under %s: real threads could not run it%s%s", program->file,
			 rules->name, report.why ? ": " : "", report.why ? report.why : "");
		return STATUS_BAD_USAGE;
	}
	status = judge_report(program, rules, &report);
	if (options->json)
		json_line(stdout, json_report(program, rules, &report, status));
	else
		print_report(program, rules, &report, status);
	return status;
}

static enum status stress(const struct options *options)
{
	enum status status = STATUS_EXPECTED;
	struct mmref_program *program;
	struct rule_sets sets;

	if (options->seconds <= 0) {
		complain("stress needs --seconds and for how long, such as --seconds 10");
		return STATUS_BAD_USAGE;
	}
	program = load_explorable(options->argument[0]);
	if (!program)
		return STATUS_BAD_USAGE;
	if (options->rules ? !parse_rule_sets(&sets, options->rules) :
			     !expected_rule_sets(&sets, program)) {
		script_free(program);
		return STATUS_BAD_USAGE;
	}
	for (size_t i = 0; i < sets.nr; i++)
		status = graver(status, stress_under(program, sets.rules[i], options));
	free_rule_sets(&sets);
	script_free(program);
	return status;
}

const struct command command_stress = {
	.name = "stress",
	.summary = "run a scenario's threads as real ones, again and again",
	.options = "trJ",
	.least = 1,
	.most = 1,
	.wanted = "one scenario",
	.run = stress,
	.help =
"usage: mmref stress FILE --seconds S [--rules A,B|all] [--json]\n"
"\n"
"Runs the threads of the scenario as threads of this machine, on the same model,\n"
"round after round, each in a new world; checks the counts when all have\n"
"stopped. What it sees is real; what it does not see may still be there:\n"
"'mmref run' sees every interleaving.\n"
"\n"
"  --seconds S          for how long, under each rule set\n"
"  --rules A,B|all      the rule sets; without it those of which the scenario\n"
"                       expects something, or old,new\n"
"  --json               one object a rule set: scenario, rules, rounds,\n"
"                       violations (rounds that had one), violation, why,\n"
"                       left_bytes, seconds, expected\n"
"\n"
"Exit status: 1 where a violation was seen that is not expected, or a world left\n"
"memory behind.\n",
};
