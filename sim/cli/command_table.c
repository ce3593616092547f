/* SPDX-License-Identifier: MIT */
#include "cli/command_table.h"

#include <string.h>

static const struct command *const commands[NR_COMMANDS] = {
	&command_run, &command_compare, &command_explain, &command_replay,
	&command_rules, &command_stress, &command_conform, &command_merge,
};

const struct command *command_at(size_t i)
{
	return i < NR_COMMANDS ? commands[i] : NULL;
}

const struct command *command_named(const char *name)
{
	for (size_t i = 0; i < NR_COMMANDS; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}
