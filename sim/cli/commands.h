/* SPDX-License-Identifier: MIT */
/* The commands, and how the command line of each is read. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

#include <getopt.h>

#define MAX_OPTIONS	40

struct command {
	const char *name;
	const char *summary;	/* for the list of commands */
	const char *options;	/* letters of the options it takes; see options.c */
	const char *help;
	int least, most;	/* number of arguments; most -1: no limit */
	const char *wanted;	/* what the arguments are, for the message if too few are given */
	enum status (*run)(const struct options *options);
};

extern const struct command command_run, command_compare, command_explain, command_replay,
	command_rules, command_stress, command_conform, command_merge;

/* The options that @command accepts, at most MAX_OPTIONS, ended by an empty one. */
void accepted_options(const struct command *command, struct option *accepted);
/* Is the value of the option @letter the name of a file? */
bool is_file_option(int letter);
/* mmref --complete: list what could complete a command line. */
enum status complete_words(int argc, char **argv);

/* False, after a message, if the command line is not valid for @command. */
bool parse_options(const struct command *command, int argc, char **argv, struct options *options);

#endif
