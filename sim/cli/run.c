/* SPDX-License-Identifier: MIT */
/* mmref run: every interleaving of each scenario, under each of its rule sets. */
#include "cli/cli.h"
#include "report/json.h"
#include "report/table.h"

#include <stdlib.h>

/* What has been found so far, in the order of the table. */
struct findings {
	struct verdict *verdicts;
	size_t nr;
	enum status status;
};

static bool add_room(struct findings *findings, size_t more)
{
	void *grown = realloc(findings->verdicts,
			      (findings->nr + more) * sizeof(*findings->verdicts));

	if (!grown) {
		complain("no memory for the verdicts");
		return false;
	}
	findings->verdicts = grown;
	return true;
}

static void run_scenario(struct findings *findings, const struct mmref_program *program,
			 const struct rule_sets *sets, const struct options *options)
{
	for (size_t i = 0; i < sets->nr; i++) {
		struct verdict *verdict = &findings->verdicts[findings->nr++];

		explore(verdict, program, sets->rules[i], &options->bounds, NULL);
		findings->status = graver(findings->status, status_of(judge_verdict(verdict)));
		if (options->json)
			json_line(stdout, json_verdict(verdict));
	}
}

static bool sets_of(struct rule_sets *sets, const struct mmref_program *program,
		    const struct options *options)
{
	if (options->rules)
		return parse_rule_sets(sets, options->rules);
	return expected_rule_sets(sets, program);
}

/* All questions are found good before the first is answered. */
static bool all_good(const struct scenarios *scenarios, const struct options *options)
{
	bool good = true;

	for (size_t i = 0; i < scenarios->nr; i++) {
		struct rule_sets sets;

		good &= is_explorable(scenarios->program[i]);
		if (!sets_of(&sets, scenarios->program[i], options))
			return false;
		free_rule_sets(&sets);
	}
	return good;
}

static enum status run(const struct options *options)
{
	struct findings findings = { .status = STATUS_EXPECTED };
	struct scenarios scenarios;

	if (!load_scenarios(&scenarios, options->argument, options->nr_arguments))
		return STATUS_BAD_USAGE;
	if (!all_good(&scenarios, options))
		findings.status = STATUS_BAD_USAGE;

	for (size_t i = 0; i < scenarios.nr && findings.status != STATUS_BAD_USAGE; i++) {
		struct rule_sets sets;

		if (!sets_of(&sets, scenarios.program[i], options) ||
		    !add_room(&findings, sets.nr)) {
			findings.status = STATUS_BAD_USAGE;
			break;
		}
		run_scenario(&findings, scenarios.program[i], &sets, options);
		free_rule_sets(&sets);
	}
	if (!options->json && findings.nr)
		print_table(stdout, findings.verdicts, findings.nr);

	for (size_t i = 0; i < findings.nr; i++)
		mmref_result_free(&findings.verdicts[i].result);
	free(findings.verdicts);
	free_scenarios(&scenarios);
	return findings.status;
}

const struct command command_run = {
	.name = "run",
	.summary = "explore scenarios under their rule sets; print the table of verdicts",
	.options = "ryCPNSMj",
	.least = 1,
	.most = -1,
	.wanted = "one scenario or more: files, or folders of them",
	.run = run,
	.help =
"usage: mmref run FILE... [--rules A,B|all] [--strategy states|dpor]\n"
"                 [--commuting] [--preemptions N] [--max-states N]\n"
"                 [--max-seconds S] [--max-memory SIZE] [--json]\n"
"\n"
"Explores every interleaving of the scenarios (files, or all .lua in a folder):\n"
"a row a scenario, a column a rule set, and whether that is what it expects.\n"
"\n"
"  --rules A,B|all      the rule sets; 'mmref rules' lists them. Without it those\n"
"                       that the scenario expects something of, or old,new\n"
"  --strategy states    every state once (the default)\n"
"  --strategy dpor      every execution once, in one order of steps that touch\n"
"                       nothing of each other's; keeps no states\n"
"  --commuting          so are, with dpor, gets and puts of one count, where it\n"
"                       cannot fall to where a put acts\n"
"  --preemptions N      only runs that N times at most leave who could go on\n"
"  --max-states N       stop after N different states of the world\n"
"  --max-seconds S      stop after S seconds for each scenario and rule set\n"
"  --max-memory SIZE    stop when the search holds SIZE bytes (500M, 2G)\n"
"  --json               an object for each scenario and rule set: scenario, file,\n"
"                       rules, verdict (holds, violates, hangs, bounded, error),\n"
"                       violation, expected, complete, bounded_by, error, states,\n"
"                       steps, executions, seconds, max_rss_kb\n"
"\n"
"'holds' is said only after every interleaving; what was cut short is 'bounded'.\n",
};
