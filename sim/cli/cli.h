/* SPDX-License-Identifier: MIT */
/*
 * Shared by the subcommands of mmref, one file each. Results go to standard output, messages
 * about usage and bad input to standard error.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "report/test_format.h"
#include "report/verdict.h"

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses; scripts rely on them. If several apply, the first of 2, 1, 3, 0. */
enum status {
	STATUS_EXPECTED = 0,	/* all as expected; without expectations: no violation */
	STATUS_UNEXPECTED = 1,
	STATUS_BAD_USAGE = 2,	/* or a bad script, or output that could not be written */
	STATUS_CUT_SHORT = 3,	/* by a limit */
};

struct options {
	const char *command;
	char **words;		/* the whole command line */
	bool help, json, all_steps, all, functions, quiet, figures;
	enum test_format format;
	const char *rules;
	struct mmref_options bounds;
	struct mmref_checkpoint checkpoint;	/* as given on the command line */
	const char *save, *html, *trace;	/* files to write */
	double seconds;
	const char *kernel, *scenarios, *table, *outcomes;
	char **argument;	/* arguments that are not options */
	int nr_arguments;
};

/* Print one line to standard error, after "mmref: ". */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* From here on libraries, too, end the command when an allocation fails: see memory.c. */
void end_when_memory_is_short(void);
/* The graver of two statuses. */
enum status graver(enum status a, enum status b);
enum status status_of(enum judgement judgement);
/* The word of @words (NULL-terminated) that @word most likely stands for, or NULL. */
const char *likely_word(const char *word, const char *const *words);

/* --- input ----------------------------------------------------------------- */

struct scenarios {
	struct mmref_program **program;
	size_t nr, room;
};

/*
 * Load the scripts in @argument: files, folders that contain .lua files at any depth, or names in
 * the catalogue. A message for each that is missing or bad, and STATUS_BAD_USAGE; the others are
 * loaded.
 */
enum status load_scenarios(struct scenarios *scenarios, char **argument, int nr);
/*
 * The same for scenarios with threads, the whole catalogue if @nr is 0. A message for each that
 * has steps instead, too.
 */
enum status load_explorables(struct scenarios *scenarios, char **argument, int nr);
void free_scenarios(struct scenarios *scenarios);
/* Load one scenario with threads. NULL, after a message, if @file has none. */
struct mmref_program *load_explorable(const char *file);

struct rule_sets {
	const struct mmref_rules **rules;
	size_t nr;
};

/* Parse "v6.1,new" or "all". False, after a message, if a name is unknown. */
bool parse_rule_sets(struct rule_sets *sets, const char *names);
/* The rule sets that @program has expectations for; old and new if it has none. */
bool expected_rule_sets(struct rule_sets *sets, const struct mmref_program *program);
void free_rule_sets(struct rule_sets *sets);
/*
 * The rule set @name, or the one in the shared object @name ("./mine.so"). NULL after a message
 * that lists all names.
 */
const struct mmref_rules *find_rules(const char *name);
/*
 * The rule set named in line @line of @file, built-in ones only: a saved file must not load
 * native code. NULL after a message.
 */
const struct mmref_rules *find_saved_rules(const char *name, const char *file, int line);
/* Is @name a shared object? */
bool is_rules_file(const char *name);
/* Load the rule set in @file; the same one each time. NULL after a message. Never unloaded. */
const struct mmref_rules *load_rules_file(const char *file);

/* --- checkpoints ----------------------------------------------------------- */

/* Are --checkpoint, --resume and related options consistent? False after a message. */
bool checkpoint_options_fit(const struct options *options);
/*
 * A resumed search needs the addresses of the first: re-execute without address space
 * randomization, unless it is off. False, after a message, if the system forbids it.
 */
bool fix_addresses(const struct options *options);
/* Fill in what @checkpoint belongs to; @program must outlive it. */
void checkpoint_of(struct mmref_checkpoint *checkpoint, const struct options *options,
		   const struct mmref_program *program, const struct mmref_rules *rules);

/* --- files of a run ---------------------------------------------------------- */

/* Write the files that --save, --html and --trace name; a message for each that fails. */
enum status write_run_files(const struct verdict *verdict, struct mmref_sim *sim,
			    const struct mmref_schedule *schedule, const struct options *options);

/* --- exploring ----------------------------------------------------------------- */

/*
 * Explore @program under @rules until done or interrupted. If @kept is not NULL it gets the
 * simulation, which the caller frees. Errors are in the verdict.
 */
void explore(struct verdict *verdict, const struct mmref_program *program,
	     const struct mmref_rules *rules, const struct mmref_options *bounds,
	     struct mmref_sim **kept);


/*
 * mmref run --all: explore every scenario under each of --rules and under the rule set it is
 * based on; report which races are new and which are gone.
 */
enum status run_against_ancestors(const struct options *options);

/* --- progress, on standard error ----------------------------------------------- */

/* Is progress not turned off? Also starts the clock of the lines where no terminal is. */
bool progress_is_wanted(const struct options *options);
/* For mmref_options.progress; @cookie is the struct verdict being made. */
void progress_show(void *cookie, const struct mmref_progress *progress);
void progress_clear(void);

#endif
