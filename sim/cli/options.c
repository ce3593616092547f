/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "cli/commands.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define OF_FILES	"cdHopRsT"	/* options whose value is a file name */

/* All options. A command accepts those whose letters are in its ->options. */
static const struct option all_options[] = {
	{ "all",	 no_argument,	    NULL, 'A' },
	{ "all-steps",	 no_argument,	    NULL, 'a' },
	{ "check-determinism", no_argument, NULL, 'X' },
	{ "checkpoint",	 required_argument, NULL, 'c' },
	{ "checkpoint-seconds", required_argument, NULL, 'E' },
	{ "commuting",	 no_argument,	    NULL, 'C' },
	{ "depth",	 required_argument, NULL, 'D' },
	{ "figures",	 no_argument,	    NULL, 'g' },
	{ "focus",	 required_argument, NULL, 'f' },
	{ "format",	 required_argument, NULL, 'x' },
	{ "functions",	 no_argument,	    NULL, 'F' },
	{ "help",	 no_argument,	    NULL, 'h' },
	{ "html",	 required_argument, NULL, 'H' },
	{ "jobs",	 required_argument, NULL, 'j' },
	{ "json",	 no_argument,	    NULL, 'J' },
	{ "kernel",	 required_argument, NULL, 'k' },
	{ "max-memory",	 required_argument, NULL, 'M' },
	{ "max-seconds", required_argument, NULL, 'S' },
	{ "max-states",	 required_argument, NULL, 'N' },
	{ "no-livelocks", no_argument,	    NULL, 'L' },
	{ "no-symmetry", no_argument,	    NULL, 'Y' },
	{ "outcomes",	 required_argument, NULL, 'o' },
	{ "preemptions", required_argument, NULL, 'P' },
	{ "quiet",	 no_argument,	    NULL, 'q' },
	{ "resume",	 required_argument, NULL, 'R' },
	{ "rules",	 required_argument, NULL, 'r' },
	{ "runs",	 required_argument, NULL, 'n' },
	{ "save",	 required_argument, NULL, 's' },
	{ "scenarios",	 required_argument, NULL, 'd' },
	{ "seconds",	 required_argument, NULL, 't' },
	{ "seed",	 required_argument, NULL, 'e' },
	{ "shard",	 required_argument, NULL, 'i' },
	{ "strategy",	 required_argument, NULL, 'y' },
	{ "table",	 required_argument, NULL, 'T' },
	{ "trace",	 required_argument, NULL, 'p' },
};

bool is_file_option(int letter)
{
	return strchr(OF_FILES, letter);
}

void accepted_options(const struct command *command, struct option *accepted)
{
	for (size_t i = 0; i < sizeof(all_options) / sizeof(all_options[0]); i++)
		if (all_options[i].val == 'h' || strchr(command->options, all_options[i].val))
			*accepted++ = all_options[i];
	*accepted = (struct option){ NULL, 0, NULL, 0 };
}

static const char *option_name(int letter)
{
	const struct option *option = all_options;

	while (option->val != letter)
		option++;
	return option->name;
}

/* @word is where getopt_long() stopped. If it holds several letters, optopt is the bad one. */
static void complain_of_unknown(const struct command *command, const char *word,
				const struct option *accepted)
{
	const char *names[MAX_OPTIONS + 1] = { NULL };
	char name[64];
	const char *likely;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	if (optopt && strchr(word, '=')) {
		complain("%s takes no value", name);
		return;
	}
	if (optopt)
		snprintf(name, sizeof(name), "-%c", optopt);
	for (size_t i = 0; accepted[i].name; i++)
		names[i] = accepted[i].name;
	likely = likely_word(name + strspn(name, "-"), names);
	if (likely)
		complain("%s has no option '%s'; --%s is one", command->name, name, likely);
	else
		complain("%s has no option '%s'; 'mmref %s --help' lists those it has",
			 command->name, name, command->name);
}

static bool parse_count(const char *option, const char *text, uint64_t *count)
{
	char *end;

	errno = 0;
	*count = strtoull(text, &end, 10);
	if (!errno && isdigit((unsigned char)text[0]) && !*end && *count)
		return true;
	complain("%s is a number from 1, not '%s'", option, text);
	return false;
}

static bool parse_preemptions(const char *option, const char *text, struct mmref_options *bounds)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || !isdigit((unsigned char)text[0]) || *end || number > UINT_MAX) {
		complain("%s is a number from 0, not '%s'", option, text);
		return false;
	}
	bounds->few_preemptions = true;
	bounds->preemptions = (unsigned int)number;
	return true;
}

static bool parse_seconds(const char *option, const char *text, double *seconds)
{
	char *end;

	*seconds = strtod(text, &end);
	if (end != text && !*end && *seconds > 0 && *seconds <= 1e9)
		return true;
	complain("%s is a time in seconds, such as 10 or 0.5, and at most 1e9, not '%s'", option,
		 text);
	return false;
}

static bool parse_size(const char *option, const char *text, size_t *size)
{
	static const char units[] = "KMG";
	unsigned long long number;
	unsigned int shift = 0;
	const char *unit;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
	if (unit) {
		shift = 10 * (unsigned int)(unit - units + 1);
		end++;
	}
	if (errno || !isdigit((unsigned char)text[0]) || *end || !number ||
	    number > SIZE_MAX >> shift) {
		complain("%s is a size in bytes, such as 500M or 2G, not '%s'", option, text);
		return false;
	}
	*size = (size_t)number << shift;
	return true;
}

static bool parse_depth(const char *option, const char *text, unsigned int *depth)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (isdigit((unsigned char)text[0]) && !*end && number && number <= MMREF_MAX_DEPTH) {
		*depth = (unsigned int)number;
		return true;
	}
	complain("%s is a number from 1 to %d, not '%s'", option, MMREF_MAX_DEPTH, text);
	return false;
}

static bool parse_jobs(const char *option, const char *text, unsigned int *workers)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (isdigit((unsigned char)text[0]) && !*end && number && number <= MMREF_MAX_WORKERS) {
		*workers = (unsigned int)number;
		return true;
	}
	complain("%s is a number from 1 to %d, not '%s'", option, MMREF_MAX_WORKERS, text);
	return false;
}

static bool parse_focus(const char *option, const char *text, struct mmref_focus *focus)
{
	static const char *const words[] = {
		[MMREF_FOCUS_PAGE] = "page:",
		[MMREF_FOCUS_PGMAP] = "pgmap:",
	};

	errno = 0;
	for (int i = MMREF_FOCUS_PAGE; i <= MMREF_FOCUS_PGMAP; i++) {
		const char *number = text + strlen(words[i]);
		char *end;

		if (strncmp(text, words[i], strlen(words[i])) != 0 ||
		    !isdigit((unsigned char)*number))
			continue;
		focus->object = (enum mmref_focus_object)i;
		focus->number = strtoul(number, &end, 10);
		if (!errno && !*end)
			return true;
	}
	complain("%s is page:PFN or pgmap:DEVICE, by number, not '%s'", option, text);
	return false;
}

static bool parse_strategy(const char *option, const char *text, enum mmref_strategy *strategy)
{
	for (int i = 0; i < MMREF_NR_STRATEGIES; i++) {
		if (strcmp(text, mmref_strategy_name((enum mmref_strategy)i)) != 0)
			continue;
		*strategy = (enum mmref_strategy)i;
		return true;
	}
	complain("%s is states, dpor, random, pct, pos, surw or portfolio, not '%s'", option,
		 text);
	return false;
}

/* False, after a message, if an option was given that does not fit the strategy. */
static bool is_for(bool given, bool fits, const char *option, const char *strategies,
		   enum mmref_strategy strategy)
{
	if (given && !fits)
		complain("--%s is for --strategy %s, not %s", option, strategies,
			 mmref_strategy_name(strategy));
	return !given || fits;
}

/* An option that the strategy would ignore is an error. */
static bool fits_strategy(const struct mmref_options *bounds)
{
	static const char chance[] = "random, pct, pos, surw or portfolio";
	enum mmref_strategy strategy = bounds->strategy;
	bool random = mmref_strategy_is_random(strategy), all = strategy == MMREF_PORTFOLIO;

	return is_for(bounds->commuting, strategy == MMREF_DPOR, "commuting", "dpor", strategy) &&
	       is_for(bounds->no_symmetry, strategy == MMREF_STATES, "no-symmetry", "states",
		      strategy) &&
	       is_for(bounds->no_livelocks, strategy == MMREF_STATES, "no-livelocks", "states",
		      strategy) &&
	       is_for(bounds->workers > 1, !random, "jobs", "states or dpor", strategy) &&
	       is_for(bounds->few_preemptions, strategy == MMREF_STATES, "preemptions", "states",
		      strategy) &&
	       is_for(bounds->seed, random, "seed", chance, strategy) &&
	       is_for(bounds->runs, random, "runs", chance, strategy) &&
	       is_for(bounds->depth, all || strategy == MMREF_PCT, "depth", "pct or portfolio",
		      strategy) &&
	       is_for(bounds->focus.object, all || strategy == MMREF_SURW, "focus",
		      "surw or portfolio", strategy) &&
	       is_for(bounds->max_states, !random, "max-states", "states or dpor", strategy);
}

/* Checkpoints and shards save no preemption counts, and belong to one process. */
static bool fits_part(const struct options *options)
{
	const struct mmref_options *bounds = &options->bounds;
	const char *whole = bounds->few_preemptions ? "--preemptions" :
			    bounds->workers > 1	    ? "--jobs" : NULL;
	bool kept = options->checkpoint.file || options->checkpoint.resume;

	if (whole && (bounds->shards || kept)) {
		complain("%s is of a whole search, with no --shard, --checkpoint or --resume", whole);
		return false;
	}
	if (bounds->workers > 1 && (bounds->few_preemptions || bounds->check_determinism)) {
		complain("--jobs goes with no --preemptions or --check-determinism");
		return false;
	}
	return true;
}

/* Do @a and @b, files that do not exist yet, name the same one? */
static bool is_same_new_file(const char *a, const char *b)
{
	const char *a_base = strrchr(a, '/'), *b_base = strrchr(b, '/');
	char a_folder[PATH_MAX] = ".", b_folder[PATH_MAX] = ".";
	struct stat of_a, of_b;

	if (a_base)
		snprintf(a_folder, sizeof(a_folder), "%.*s", (int)(a_base - a + 1), a);
	if (b_base)
		snprintf(b_folder, sizeof(b_folder), "%.*s", (int)(b_base - b + 1), b);
	return !strcmp(a_base ? a_base + 1 : a, b_base ? b_base + 1 : b) &&
	       !stat(a_folder, &of_a) && !stat(b_folder, &of_b) &&
	       of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

/* Only regular files are overwritten; pipes and devices may be named twice. */
static bool is_same_file(const char *a, const char *b)
{
	struct stat of_a, of_b;

	if (stat(a, &of_a) || stat(b, &of_b))
		return !strcmp(a, b) || is_same_new_file(a, b);
	return S_ISREG(of_a.st_mode) && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

/* No output file may replace an input file or another output file. */
static bool files_differ(const struct options *options)
{
	const struct {
		const char *option, *file;
	} out[] = {
		{ "--save", options->save },
		{ "--html", options->html },
		{ "--trace", options->trace },
		{ "--checkpoint", options->checkpoint.file },
	};
	const size_t nr = sizeof(out) / sizeof(out[0]);

	for (size_t i = 0; i < nr; i++) {
		for (size_t j = i + 1; out[i].file && j < nr; j++) {
			if (!out[j].file || !is_same_file(out[i].file, out[j].file))
				continue;
			complain("%s and %s are one file, '%s'; give each its own", out[i].option,
				 out[j].option, out[j].file);
			return false;
		}
		for (int j = 0; out[i].file && j < options->nr_arguments; j++) {
			if (!is_same_file(out[i].file, options->argument[j]))
				continue;
			complain("%s would be written over '%s', which is read; give it a file of "
				 "its own", out[i].option, options->argument[j]);
			return false;
		}
	}
	return true;
}

static bool parse_shard(const char *option, const char *text, struct mmref_options *bounds)
{
	char *slash, *end;
	unsigned long shard, shards;

	shard = isdigit((unsigned char)text[0]) ? strtoul(text, &slash, 10) : 0;
	shards = shard && *slash == '/' && isdigit((unsigned char)slash[1]) ?
			 strtoul(slash + 1, &end, 10) : 0;
	if (!shards || *end || shard > shards || shards > MMREF_MAX_SHARDS) {
		complain("%s is which part of how many (up to %d), such as 1/4, not '%s'", option,
			 MMREF_MAX_SHARDS, text);
		return false;
	}
	bounds->shard = (unsigned int)shard;
	bounds->shards = (unsigned int)shards;
	return true;
}

static bool parse_format(const char *option, const char *text, enum test_format *format)
{
	static const char *const names[] = {
		[FORMAT_TABLE] = "table", [FORMAT_TAP] = "tap", [FORMAT_JUNIT] = "junit",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) != 0)
			continue;
		*format = (enum test_format)i;
		return true;
	}
	complain("%s is table, tap or junit, not '%s'", option, text);
	return false;
}

/* One form of output at a time; the parts of a shard and the comparison of --all have their own. */
static bool fits_format(const struct options *options)
{
	const char *other = options->json ? "--json" : options->all ? "--all" :
			    options->bounds.shards ? "--shard" : options->figures ? "--figures" : NULL;

	if (options->format == FORMAT_TABLE || !other)
		return true;
	complain("--format tap or junit goes with no %s", other);
	return false;
}

static bool take_option(struct options *options, int letter, const char *value)
{
	switch (letter) {
	case 'a':
		options->all_steps = true;
		return true;
	case 'x':
		return parse_format("--format", value, &options->format);
	case 'g':
		options->figures = true;
		return true;
	case 'A':
		options->all = true;
		return true;
	case 'c':
		options->checkpoint.file = value;
		return true;
	case 'E':
		return parse_seconds("--checkpoint-seconds", value, &options->checkpoint.seconds);
	case 'X':
		options->bounds.check_determinism = true;
		return true;
	case 'C':
		options->bounds.commuting = true;
		return true;
	case 'd':
		options->scenarios = value;
		return true;
	case 'D':
		return parse_depth("--depth", value, &options->bounds.depth);
	case 'e':
		return parse_count("--seed", value, &options->bounds.seed);
	case 'f':
		return parse_focus("--focus", value, &options->bounds.focus);
	case 'h':
		options->help = true;
		return true;
	case 'H':
		options->html = value;
		return true;
	case 'i':
		return parse_shard("--shard", value, &options->bounds);
	case 'F':
		options->functions = true;
		return true;
	case 'J':
		options->json = true;
		return true;
	case 'k':
		options->kernel = value;
		return true;
	case 'M':
		return parse_size("--max-memory", value, &options->bounds.max_memory);
	case 'N':
		return parse_count("--max-states", value, &options->bounds.max_states);
	case 'n':
		return parse_count("--runs", value, &options->bounds.runs);
	case 'j':
		return parse_jobs("--jobs", value, &options->bounds.workers);
	case 'L':
		options->bounds.no_livelocks = true;
		return true;
	case 'q':
		options->quiet = true;
		return true;
	case 'Y':
		options->bounds.no_symmetry = true;
		return true;
	case 'o':
		options->outcomes = value;
		return true;
	case 'p':
		options->trace = value;
		return true;
	case 'P':
		return parse_preemptions("--preemptions", value, &options->bounds);
	case 'r':
		options->rules = value;
		return true;
	case 'R':
		options->checkpoint.resume = value;
		return true;
	case 's':
		options->save = value;
		return true;
	case 'S':
		return parse_seconds("--max-seconds", value, &options->bounds.max_seconds);
	case 't':
		return parse_seconds("--seconds", value, &options->seconds);
	case 'y':
		return parse_strategy("--strategy", value, &options->bounds.strategy);
	case 'T':
		options->table = value;
		return true;
	}
	return false;
}

bool parse_options(const struct command *command, int argc, char **argv, struct options *options)
{
	const char *shorts = strchr(command->options, 'j') ? ":hj:" : ":h";
	struct option accepted[MAX_OPTIONS + 1];
	int letter;

	*options = (struct options){ .command = command->name };
	accepted_options(command, accepted);

	opterr = 0;
	optind = 0;	/* 1 would go on within the word at which an earlier command line was refused */
	while ((letter = getopt_long(argc, argv, shorts, accepted, NULL)) != -1) {
		if (letter == ':') {
			complain("%s needs a value", argv[optind - 1]);
			return false;
		}
		if (letter == '?') {
			complain_of_unknown(command, argv[optind - 1], accepted);
			return false;
		}
		if (is_file_option(letter) && !*optarg) {
			complain("--%s needs the name of a file", option_name(letter));
			return false;
		}
		if (!take_option(options, letter, optarg))
			return false;
	}
	if (options->help)
		return true;
	if (!fits_strategy(&options->bounds) || !fits_part(options) ||
	    !fits_format(options))
		return false;

	if (progress_is_wanted(options))
		options->bounds.progress = progress_show;
	options->argument = argv + optind;
	options->nr_arguments = argc - optind;
	if (options->nr_arguments < command->least && !options->all) {
		complain("%s needs %s; see 'mmref %s --help'", command->name, command->wanted,
			 command->name);
		return false;
	}
	if (command->most >= 0 && options->nr_arguments > command->most) {
		complain("%s has no use for '%s'; it takes %s", command->name,
			 options->argument[command->most], command->wanted);
		return false;
	}
	return files_differ(options);
}
