/* SPDX-License-Identifier: MIT */
/* The commands, in the order in which --help lists them. */
#ifndef CLI_COMMAND_TABLE_H
#define CLI_COMMAND_TABLE_H

#include "cli/commands.h"

#define NR_COMMANDS	8

/* The @i-th command; NULL past the last. */
const struct command *command_at(size_t i);
/* The command @name, or NULL. */
const struct command *command_named(const char *name);

#endif
