/* SPDX-License-Identifier: MIT */
/* mmref run --all: what a rule set opens and closes of all races, against its ancestor. */
#include "cli/cli.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>

#define WORD_TEXT 64

enum difference {
	SAME,
	OPENS,
	CLOSES,
	CHANGES,
	UNKNOWN, /* a bound was in the way */
	NR_DIFFERENCES,
};

static const char *const difference_word[NR_DIFFERENCES] = {
	[SAME] = "same",       [OPENS] = "opens",     [CLOSES] = "closes",
	[CHANGES] = "changes", [UNKNOWN] = "unknown",
};

/* One scenario under the two. */
struct pair {
	struct verdict was, is;
	enum difference difference;
};

/* All scenarios under one rule set, as far as they were gone through. */
struct contest {
	const struct mmref_rules *rules;
	const struct options *options;
	unsigned int nr[NR_DIFFERENCES];
	enum status status;
};

static bool is_known(const struct mmref_result *result)
{
	return result->verdict != MMREF_BOUNDED && result->verdict != MMREF_ERROR;
}

static enum difference difference_of(const struct mmref_result *was, const struct mmref_result *is)
{
	if (!is_known(was) || !is_known(is))
		return UNKNOWN;
	if (was->violation == is->violation)
		return SAME;
	if (was->violation == MMREF_NONE)
		return OPENS;
	return is->violation == MMREF_NONE ? CLOSES : CHANGES;
}

/* Violations are numbered from the gravest on. */
static enum status status_of_pair(const struct pair *pair)
{
	const struct mmref_result *was = &pair->was.result, *is = &pair->is.result;

	if (was->verdict == MMREF_ERROR || is->verdict == MMREF_ERROR)
		return STATUS_UNEXPECTED;
	if (pair->difference == OPENS ||
	    (pair->difference == CHANGES && is->violation < was->violation))
		return STATUS_UNEXPECTED;
	return pair->difference == UNKNOWN ? STATUS_CUT_SHORT : STATUS_EXPECTED;
}

static void print_pair(const struct pair *pair)
{
	char was[WORD_TEXT], is[WORD_TEXT];

	if (pair->difference == SAME)
		return;
	printf("  %-8s %-32s %-20s %s\n", difference_word[pair->difference], pair->is.program->name,
	       verdict_word(&pair->was.result, was, sizeof(was)),
	       verdict_word(&pair->is.result, is, sizeof(is)));
	fflush(stdout);
}

static void print_pair_json(const struct pair *pair)
{
	cJSON *object = cJSON_CreateObject(), *verdicts;
	char was[WORD_TEXT], is[WORD_TEXT];

	json_add_text(object, "scenario", pair->is.program->name);
	json_add_text(object, "file", pair->is.program->file);
	json_add_text(object, "rules", pair->is.rules->name);
	json_add_text(object, "ancestor", pair->was.rules->name);
	json_add_text(object, "difference", difference_word[pair->difference]);
	verdicts = cJSON_AddObjectToObject(object, "verdicts");
	json_add_text(verdicts, pair->was.rules->name,
		      verdict_word(&pair->was.result, was, sizeof(was)));
	json_add_text(verdicts, pair->is.rules->name,
		      verdict_word(&pair->is.result, is, sizeof(is)));
	json_line(stdout, object);
}

static void compare_scenario(struct contest *contest, const struct mmref_program *program)
{
	const struct mmref_options *bounds = &contest->options->bounds;
	struct pair pair;

	explore(&pair.was, program, contest->rules->ancestor, bounds, NULL);
	explore(&pair.is, program, contest->rules, bounds, NULL);
	pair.difference = difference_of(&pair.was.result, &pair.is.result);
	contest->nr[pair.difference]++;
	contest->status = graver(contest->status, status_of_pair(&pair));
	if (contest->options->json)
		print_pair_json(&pair);
	else
		print_pair(&pair);
	mmref_result_free(&pair.was.result);
	mmref_result_free(&pair.is.result);
}

static enum status compare_with_ancestor(const struct scenarios *scenarios,
					 const struct mmref_rules *rules,
					 const struct options *options)
{
	struct contest contest = { .rules = rules, .options = options };

	if (!options->json)
		printf("%s against %s, %zu scenarios\n", rules->name, rules->ancestor->name,
		       scenarios->nr);
	for (size_t i = 0; i < scenarios->nr; i++)
		compare_scenario(&contest, scenarios->program[i]);
	if (options->json)
		return contest.status;
	printf("opens %u, closes %u, changes %u, leaves %u as they were", contest.nr[OPENS],
	       contest.nr[CLOSES], contest.nr[CHANGES], contest.nr[SAME]);
	if (contest.nr[UNKNOWN])
		printf("; %u are not known", contest.nr[UNKNOWN]);
	printf("\n");
	return contest.status;
}

/* Can --all be asked with the rest of the command line? A complaint where not. */
static bool all_fits(const struct options *options)
{
	if (!options->rules)
		complain("--all needs --rules, of which each is held against its ancestor");
	else if (options->bounds.shards || options->checkpoint.file || options->checkpoint.resume)
		complain("--all is of whole searches, with no --shard, --checkpoint or --resume");
	else
		return true;
	return false;
}

static bool have_ancestors(const struct rule_sets *sets)
{
	for (size_t i = 0; i < sets->nr; i++) {
		if (sets->rules[i]->ancestor)
			continue;
		complain("%s has no ancestor that --all could hold it against",
			 sets->rules[i]->name);
		return false;
	}
	return true;
}

enum status run_against_ancestors(const struct options *options)
{
	enum status status = STATUS_BAD_USAGE;
	struct scenarios scenarios;
	struct rule_sets sets;

	if (!all_fits(options) || !parse_rule_sets(&sets, options->rules))
		return STATUS_BAD_USAGE;
	if (have_ancestors(&sets)) {
		status = load_explorables(&scenarios, options->argument, options->nr_arguments);
		for (size_t i = 0; scenarios.nr && i < sets.nr; i++)
			status = graver(status,
					compare_with_ancestor(&scenarios, sets.rules[i], options));
		free_scenarios(&scenarios);
	}
	free_rule_sets(&sets);
	return status;
}
