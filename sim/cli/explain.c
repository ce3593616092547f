/* SPDX-License-Identifier: MIT */
/* mmref explain: the shortest run to what is wrong with a scenario. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "report/json.h"
#include "report/lanes.h"
#include "report/wrap.h"
#include "script/script.h"

#include <inttypes.h>

static void print_no_run(const struct verdict *verdict)
{
	const struct mmref_result *result = &verdict->result;

	printf("%s under %s: ", verdict->program->name, verdict->rules->name);
	if (mmref_strategy_is_random(result->strategy))
		printf("no violation in %" PRIu64 " runs by %s from seed %" PRIu64 ".\n",
		       result->executions, mmref_strategy_name(result->strategy), result->seed);
	else if (result->verdict == MMREF_BOUNDED)
		printf("no violation in %" PRIu64 " steps; bounded (%s).\n", result->steps,
		       result->bounded_by ? result->bounded_by : "a bound");
	else
		printf("holds in every interleaving (%" PRIu64 " states, %" PRIu64
		       " steps); there is no failing run to show.\n", result->states,
		       result->steps);
}

static void print_heading(const struct verdict *verdict)
{
	const struct mmref_found *found = &verdict->result.found[0];
	char drawn[64] = "";

	if (mmref_strategy_is_random(found->strategy))
		snprintf(drawn, sizeof(drawn), ", found by %s from seed %" PRIu64,
			 mmref_strategy_name(found->strategy), verdict->result.seed);
	print_wrapped(stdout, 2, "%s under %s: %s in %zu steps%s", verdict->program->name,
		      verdict->rules->name, mmref_violation_name(found->violation),
		      found->schedule.length, drawn);
	putchar('\n');
}

static void tell(const struct verdict *verdict, struct mmref_sim *sim,
		 const struct options *options)
{
	const struct mmref_found *found = verdict->result.found;

	if (options->json)
		json_line(stdout, json_verdict(verdict));
	else if (!verdict->result.nr_found)
		print_no_run(verdict);
	else
		print_heading(verdict);

	if (!verdict->result.nr_found)
		return;
	if (options->json)
		json_run(stdout, sim, &found->schedule);
	else
		print_lanes(stdout, sim, &found->schedule, options->all_steps);
}

static void complain_of_no_run(const char *file)
{
	if (file)
		complain("%s is not written: there is no failing run to save", file);
}

static enum status write_files(const struct verdict *verdict, struct mmref_sim *sim,
			       const struct options *options)
{
	if (verdict->result.nr_found)
		return write_run_files(verdict, sim, &verdict->result.found[0].schedule, options);
	complain_of_no_run(options->save);
	complain_of_no_run(options->html);
	complain_of_no_run(options->trace);
	return STATUS_EXPECTED;
}

static enum status explain(const struct options *options)
{
	const struct mmref_rules *rules;
	struct mmref_program *program;
	struct mmref_sim *sim;
	struct verdict verdict;
	enum status status;

	if (!options->rules) {
		complain("explain needs --rules and the name of one rule set; 'mmref rules' lists "
			 "them");
		return STATUS_BAD_USAGE;
	}
	rules = find_rules(options->rules);
	program = rules ? load_explorable(options->argument[0]) : NULL;
	if (!program)
		return STATUS_BAD_USAGE;

	explore(&verdict, program, rules, &options->bounds, &sim);
	status = status_of(judge_verdict(&verdict));
	if (verdict.result.verdict != MMREF_ERROR)
		status = graver(status, write_files(&verdict, sim, options));
	if (status != STATUS_BAD_USAGE && verdict.result.verdict != MMREF_ERROR)
		tell(&verdict, sim, options);
	mmref_result_free(&verdict.result);
	if (sim)
		mmref_sim_free(sim);
	script_free(program);
	return status;
}

const struct command command_explain = {
	.name = "explain",
	.summary = "show the shortest failing run of a scenario, step by step",
	.options = "rsHpaynDefNSMJ",
	.least = 1,
	.most = 1,
	.wanted = "one scenario",
	.run = explain,
	.help =
"usage: mmref explain FILE --rules R [--strategy S] [--save F] [--html F]\n"
"                     [--trace F] [--all-steps] [--max-states N]\n"
"                     [--max-seconds S] [--max-memory SIZE] [--json]\n"
"\n"
"Explores the scenario under one rule set and prints the shortest run to the\n"
"gravest violation: a lane a thread, time downwards; with each step the counts\n"
"of the pages that matter as it leaves them (ref: refcount, map: mapcount, pte:\n"
"page table entries, pin: pins, ino: the file; * what it changed), and where the\n"
"model takes it. Then what the violation means, who holds the page and since\n"
"which step, who sleeps where, and the steps that brought it about.\n"
"\n"
"  --rules R            the rule set; 'mmref rules' lists them\n"
"  --save F             write the run to F, for 'mmref replay F'\n"
"  --html F             write the run to F, a page to step through in a browser\n"
"  --trace F            write the run to F, for ui.perfetto.dev\n"
"  --all-steps          also the steps that change nothing, which are folded\n"
"  --strategy S, --seed N, --runs N, --depth D, --focus O    as for 'mmref\n"
"                       run'; only the default finds a run that has no shorter\n"
"  --max-states N, --max-seconds S, --max-memory SIZE    as for 'mmref run'\n"
"  --json               the object of 'mmref run'; then one a step: step, task,\n"
"                       operation, verb, object, function, source, line, page\n"
"                       (pfn, present, refcount, mapcount, ptes, held); then one\n"
"                       with violation, means, why, task, page, holdings (holder,\n"
"                       units, task, step) and culprit (role, task, step, what,\n"
"                       as of a step); and one for each task asleep\n",
};
