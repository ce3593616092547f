/* SPDX-License-Identifier: MIT */
/* mmref run: every interleaving of each scenario, under each of its rule sets. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "report/diagnose.h"
#include "report/json.h"
#include "report/shard.h"
#include "report/table.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <mmref/version.h>

/* What has been found so far, in the order of the table. */
struct findings {
	struct verdict *verdicts;
	size_t nr;
	enum status status;
	struct test_report report;
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

/*
 * False, after a complaint, where what it should go on from is nothing to go on from. *@sim is
 * what was explored, or NULL.
 */
static bool explore_one(struct verdict *verdict, const struct mmref_program *program,
			const struct mmref_rules *rules, const struct options *options,
			struct mmref_sim **sim)
{
	struct mmref_options bounds = options->bounds;
	struct mmref_checkpoint checkpoint;

	*sim = NULL;
	if (options->checkpoint.file || options->checkpoint.resume) {
		checkpoint_of(&checkpoint, options, program, rules);
		bounds.checkpoint = &checkpoint;
	}
	explore(verdict, program, rules, &bounds, sim);
	return !verdict->result.refused;
}

/* Whether what a shard found is as expected is not asked before all are merged. */
static enum status status_of_shard(const struct mmref_result *result)
{
	if (result->verdict == MMREF_ERROR)
		return STATUS_UNEXPECTED;
	return strcmp(result->bounded_by, "shard") ? STATUS_CUT_SHORT : STATUS_EXPECTED;
}

static enum status run_shard(struct verdict *verdict, const struct mmref_program *program,
			     const struct mmref_rules *rules, const struct options *options)
{
	struct mmref_sim *sim;

	explore(verdict, program, rules, &options->bounds, &sim);
	json_line(stdout, json_shard(verdict, &options->bounds, sim, MMREF_VERSION));
	mmref_sim_free(sim);
	return status_of_shard(&verdict->result);
}

/* The object of a verdict, and who brought about the gravest that was found. */
static void print_json(const struct verdict *verdict, struct mmref_sim *sim)
{
	cJSON *object = json_verdict(verdict);
	struct causes causes = { .nr = 0 };

	if (verdict->result.nr_found)
		find_causes_of_run(&causes, sim, &verdict->result.found[0].schedule);
	cJSON_AddItemToObject(object, "culprit", json_causes(&causes, sim));
	json_line(stdout, object);
}

static enum status run_whole(struct test_report *report, struct verdict *verdict, const struct mmref_program *program,
			     const struct mmref_rules *rules, const struct options *options)
{
	struct mmref_sim *sim;
	bool explored = explore_one(verdict, program, rules, options, &sim);

	if (explored && options->json)
		print_json(verdict, sim);
	if (explored)
		test_report_add(report, verdict, sim);
	mmref_sim_free(sim);
	if (!explored)
		return STATUS_BAD_USAGE;
	return status_of(judge_verdict(verdict));
}

static void run_scenario(struct findings *findings, const struct mmref_program *program,
			 const struct rule_sets *sets, const struct options *options)
{
	for (size_t i = 0; i < sets->nr; i++) {
		struct verdict *verdict = &findings->verdicts[findings->nr++];
		enum status status;

		status = options->bounds.shards ?
				 run_shard(verdict, program, sets->rules[i], options) :
				 run_whole(&findings->report, verdict, program, sets->rules[i],
					   options);
		findings->status = graver(findings->status, status);
		if (status == STATUS_BAD_USAGE) {
			mmref_result_free(&verdict->result);
			findings->nr--;
			return;
		}
	}
}

static bool sets_of(struct rule_sets *sets, const struct mmref_program *program,
		    const struct options *options)
{
	if (options->rules)
		return parse_rule_sets(sets, options->rules);
	return expected_rule_sets(sets, program);
}

/* A checkpoint is of one search. */
static bool is_one(const struct scenarios *scenarios, size_t nr_sets, const struct options *options)
{
	const struct mmref_checkpoint *checkpoint = &options->checkpoint;

	if (!checkpoint->file && !checkpoint->resume)
		return true;
	if (scenarios->nr == 1 && nr_sets == 1)
		return true;
	complain("%s takes one scenario and one rule set, not %zu and %zu",
		 checkpoint->file ? "--checkpoint" : "--resume", scenarios->nr, nr_sets);
	return false;
}

/* mmref merge runs no native code because a result says so. */
static bool can_be_merged(const struct rule_sets *sets, const struct options *options)
{
	for (size_t i = 0; options->bounds.shards && i < sets->nr; i++) {
		if (mmref_rules_find(sets->rules[i]->name))
			continue;
		complain("--shard takes mmref's own rule sets, not '%s' of a file, which "
			 "'mmref merge' would not load", sets->rules[i]->name);
		return false;
	}
	return true;
}

/* With what the same runs are drawn again. */
static void print_runs(const struct mmref_result *result, const struct options *options)
{
	uint64_t runs = options->bounds.runs ? options->bounds.runs : MMREF_RUNS;

	if (mmref_strategy_is_random(result->strategy))
		printf("\nat most %" PRIu64 " runs each, by %s from seed %" PRIu64 "\n", runs,
		       mmref_strategy_name(result->strategy), result->seed);
}

/* What random runs found while the search of all states was cut short. */
static void print_found_by_chance(const struct findings *findings)
{
	for (size_t i = 0; i < findings->nr; i++) {
		const struct verdict *verdict = &findings->verdicts[i];
		const struct mmref_result *result = &verdict->result;

		if (!result->nr_found || result->strategy != MMREF_STATES ||
		    !mmref_strategy_is_random(result->found[0].strategy))
			continue;
		putchar('\n');
		print_wrapped(stdout, 2, "%s under %s: random runs from seed %" PRIu64 " found %s; the "
			      "search of all states was cut short (%s)", verdict->program->name,
			      verdict->rules->name, result->seed,
			      mmref_violation_name(result->violation), result->bounded_by);
	}
}

/* How likely it is that in any of the searches two different states were taken for one. */
static void print_collision(const struct findings *findings)
{
	double collision = 0;

	for (size_t i = 0; i < findings->nr; i++)
		collision += findings->verdicts[i].result.collision;
	if (collision > 0)
		printf("\ntwo states taken for one, anywhere: probability at most %.1e\n", collision);
}

/* As expected is what nobody asked to be told of. */
static void keep_unexpected(struct findings *findings)
{
	size_t nr = 0;

	for (size_t i = 0; i < findings->nr; i++) {
		if (judge_verdict(&findings->verdicts[i]) == AS_EXPECTED)
			mmref_result_free(&findings->verdicts[i].result);
		else
			findings->verdicts[nr++] = findings->verdicts[i];
	}
	findings->nr = nr;
}

static void run_under_its_sets(struct findings *findings, const struct mmref_program *program,
			       const struct options *options)
{
	struct rule_sets sets;

	if (sets_of(&sets, program, options) && add_room(findings, sets.nr))
		run_scenario(findings, program, &sets, options);
	else
		findings->status = STATUS_BAD_USAGE;
	free_rule_sets(&sets);
}

/*
 * Can these scenarios be explored as the options say? False after a message. *@nr becomes the number
 * of explorations: one for each scenario and rule set.
 */
static bool all_fit(const struct scenarios *scenarios, const struct options *options, size_t *nr)
{
	bool good = true;

	*nr = 0;
	for (size_t i = 0; i < scenarios->nr && good; i++) {
		struct rule_sets sets;

		if (!sets_of(&sets, scenarios->program[i], options))
			return false;
		if (i == 0)
			good = is_one(scenarios, sets.nr, options) && can_be_merged(&sets, options);
		*nr += sets.nr;
		free_rule_sets(&sets);
	}
	return good;
}

static enum status run(const struct options *options)
{
	struct findings findings = { 0 };
	struct scenarios scenarios;
	size_t nr;

	if (options->all)
		return run_against_ancestors(options);
	if (!checkpoint_options_fit(options) || !fix_addresses(options))
		return STATUS_BAD_USAGE;
	findings.status = load_explorables(&scenarios, options->argument, options->nr_arguments);
	if (!all_fit(&scenarios, options, &nr)) {
		free_scenarios(&scenarios);
		return STATUS_BAD_USAGE;
	}
	if (!test_report_begin(&findings.report, options->format, stdout, nr)) {
		free_scenarios(&scenarios);
		return STATUS_BAD_USAGE;
	}
	for (size_t i = 0; i < scenarios.nr; i++)
		run_under_its_sets(&findings, scenarios.program[i], options);
	test_report_end(&findings.report);
	if (options->quiet)
		keep_unexpected(&findings);
	if (!options->json && !options->format && !options->bounds.shards && findings.nr) {
		print_table(stdout, findings.verdicts, findings.nr, options->figures);
		print_runs(&findings.verdicts[0].result, options);
		print_found_by_chance(&findings);
		if (options->figures)
			print_collision(&findings);
	}

	for (size_t i = 0; i < findings.nr; i++)
		mmref_result_free(&findings.verdicts[i].result);
	free(findings.verdicts);
	free_scenarios(&scenarios);
	return findings.status;
}

const struct command command_run = {
	.name = "run",
	.summary = "explore scenarios under their rule sets; print the table of verdicts",
	.options = "qArgxYyLjCnDefPNSMcERXiJ",
	.least = 0,
	.most = -1,
	.wanted = "scenarios: files, or folders of them",
	.run = run,
	.help =
"usage: mmref run [FILE...] [--rules A,B|all] [--json] [OPTION...]\n"
"       mmref run --all [FILE...] --rules A,B [--json] [OPTION...]\n"
"\n"
"Explores every interleaving of the scenarios: files, folders, or names in the\n"
"catalogue that comes with mmref; without FILE the whole catalogue. Prints a row\n"
"a scenario, a column a rule set. Scenarios with errors are left out: status 2.\n"
"\n"
"  --rules A,B|all      the rule sets; 'mmref rules' lists them. Without it those\n"
"                       that the scenario expects something of, or old,new.\n"
"                       One of your own is a file, ./mine.so: docs/rules.md\n"
"  --all                races that each opens, closes or changes, compared with\n"
"                       its ancestor; 1 if one is opened or becomes graver. JSON:\n"
"                       scenario, file, rules, ancestor, difference, verdicts\n"
"  --figures            states and steps of each, which many rows leave out\n"
"  --strategy S         states: every state once (the default); dpor: one\n"
"                       execution of each set that differs in the order of\n"
"                       independent steps; random, pct, pos, surw: random runs;\n"
"                       portfolio: these in turn\n"
"  --json               an object for each scenario and rule set: scenario, file,\n"
"                       rules, verdict (holds, violates, hangs, bounded, error),\n"
"                       violation, found_by, expected, complete, bounded_by,\n"
"                       error, states, steps, executions, collision, seconds,\n"
"                       max_rss_kb, strategy, seed, culprit (see 'explain')\n"
"  --format F           table (the default), tap (TAP version 14, as kselftest\n"
"                       prints it) or junit (XML)\n"
"  --quiet              no progress, and of the table what is not as expected\n"
"\n"
"How much:\n"
"  --max-states N       stop after N different states of the world\n"
"  --max-seconds S      stop after S seconds for each scenario and rule set\n"
"  --max-memory SIZE    stop when the search holds SIZE bytes (500M, 2G)\n"
"  --preemptions N      of states: runs of at most N preemptions\n"
"  --seed N, --runs N   of runs by chance; 1 and 10000 if not given\n"
"  --depth D            of pct: D - 1 changes of priority in a run; 3\n"
"  --focus O            of surw: page:PFN or pgmap:DEVICE; else the most used\n"
"\n"
"How:\n"
"  --no-symmetry        of states: threads that do the same are told apart\n"
"  --no-livelocks       of states: runs that go round for ever are not looked for\n"
"  -j, --jobs N         of states and dpor: N processes explore, each a part\n"
"  --commuting          of dpor: gets and puts of a count change places, too\n"
"  --checkpoint F       of states: save the search in F at its end, at SIGINT and\n"
"                       SIGTERM, and every --checkpoint-seconds S (60)\n"
"  --resume F           go on from there\n"
"  --check-determinism  take each step twice: an error where the states differ\n"
"  --shard I/N          the I-th of N parts, as JSON for 'mmref merge'\n"
"\n"
"'holds' is said only after every interleaving; what was cut short is 'bounded'.\n",
};
