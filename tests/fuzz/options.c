/* SPDX-License-Identifier: MIT */
/* A command line: its words are separated by line breaks, the first is the command. */
#include "fuzz.h"

#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#define MOST_WORDS	64

static const struct command *find(const char *name)
{
	static const struct command *const commands[] = {
		&command_run, &command_compare, &command_explain, &command_replay,
		&command_rules, &command_stress, &command_conform, &command_merge,
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = calloc(1, size + 1), *rest = text, *words[MOST_WORDS + 1];
	struct options options;
	struct rule_sets sets;
	int nr = 0;

	if (!text)
		return 0;
	memcpy(text, bytes, size);
	while (nr < MOST_WORDS && (words[nr] = strsep(&rest, "\n")))
		nr++;
	words[nr] = NULL;
	/* no shared objects: their constructors run */
	if (find(words[0]) && parse_options(find(words[0]), nr, words, &options) &&
	    options.rules && !strstr(options.rules, ".so") &&
	    parse_rule_sets(&sets, options.rules))
		free_rule_sets(&sets);
	free(text);
	return 0;
}
