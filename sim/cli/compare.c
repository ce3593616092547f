/* SPDX-License-Identifier: MIT */
/* mmref compare: one scenario under two rule sets, beside each other. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "report/counts.h"
#include "report/json.h"
#include "report/page.h"
#include "report/table.h"
#include "script/script.h"

#include <errno.h>
#include <string.h>

#define SIDES	2

/* What the comparison has of each rule set. */
struct side {
	struct verdict verdict;
	struct counts counts;
};

/* Worlds come one after the other: there is one simulation at a time. */
static bool take_counts(struct side *side, const struct mmref_program *program,
			const struct mmref_rules *rules)
{
	const char *error = "not enough memory";
	struct mmref_sim *sim = mmref_sim_program(program, rules, &error);
	bool taken = sim && counts_take(&side->counts, rules, sim);

	if (sim)
		mmref_sim_free(sim);
	if (!taken)
		complain("%s under %s: %s", program->file, rules->name, error);
	return taken;
}

static void print_comparison(const struct side *side)
{
	struct verdict verdicts[SIDES] = { side[0].verdict, side[1].verdict };

	print_counts(stdout, &side[0].counts, &side[1].counts);
	putchar('\n');
	print_table(stdout, verdicts, SIDES, true);
	putchar('\n');
	print_first_difference(stdout, &side[0].counts, &side[1].counts);
}

static void print_json_comparison(const struct side *side)
{
	for (int i = 0; i < SIDES; i++)
		json_counts(stdout, &side[i].counts);
	for (int i = 0; i < SIDES; i++)
		json_line(stdout, json_verdict(&side[i].verdict));
	json_first_difference(stdout, &side[0].counts, &side[1].counts);
}

/* The runs that the counts were taken of, with all their steps. */
static bool write_page(const struct side *side, const char *file)
{
	cJSON *runs = cJSON_CreateArray();

	for (int i = 0; i < SIDES; i++) {
		const struct verdict *verdict = &side[i].verdict;
		struct mmref_sim *sim = mmref_sim_program(verdict->program, verdict->rules, NULL);

		if (!sim) {
			cJSON_Delete(runs);
			errno = ENOMEM;
			return false;
		}
		cJSON_AddItemToArray(runs, page_run(verdict, sim, NULL));
		mmref_sim_free(sim);
	}
	return page_save(file, runs, json_difference(&side[0].counts, &side[1].counts));
}

static enum status compare_under(const struct mmref_program *program,
				 const struct rule_sets *sets, const struct options *options)
{
	struct side side[SIDES] = { 0 };
	enum status status = STATUS_EXPECTED;
	bool taken = true;

	for (int i = 0; taken && i < SIDES; i++) {
		taken = take_counts(&side[i], program, sets->rules[i]);
		if (!taken)
			break;
		explore(&side[i].verdict, program, sets->rules[i], &options->bounds, NULL);
		status = graver(status, status_of(judge_verdict(&side[i].verdict)));
	}
	if (taken && options->html && !write_page(side, options->html)) {
		complain("%s: %s", options->html, strerror(errno));
		status = STATUS_BAD_USAGE;
	} else if (taken && options->json)
		print_json_comparison(side);
	else if (taken)
		print_comparison(side);
	for (int i = 0; i < SIDES; i++) {
		counts_free(&side[i].counts);
		mmref_result_free(&side[i].verdict.result);
	}
	return taken ? status : STATUS_BAD_USAGE;
}

static enum status compare(const struct options *options)
{
	struct mmref_program *program;
	enum status status = STATUS_BAD_USAGE;
	struct rule_sets sets;

	if (!parse_rule_sets(&sets, options->rules ? options->rules : "old,new"))
		return STATUS_BAD_USAGE;
	program = load_explorable(options->argument[0]);
	if (program && sets.nr != SIDES)
		complain("compare takes two different rule sets, such as --rules old,new, not %zu",
			 sets.nr);
	else if (program)
		status = compare_under(program, &sets, options);
	if (program)
		script_free(program);
	free_rule_sets(&sets);
	return status;
}

const struct command command_compare = {
	.name = "compare",
	.summary = "a scenario under two rule sets: counts, verdicts, first difference",
	.options = "rHNSMJ",
	.least = 1,
	.most = 1,
	.wanted = "one scenario",
	.run = compare,
	.help =
"usage: mmref compare FILE [--rules A,B] [--html F] [--max-states N]\n"
"                     [--max-seconds S] [--max-memory SIZE] [--json]\n"
"\n"
"Prints, for two rule sets beside each other:\n"
"  the counts of each page that an operation changes, as it leaves them, with the\n"
"    threads run one after another;\n"
"  the verdicts, after exploring every interleaving;\n"
"  the first operation that ends otherwise under the one than under the other, or\n"
"    leaves a page held by others. How many references a free page starts with is\n"
"    no difference by itself.\n"
"\n"
"  --rules A,B          the rule sets; old,new without it\n"
"  --html F             write the runs to F, a page to step through in a browser\n"
"  --max-states N, --max-seconds S, --max-memory SIZE    as for 'mmref run'\n"
"  --json               one object an operation and rule set (rules, task,\n"
"                       operation, end, pages), the objects of 'mmref run', and\n"
"                       one with first_difference (task and its number lane,\n"
"                       operation, nth of the task's, page)\n",
};
