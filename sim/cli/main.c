/* SPDX-License-Identifier: MIT */
/* mmref: which command, its help, and whether what it said could be written. */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NR_COMMANDS	8

static const struct command *const commands[NR_COMMANDS] = {
	&command_run, &command_compare, &command_explain, &command_replay,
	&command_rules, &command_stress, &command_conform, &command_merge,
};

void complain(const char *format, ...)
{
	va_list args;

	fputs("mmref: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

enum status graver(enum status a, enum status b)
{
	static const int gravity[] = {
		[STATUS_EXPECTED] = 0,
		[STATUS_CUT_SHORT] = 1,
		[STATUS_UNEXPECTED] = 2,
		[STATUS_BAD_USAGE] = 3,
	};

	return gravity[a] > gravity[b] ? a : b;
}

enum status status_of(enum judgement judgement)
{
	switch (judgement) {
	case AS_EXPECTED:
		return STATUS_EXPECTED;
	case CUT_SHORT:
		return STATUS_CUT_SHORT;
	case NOT_AS_EXPECTED:
		break;
	}
	return STATUS_UNEXPECTED;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to add, drop or change to make one word of the other. */
static size_t word_distance(const char *from, const char *to)
{
	size_t row[33];
	size_t length = strlen(to);

	if (length >= sizeof(row) / sizeof(row[0]))
		return SIZE_MAX;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 1; from[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			size_t changed = diagonal + (from[i - 1] != to[j - 1]);

			diagonal = row[j];
			row[j] = least(changed, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[length];
}

const char *likely_word(const char *word, const char *const *words)
{
	size_t nearest = strlen(word) / 2 + 1;
	const char *likely = NULL;

	for (; *words; words++) {
		size_t distance = word_distance(word, *words);

		if (distance >= nearest)
			continue;
		nearest = distance;
		likely = *words;
	}
	return likely;
}

static void print_help(void)
{
	puts("mmref: how Linux counts references to device pages, under every interleaving\n"
	     "\n"
	     "usage: mmref COMMAND [OPTION...] [ARGUMENT...]\n");
	for (size_t i = 0; i < NR_COMMANDS; i++)
		printf("  %-9s%s\n", commands[i]->name, commands[i]->summary);
	puts("\n"
	     "  mmref COMMAND --help   what a command takes and prints\n"
	     "  mmref --version        the version\n"
	     "\n"
	     "Every command takes --json: one JSON object a line on standard output.\n"
	     "\n"
	     "Exit status\n"
	     "  0  all is as the scenarios expect; where they expect nothing, no violation\n"
	     "  1  something is not\n"
	     "  2  bad usage, a bad script, or output that could not be written\n"
	     "  3  nothing speaks against it, but a bound or an interrupt cut it short");
}

static const struct command *find_command(const char *name)
{
	const char *names[NR_COMMANDS + 1] = { NULL };
	const char *likely;

	for (size_t i = 0; i < NR_COMMANDS; i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
		names[i] = commands[i]->name;
	}
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
		puts("mmref " MMREF_VERSION);
		return STATUS_EXPECTED;
	}
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

	/* A reader that went away is told like a full disk, and so is ulimit -f. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	errno = 0;
	status = run_command(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		complain("what it found could not be written to standard output: %s",
			 strerror(errno));
		return STATUS_BAD_USAGE;
	}
	return (int)status;
}
