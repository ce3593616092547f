/* SPDX-License-Identifier: MIT */
/*
 * The mmref command: one file a subcommand, and what they share. Results go to
 * standard output, what is wrong with the question to standard error.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "report/verdict.h"

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses, on which scripts rely. Of several reasons the first counts here: 2, 1, 3, 0. */
enum status {
	STATUS_EXPECTED = 0,	/* all as expected; where nothing is expected, no violation */
	STATUS_UNEXPECTED = 1,
	STATUS_BAD_USAGE = 2,	/* or a bad script, or output that could not be written */
	STATUS_CUT_SHORT = 3,	/* by a bound */
};

struct options {
	const char *command;
	char **words;		/* the command line, as main() got it */
	bool help, json, all_steps, all, quiet, figures;
	const char *rules;
	struct mmref_options bounds;
	struct mmref_checkpoint checkpoint;	/* as far as the command line says */
	const char *save, *html, *trace;	/* files to write */
	double seconds;
	const char *kernel, *scenarios, *table, *outcomes;
	char **argument;	/* what is not an option */
	int nr_arguments;
};

/* One line on standard error, after "mmref: ". */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The graver of two statuses. */
enum status graver(enum status a, enum status b);
enum status status_of(enum judgement judgement);
/* That of @words, NULL at its end, which @word most likely stands for, or NULL. */
const char *likely_word(const char *word, const char *const *words);

/* --- what is asked about ------------------------------------------------- */

struct scenarios {
	struct mmref_program **program;
	size_t nr, room;
};

/*
 * The scripts in @argument: files, or folders with .lua files anywhere below.
 * False, after one line for each that is missing or bad.
 */
bool load_scenarios(struct scenarios *scenarios, char **argument, int nr);
void free_scenarios(struct scenarios *scenarios);
/* One scenario that is to be explored: NULL, after a complaint, where @file is none. */
struct mmref_program *load_explorable(const char *file);
/* Has it threads? A complaint where it has steps instead. */
bool is_explorable(const struct mmref_program *program);

struct rule_sets {
	const struct mmref_rules **rules;
	size_t nr;
};

/* "v6.1,new" or "all". False, after a complaint, where one is unknown. */
bool parse_rule_sets(struct rule_sets *sets, const char *names);
/* Those that @program expects something of; old and new where it expects nothing. */
bool expected_rule_sets(struct rule_sets *sets, const struct mmref_program *program);
void free_rule_sets(struct rule_sets *sets);
/*
 * The rule set @name, or that in the shared object @name ("./mine.so"). NULL after a
 * complaint, which lists those there are.
 */
const struct mmref_rules *find_rules(const char *name);
/*
 * The rule set that line @line of @file names, one of mmref's own: what was saved by
 * somebody else has no native code run. NULL after a complaint.
 */
const struct mmref_rules *find_saved_rules(const char *name, const char *file, int line);
/* Does @name mean a shared object? */
bool is_rules_file(const char *name);
/* The rule set in it, the same one each time; NULL after a complaint. Never unloaded. */
const struct mmref_rules *load_rules_file(const char *file);

/* --- stopping and going on ------------------------------------------------- */

/* Do --checkpoint, --resume and what goes with them fit each other? A complaint where not. */
bool checkpoint_options_fit(const struct options *options);
/*
 * Addresses are to be those of the process that goes on: begin again without
 * address space randomization, unless that was done. False, after a complaint,
 * where the system does not let us.
 */
bool fix_addresses(const struct options *options);
/* Put into @checkpoint what it is of; @program lives longer. False after a complaint. */
bool checkpoint_of(struct mmref_checkpoint *checkpoint, const struct options *options,
		   const struct mmref_program *program, const struct mmref_rules *rules);

/* --- files of a run ---------------------------------------------------------- */

/* Write the run to what --save, --html and --trace name; a complaint for each that fails. */
enum status write_run_files(const struct verdict *verdict, struct mmref_sim *sim,
			    const struct mmref_schedule *schedule, const struct options *options);

/* --- exploring ----------------------------------------------------------- */

/*
 * Explore @program under @rules, until an interrupt. @kept, where not NULL, gets
 * the simulation, to be freed by the caller. What went wrong is in the verdict.
 */
void explore(struct verdict *verdict, const struct mmref_program *program,
	     const struct mmref_rules *rules, const struct mmref_options *bounds,
	     struct mmref_sim **kept);


/*
 * mmref run --all: every scenario there is, under each of --rules and under its ancestor;
 * which races the one opens and closes against the other.
 */
enum status run_against_ancestors(const struct options *options);

/* --- progress, a line on standard error ----------------------------------- */

/* Is there a terminal to show it, and nothing said against it? */
bool progress_is_wanted(const struct options *options);
/* For mmref_options.progress; @cookie is the struct verdict that is to be. */
void progress_show(void *cookie, const struct mmref_progress *progress);
void progress_clear(void);

#endif
