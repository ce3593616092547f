/* SPDX-License-Identifier: MIT */
/* main(): finds the command, prints help, runs the command, checks that output was written. */
#include "cli/cli.h"
#include "cli/command_table.h"
#include "cli/commands.h"
#include "cli/data.h"

#include <mmref/version.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static void print_help(void)
{
	puts("mmref: how Linux counts references to device pages, under every interleaving\n"
	     "\n"
	     "usage: mmref COMMAND [OPTION...] [ARGUMENT...]\n");
	for (size_t i = 0; command_at(i); i++)
		printf("  %-9s%s\n", command_at(i)->name, command_at(i)->summary);
	puts("\n"
	     "  mmref COMMAND --help   what a command takes and prints\n"
	     "  mmref --version        the version, and where scenarios and documents are\n"
	     "\n"
	     "Every command takes --json: one JSON object a line on standard output.\n"
	     "\n"
	     "A scenario is a file, or a name in the catalogue that comes with mmref.\n"
	     "\n"
	     "Environment\n"
	     "  MMREF_DATA  folder of the catalogue and the recordings, instead of\n"
	     "              share/mmref of the installation\n"
	     "\n"
	     "Exit status\n"
	     "  0  all is as the scenarios expect; where they expect nothing, no violation\n"
	     "  1  something is not\n"
	     "  2  bad usage, a bad script, or output that could not be written\n"
	     "  3  nothing speaks against it, but a bound or an interrupt cut it short");
}

static void print_version(void)
{
	char folder[DATA_PATH];

	printf("mmref %s\n", mmref_version());
	if (data_folder(folder, DATA_SCENARIOS))
		printf("scenarios: %s\n", folder);
	if (data_folder(folder, DATA_KERNEL))
		printf("recordings: %s\n", folder);
	if (doc_folder(folder))
		printf("documents: %s\n", folder);
}

/* NULL after a message that names the likely one. */
static const struct command *find_command(const char *name)
{
	const struct command *command = command_named(name);
	const char *names[NR_COMMANDS + 1] = { NULL };
	const char *likely;

	if (command)
		return command;
	for (size_t i = 0; i < NR_COMMANDS; i++)
		names[i] = command_at(i)->name;
	likely = likely_word(name, names);
	if (likely)
		complain("there is no command '%s'; '%s' is one", name, likely);
	else
		complain("there is no command '%s'; the commands are run, compare, explain, "
			 "replay, rules, stress, conform and merge", name);
	return NULL;
}

static enum status run_command(int argc, char **argv)
{
	const struct command *command;
	struct options options;

	if (argc < 2) {
		complain("a command is needed; 'mmref --help' lists them");
		return STATUS_BAD_USAGE;
	}
	if (!strcmp(argv[1], "help") && argc > 2) {
		command = find_command(argv[2]);
		if (!command)
			return STATUS_BAD_USAGE;
		fputs(command->help, stdout);
		return STATUS_EXPECTED;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_help();
		return STATUS_EXPECTED;
	}
	if (!strcmp(argv[1], "--version")) {
		print_version();
		return STATUS_EXPECTED;
	}
	if (!strcmp(argv[1], "--complete"))
		return complete_words(argc - 2, argv + 2);
	if (argv[1][0] == '-') {
		complain("there is no option '%s' before the command; --help and --version are",
			 argv[1]);
		return STATUS_BAD_USAGE;
	}
	command = find_command(argv[1]);
	if (!command || !parse_options(command, argc - 1, argv + 1, &options))
		return STATUS_BAD_USAGE;
	if (options.help) {
		fputs(command->help, stdout);
		return STATUS_EXPECTED;
	}
	options.words = argv;
	return command->run(&options);
}

int main(int argc, char **argv)
{
	enum status status;

	/* a closed pipe, or ulimit -f, becomes a write error like a full disk */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	end_when_memory_is_short();
	errno = 0;
	status = run_command(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		complain("what it found could not be written to standard output: %s",
			 strerror(errno));
		return STATUS_BAD_USAGE;
	}
	return (int)status;
}
