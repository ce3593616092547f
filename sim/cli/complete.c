/* SPDX-License-Identifier: MIT */
/*
 * mmref --complete N WORD...: what could stand in place of word N of the command line WORD..., one
 * a line. A line that is "/" alone says that names of files could, too. mmref.bash calls it.
 */
#include "cli/cli.h"
#include "cli/command_table.h"
#include "cli/commands.h"
#include "cli/data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAME 80

static const char FILES[] = "/";

/* The word to be completed, and how much of it stands before the part that is completed. */
struct completion {
	const char *word;
	size_t before;
};

static void offer(const struct completion *completion, const char *name)
{
	const char *part = completion->word + completion->before;

	if (!strncmp(name, part, strlen(part)))
		printf("%.*s%s\n", (int)completion->before, completion->word, name);
}

static bool offer_scenario(void *cookie, const char *name, const char *path)
{
	(void)path;
	offer(cookie, name);
	return true;
}

/* Rule sets, or a file of one; of a list "v6.1,v7" the last is completed. */
static void offer_rules(struct completion *completion, bool is_list)
{
	const char *comma = is_list ? strrchr(completion->word, ',') : NULL;
	const struct mmref_rules *rules;

	if (comma)
		completion->before = (size_t)(comma - completion->word) + 1;
	offer(completion, "old");
	offer(completion, "new");
	if (is_list && !comma)
		offer(completion, "all");
	for (size_t i = 0; (rules = mmref_rules_at(i)); i++) {
		char overlaid[MAX_NAME];

		offer(completion, rules->name);
		snprintf(overlaid, sizeof(overlaid), "%s" MMREF_ARBITER, rules->name);
		offer(completion, overlaid);
	}
	for (size_t i = 0; (rules = mmref_rules_variant(i)); i++)
		offer(completion, rules->name);
	puts(FILES);
}

static void offer_strategies(const struct completion *completion)
{
	for (int i = 0; i < MMREF_NR_STRATEGIES; i++)
		offer(completion, mmref_strategy_name((enum mmref_strategy)i));
}

static void offer_value(struct completion *completion, int letter)
{
	switch (letter) {
	case 'r':
		offer_rules(completion, true);
		return;
	case 'k':
		offer_rules(completion, false);
		return;
	case 'y':
		offer_strategies(completion);
		return;
	}
	if (is_file_option(letter))
		puts(FILES);
}

static void offer_options(const struct completion *completion, const struct option *accepted)
{
	for (; accepted->name; accepted++) {
		char name[MAX_NAME];

		snprintf(name, sizeof(name), "--%s", accepted->name);
		offer(completion, name);
	}
}

/* What @command takes that is no option. */
static void offer_arguments(struct completion *completion, const struct command *command)
{
	if (command == &command_rules) {
		offer_rules(completion, false);
	} else if (command->most) {
		if (command != &command_replay && command != &command_merge)
			visit_catalogue(offer_scenario, completion);
		puts(FILES);
	}
}

/* The option of @accepted that @word is, without "=", if it takes a value; or NULL. */
static const struct option *takes_value(const struct option *accepted, const char *word)
{
	for (; accepted->name; accepted++)
		if (accepted->has_arg == required_argument && !strncmp(word, "--", 2) &&
		    !strcmp(word + 2, accepted->name))
			return accepted;
	return NULL;
}

static void offer_commands(const struct completion *completion, bool options)
{
	for (size_t i = 0; command_at(i); i++)
		offer(completion, command_at(i)->name);
	if (!options)
		return;
	offer(completion, "help");
	offer(completion, "--help");
	offer(completion, "--version");
}

/* bash splits "--rules=v6.1" into three words. */
static void complete_word(struct completion *completion, char **words, int n)
{
	const struct command *command = n > 1 ? command_named(words[1]) : NULL;
	struct option accepted[MAX_OPTIONS + 1];
	const struct option *option;
	const char *before = words[n - 1];

	if (n == 1) {
		offer_commands(completion, true);
		return;
	}
	if (!command) {
		if (!strcmp(words[1], "help") && n == 2)
			offer_commands(completion, false);
		return;
	}
	accepted_options(command, accepted);
	if (!strcmp(completion->word, "="))
		completion->word = "";
	else if (!strcmp(before, "=") && n > 3)
		before = words[n - 2];
	option = takes_value(accepted, before);
	if (option)
		offer_value(completion, option->val);
	else if (completion->word[0] == '-')
		offer_options(completion, accepted);
	else
		offer_arguments(completion, command);
}

enum status complete_words(int argc, char **argv)
{
	int n = argc > 0 ? atoi(argv[0]) : 0;
	struct completion completion = { .word = "" };

	if (n < 1 || n > argc - 1) {
		complain("--complete is for the shell: mmref --complete N WORD...");
		return STATUS_BAD_USAGE;
	}
	if (n < argc - 1)
		completion.word = argv[n + 1];
	complete_word(&completion, argv + 1, n);
	return STATUS_EXPECTED;
}
