/* SPDX-License-Identifier: MIT */
/* mmref rules: the rule sets there are, or two of them point by point. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "report/json.h"

#include <string.h>

#define WIDEST_FUNCTION	34	/* two of them and a point's name fit 100 columns */

/* "old" or "new", where @rules goes by that name too; else NULL. */
static const char *other_name(const struct mmref_rules *rules)
{
	static const char *const names[] = { "old", "new" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], rules->name) && mmref_rules_find(names[i]) == rules)
			return names[i];
	return NULL;
}

static int name_width(void)
{
	size_t width = 0;

	for (size_t i = 0; mmref_rules_at(i); i++)
		if (strlen(mmref_rules_at(i)->name) > width)
			width = strlen(mmref_rules_at(i)->name);
	return (int)width;
}

/* What can be laid over each of them. */
static void list_overlay(bool json)
{
	static const char summary[] = "over any of them: whoever holds pages holds their inode";
	cJSON *object;

	if (!json) {
		printf("%-*s %-5s %s\n", name_width(), MMREF_ARBITER, "", summary);
		return;
	}
	object = cJSON_CreateObject();
	json_add_text(object, "overlay", MMREF_ARBITER);
	json_add_text(object, "summary", summary);
	json_line(stdout, object);
}

static void list_json(const struct mmref_rules *rules)
{
	cJSON *object = cJSON_CreateObject();

	json_add_text(object, "rules", rules->name);
	json_add_text(object, "other_name", other_name(rules));
	json_add_text(object, "ancestor", rules->ancestor ? rules->ancestor->name : NULL);
	json_add_text(object, "summary", rules->summary);
	json_line(stdout, object);
}

static void list_rules(bool json)
{
	const struct mmref_rules *rules;

	for (size_t i = 0; (rules = mmref_rules_at(i)); i++) {
		const char *other = other_name(rules);

		if (json)
			list_json(rules);
		else
			printf("%-*s %-5s %s\n", name_width(), rules->name, other ? other : "",
			       rules->summary);
	}
}

/* What a scenario tells of a mistake that was mended, or that must not be made. */
static void list_variants(bool json)
{
	const struct mmref_rules *rules;
	int width = 0;

	for (size_t i = 0; (rules = mmref_rules_variant(i)); i++)
		if (width < (int)strlen(rules->name))
			width = (int)strlen(rules->name);
	if (!json)
		printf("\nwith one mistake, before it was mended or as it must not be made:\n");
	for (size_t i = 0; (rules = mmref_rules_variant(i)); i++) {
		if (json)
			list_json(rules);
		else
			printf("%-*s %s\n", width, rules->name, rules->summary);
	}
}

static int point_width(void)
{
	size_t width = 0;

	for (size_t i = 0; mmref_rules_point(i); i++)
		if (strlen(mmref_rules_point(i)) > width)
			width = strlen(mmref_rules_point(i));
	return (int)width;
}

static int function_width(const struct mmref_rules *rules)
{
	size_t width = strlen(rules->name);

	for (size_t i = 0; mmref_rules_point(i); i++)
		if (strlen(mmref_rules_function(rules, i)) > width)
			width = strlen(mmref_rules_function(rules, i));
	return width < WIDEST_FUNCTION ? (int)width : WIDEST_FUNCTION;
}

static void print_json_point(size_t i, const struct mmref_rules *a, const struct mmref_rules *b)
{
	const char *in_a = mmref_rules_function(a, i), *in_b = mmref_rules_function(b, i);
	cJSON *object = cJSON_CreateObject(), *functions;

	json_add_text(object, "point", mmref_rules_point(i));
	cJSON_AddBoolToObject(object, "differs", !mmref_rules_same(a, b, i));
	functions = cJSON_AddObjectToObject(object, "functions");
	json_add_text(functions, a->name, in_a);
	json_add_text(functions, b->name, in_b);
	json_line(stdout, object);
}

static void compare_rules(const struct mmref_rules *a, const struct mmref_rules *b, bool json)
{
	int points = point_width(), a_width = function_width(a);
	unsigned int differing = 0;
	size_t nr;

	if (!json)
		printf("  %-*s   %-*s   %s\n", points, "", a_width, a->name, b->name);
	for (nr = 0; mmref_rules_point(nr); nr++) {
		const char *in_a = mmref_rules_function(a, nr);
		const char *in_b = mmref_rules_function(b, nr);
		bool differs = !mmref_rules_same(a, b, nr);

		differing += differs;
		if (json)
			print_json_point(nr, a, b);
		else
			printf("%c %-*s   %-*s   %s\n", differs ? '*' : ' ', points,
			       mmref_rules_point(nr), a_width, in_a, in_b);
	}
	if (!json)
		printf("\n* differs: %u of %zu points\n", differing, nr);
}

static enum status list_or_compare(const struct options *options)
{
	const struct mmref_rules *a, *b;

	if (!options->nr_arguments) {
		list_rules(options->json);
		list_overlay(options->json);
		list_variants(options->json);
		return STATUS_EXPECTED;
	}
	if (options->nr_arguments == 1) {
		complain("rules compares two rule sets; name a second one beside '%s', or none",
			 options->argument[0]);
		return STATUS_BAD_USAGE;
	}
	a = find_rules(options->argument[0]);
	b = a ? find_rules(options->argument[1]) : NULL;
	if (!b)
		return STATUS_BAD_USAGE;
	compare_rules(a, b, options->json);
	return STATUS_EXPECTED;
}

const struct command command_rules = {
	.name = "rules",
	.summary = "list the rule sets, or two of them point by point",
	.options = "J",
	.least = 0,
	.most = 2,
	.wanted = "no rule set, or two",
	.run = list_or_compare,
	.help =
"usage: mmref rules [A B] [--json]\n"
"\n"
"Without arguments: each rule set, oldest first, its other name, and what it is;\n"
"then variants, each a rule set with one mistake in it.\n"
"With two: for each point of struct mmref_rules the function that each set has\n"
"there ('-': none), and a * where they differ.\n"
"\n"
"  --json               one object a rule set: rules, other_name, ancestor,\n"
"                       summary, and one of what goes over any: overlay, summary;\n"
"                       or one a point: point, differs, functions\n",
};
