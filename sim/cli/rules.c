/* SPDX-License-Identifier: MIT */
/* mmref rules: the rule sets, the kernel functions that they replace, or two of them compared. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "report/json.h"

#include <string.h>

#define FUNCTION_WIDTH	44

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

/* Whose body @rules has of @function. */
static const char *body_name(const struct mmref_rules *rules, const struct mmref_function *function)
{
	const struct mmref_rules *body = mmref_rules_body_of(rules, function);

	return body ? body->name : "-";
}

static void print_json_function(const struct mmref_function *function, const struct mmref_rules *a,
				const struct mmref_rules *b)
{
	cJSON *object = cJSON_CreateObject(), *bodies;

	json_add_text(object, "function", function->name);
	json_add_text(object, "file", function->file);
	cJSON_AddBoolToObject(object, "differs", !mmref_rules_share(a, b, function));
	bodies = cJSON_AddObjectToObject(object, "bodies");
	json_add_text(bodies, a->name, body_name(a, function));
	json_add_text(bodies, b->name, body_name(b, function));
	json_line(stdout, object);
}

static void print_function(const struct mmref_function *function, const char **file,
			   const struct mmref_rules *a, const struct mmref_rules *b)
{
	if (!*file || strcmp(*file, function->file))
		printf("\n%s\n", function->file);
	*file = function->file;
	printf("  %-*s %-*s %s\n", FUNCTION_WIDTH, function->name, name_width(),
	       body_name(a, function), body_name(b, function));
}

/* Each function whose body differs, or (@all) every one, under the kernel's file. */
static void compare_rules(const struct mmref_rules *a, const struct mmref_rules *b, bool all,
			  bool json)
{
	const struct mmref_function *function;
	unsigned int differing = 0;
	const char *file = NULL;
	size_t nr;

	if (!json)
		printf("  %-*s %-*s %s\n", FUNCTION_WIDTH, "the body is that of", name_width(),
		       a->name, b->name);
	for (nr = 0; (function = mmref_function_at(nr)); nr++) {
		bool differs = !mmref_rules_share(a, b, function);

		differing += differs;
		if (json)
			print_json_function(function, a, b);
		else if (differs || all)
			print_function(function, &file, a, b);
	}
	if (!json)
		printf("\n%u of %zu functions differ\n", differing, nr);
}

/* The rule sets, oldest first, that state a body of @function. */
static void add_bodies(cJSON *object, const struct mmref_function *function)
{
	cJSON *bodies = cJSON_AddArrayToObject(object, "bodies");
	const struct mmref_rules *rules;

	for (size_t i = 0; (rules = mmref_rules_at(i)); i++)
		if (mmref_rules_body_of(rules, function) == rules)
			cJSON_AddItemToArray(bodies, cJSON_CreateString(rules->name));
}

static void print_bodies(const struct mmref_function *function)
{
	const struct mmref_rules *rules;
	const char *between = "";

	for (size_t i = 0; (rules = mmref_rules_at(i)); i++) {
		if (mmref_rules_body_of(rules, function) != rules)
			continue;
		printf("%s%s", between, rules->name);
		between = " ";
	}
	printf("%s\n", function->alike ? "every kernel" : "");
}

/* The list of functions.def: each function and the rule sets that state a body of it. */
static void list_functions(bool json)
{
	const struct mmref_function *function;
	const char *file = "";
	cJSON *object;

	for (size_t i = 0; (function = mmref_function_at(i)); i++) {
		if (!json) {
			if (strcmp(file, function->file))
				printf("%s%s\n", i ? "\n" : "", function->file);
			file = function->file;
			printf("  %-*s ", FUNCTION_WIDTH, function->name);
			print_bodies(function);
			continue;
		}
		object = cJSON_CreateObject();
		json_add_text(object, "function", function->name);
		json_add_text(object, "returns", function->returns);
		json_add_text(object, "parameters", function->parameters);
		json_add_text(object, "file", function->file);
		json_add_text(object, "locks", function->locks);
		json_add_text(object, "references", function->references);
		cJSON_AddBoolToObject(object, "alike", function->alike);
		add_bodies(object, function);
		json_line(stdout, object);
	}
}

static enum status list_or_compare(const struct options *options)
{
	const struct mmref_rules *a, *b;

	if (options->functions) {
		list_functions(options->json);
		return STATUS_EXPECTED;
	}
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
	compare_rules(a, b, options->all, options->json);
	return STATUS_EXPECTED;
}

const struct command command_rules = {
	.name = "rules",
	.summary = "list the rule sets, or the functions in which two of them differ",
	.options = "JAF",
	.least = 0,
	.most = 2,
	.wanted = "no rule set, or two",
	.run = list_or_compare,
	.help =
"usage: mmref rules [A B [--all]] [--functions] [--json]\n"
"\n"
"Without arguments: each rule set, oldest first, its other name, and what it is;\n"
"then variants, each a rule set with one mistake in it.\n"
"With two: each kernel function whose body differs, and the rule set that the\n"
"body of each comes from ('-': the kernel has no such function).\n"
"\n"
"  --all                the functions that do not differ, too\n"
"  --functions          each kernel function that a rule set can replace, and the\n"
"                       rule sets that have a body of their own\n"
"  --json               one object a rule set: rules, other_name, ancestor,\n"
"                       summary, and one of what goes over any: overlay, summary;\n"
"                       with two, one a function: function, file, differs,\n"
"                       bodies;\n"
"                       with --functions: function, returns, parameters, file,\n"
"                       locks, references, alike, bodies\n",
};
