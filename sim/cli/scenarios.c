/* SPDX-License-Identifier: MIT */
/* Which scenarios and which rule sets a command line means. */
#include "cli/cli.h"
#include "cli/data.h"
#include "script/script.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ERROR_TEXT	1024

static struct mmref_program *load(const char *file)
{
	char error[ERROR_TEXT] = "";
	struct mmref_program *program = script_load(file, error, sizeof(error));

	if (!program)
		fprintf(stderr, "%s\n", error);
	return program;
}

static bool add_scenario(struct scenarios *scenarios, const char *file)
{
	struct mmref_program *program = load(file);

	if (!program)
		return false;
	if (scenarios->nr == scenarios->room) {
		size_t room = scenarios->room ? 2 * scenarios->room : 16;
		void *grown = realloc(scenarios->program, room * sizeof(*scenarios->program));

		if (!grown) {
			complain("no memory for %s", file);
			script_free(program);
			return false;
		}
		scenarios->program = grown;
		scenarios->room = room;
	}
	scenarios->program[scenarios->nr++] = program;
	return true;
}

static int by_name(const FTSENT **left, const FTSENT **right)
{
	return strcmp((*left)->fts_name, (*right)->fts_name);
}

static bool add_folder(struct scenarios *scenarios, char *folder)
{
	char *roots[] = { folder, NULL };
	FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	bool good = true, any = false;
	FTSENT *entry;

	if (!tree) {
		complain("%s: %s", folder, strerror(errno));
		return false;
	}
	while ((entry = fts_read(tree))) {
		if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR) {
			complain("%s: %s", entry->fts_path, strerror(entry->fts_errno));
			good = false;
		}
		if (entry->fts_info == FTS_D || entry->fts_info == FTS_DP ||
		    !is_script_name(entry->fts_name))
			continue;
		any = true;
		good &= add_scenario(scenarios, entry->fts_path);
	}
	fts_close(tree);
	if (good && !any) {
		complain("%s: no scenario (a file that ends in .lua) in this folder", folder);
		return false;
	}
	return good;
}

enum status load_scenarios(struct scenarios *scenarios, char **argument, int nr)
{
	bool good = true;
	struct stat status;

	*scenarios = (struct scenarios){ 0 };
	for (int i = 0; i < nr; i++) {
		char path[DATA_PATH], given[DATA_PATH];

		snprintf(given, sizeof(given), "%s", find_scenario(argument[i], path));
		if (!stat(given, &status) && S_ISDIR(status.st_mode))
			good &= add_folder(scenarios, given);
		else
			good &= add_scenario(scenarios, given);
	}
	return good ? STATUS_EXPECTED : STATUS_BAD_USAGE;
}

void free_scenarios(struct scenarios *scenarios)
{
	for (size_t i = 0; i < scenarios->nr; i++)
		script_free(scenarios->program[i]);
	free(scenarios->program);
	*scenarios = (struct scenarios){ 0 };
}

/* Has @program threads? If it has steps instead, false after a message. */
static bool is_explorable(const struct mmref_program *program)
{
	if (program->nr_threads)
		return true;
	complain("%s: it has steps, not threads, and so one order only; 'mmref conform' takes "
		 "them", program->file);
	return false;
}

enum status load_explorables(struct scenarios *scenarios, char **argument, int nr)
{
	char folder[DATA_PATH];
	char *catalogue[] = { folder };
	enum status status;
	size_t kept = 0;

	*scenarios = (struct scenarios){ 0 };
	if (!nr && !need_data_folder(folder, DATA_SCENARIOS))
		return STATUS_BAD_USAGE;
	status = load_scenarios(scenarios, nr ? argument : catalogue, nr ? nr : 1);
	for (size_t i = 0; i < scenarios->nr; i++) {
		if (is_explorable(scenarios->program[i])) {
			scenarios->program[kept++] = scenarios->program[i];
		} else {
			script_free(scenarios->program[i]);
			status = STATUS_BAD_USAGE;
		}
	}
	scenarios->nr = kept;
	return status;
}

struct mmref_program *load_explorable(const char *file)
{
	char path[DATA_PATH];
	struct mmref_program *program = load(find_scenario(file, path));

	if (!program || is_explorable(program))
		return program;
	script_free(program);
	return NULL;
}

/* The names of all but variants, "v6.1, v6.12". */
static const char *known_rules(char *known, size_t size)
{
	known[0] = '\0';
	for (size_t i = 0; mmref_rules_at(i); i++)
		snprintf(known + strlen(known), size - strlen(known), "%s%s", i ? ", " : "",
			 mmref_rules_at(i)->name);
	return known;
}

const struct mmref_rules *find_rules(const char *name)
{
	const struct mmref_rules *rules = mmref_rules_find(name);
	char known[256];

	if (rules)
		return rules;
	if (is_rules_file(name))
		return load_rules_file(name);
	complain("there is no rule set '%s'; there are %s, each with " MMREF_ARBITER
		 ", variants that 'mmref rules' lists, and files that end in .so", name,
		 known_rules(known, sizeof(known)));
	return NULL;
}

const struct mmref_rules *find_saved_rules(const char *name, const char *file, int line)
{
	const struct mmref_rules *rules = mmref_rules_find(name);
	char known[256];

	if (!rules)
		complain("%s:%d: mmref has no rule set '%.80s' of its own, and takes none from a "
			 "file that a saved run names; there are %s", file, line, name,
			 known_rules(known, sizeof(known)));
	return rules;
}

/* A set that is named twice is explored once. */
static bool add_rules(struct rule_sets *sets, const struct mmref_rules *rules)
{
	if (!rules)
		return false;
	for (size_t i = 0; i < sets->nr; i++)
		if (sets->rules[i] == rules)
			return true;
	sets->rules[sets->nr++] = rules;
	return true;
}

static bool room_for_rules(struct rule_sets *sets, size_t room)
{
	sets->nr = 0;
	sets->rules = calloc(room, sizeof(*sets->rules));
	if (!sets->rules)
		complain("no memory for the rule sets");
	return sets->rules;
}

static bool all_rule_sets(struct rule_sets *sets)
{
	size_t nr = 0;

	while (mmref_rules_at(nr))
		nr++;
	if (!room_for_rules(sets, nr))
		return false;
	for (size_t i = 0; i < nr; i++)
		add_rules(sets, mmref_rules_at(i));
	return true;
}

static size_t nr_names(const char *names)
{
	size_t nr = 1;

	while ((names = strchr(names, ','))) {
		names++;
		nr++;
	}
	return nr;
}

bool parse_rule_sets(struct rule_sets *sets, const char *names)
{
	char *copy, *name, *rest;
	bool good = true;

	if (!strcmp(names, "all"))
		return all_rule_sets(sets);
	if (!room_for_rules(sets, nr_names(names)))
		return false;
	copy = rest = strdup(names);
	while (copy && good && (name = strsep(&rest, ",")))
		good = add_rules(sets, find_rules(name));
	free(copy);
	if (!good || !copy)
		free_rule_sets(sets);
	return good && copy;
}

bool expected_rule_sets(struct rule_sets *sets, const struct mmref_program *program)
{
	bool good = true;

	if (!program->nr_expect)
		return parse_rule_sets(sets, "old,new");
	if (!room_for_rules(sets, program->nr_expect))
		return false;
	for (unsigned int i = 0; good && i < program->nr_expect; i++)
		good = add_rules(sets, find_rules(program->expect[i].rules));
	if (!good)
		free_rule_sets(sets);
	return good;
}

void free_rule_sets(struct rule_sets *sets)
{
	free(sets->rules);
	*sets = (struct rule_sets){ 0 };
}
