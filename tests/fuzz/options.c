/* SPDX-License-Identifier: MIT */
/* A command line: its words are separated by line breaks, the first is the command. */
#include "fuzz.h"

#include "cli/command_table.h"
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#define MOST_WORDS	64

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
	if (command_named(words[0]) && parse_options(command_named(words[0]), nr, words, &options) &&
	    options.rules && !strstr(options.rules, ".so") &&
	    parse_rule_sets(&sets, options.rules))
		free_rule_sets(&sets);
	free(text);
	return 0;
}
