/* SPDX-License-Identifier: MIT */
/* mmref merge: what the shards of an exploration found, as if one run had. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "explore/result.h"
#include "explore/whole_file.h"
#include "report/json.h"
#include "report/line.h"
#include "report/shard.h"
#include "report/table.h"
#include "script/script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mmref/version.h>

#define WIDEST_LINE	(64u << 20)	/* the runs to what was found stand in it */

/* One line of one of the files; ->line 0: none yet. */
struct piece {
	struct shard_result shard;
	const char *file;
	int line;
};

/* The shards of one scenario under one rule set. */
struct group {
	struct verdict verdict;
	struct piece *piece; /* by number of the shard, from 0 */
	unsigned int of;
	const struct piece *any;		   /* the first that was read */
	const char *schedule[MMREF_NR_VIOLATIONS]; /* of a shortest run to each kind */
};

struct merge {
	struct group *group;
	size_t nr, room;
	struct mmref_program **program; /* each file once */
	size_t nr_programs;
};

static bool refuse(const struct piece *piece, const char *why)
{
	complain("%s:%d: %s", piece->file, piece->line, why);
	return false;
}

/* --- what there is ------------------------------------------------------------- */

static const struct mmref_program *add_program(struct merge *merge, const char *file)
{
	struct mmref_program **grown, *program;

	for (size_t i = 0; i < merge->nr_programs; i++)
		if (!strcmp(merge->program[i]->file, file))
			return merge->program[i];
	program = load_explorable(file);
	if (!program)
		return NULL;
	grown = realloc(merge->program, (merge->nr_programs + 1) * sizeof(*grown));
	if (!grown) {
		complain("no memory for %s", file);
		script_free(program);
		return NULL;
	}
	merge->program = grown;
	merge->program[merge->nr_programs++] = program;
	return program;
}

/* The scenario is where it was, and as it was. */
static bool is_unchanged(const struct piece *piece, const struct mmref_program *program)
{
	char digest[SHARD_DIGEST];

	shard_digest(program, digest);
	if (!strcmp(digest, piece->shard.digest))
		return true;
	complain("%s:%d: %s is not what the shard explored; it has changed since", piece->file,
		 piece->line, piece->shard.file);
	return false;
}

/* Another version may number and deal out the states otherwise. */
static bool is_of_this_version(const struct piece *piece)
{
	if (!strcmp(piece->shard.version, MMREF_VERSION))
		return true;
	complain("%s:%d: made by mmref %.40s, and this is mmref " MMREF_VERSION "; "
		 "explore all shards with one version", piece->file, piece->line,
		 piece->shard.version);
	return false;
}

static struct group *find_group(struct merge *merge, const struct mmref_program *program,
				const struct mmref_rules *rules)
{
	for (size_t i = 0; i < merge->nr; i++)
		if (merge->group[i].verdict.program == program &&
		    merge->group[i].verdict.rules == rules)
			return &merge->group[i];
	return NULL;
}

static struct group *add_group(struct merge *merge, const struct mmref_program *program,
			       const struct mmref_rules *rules, unsigned int of)
{
	size_t room = merge->room ? 2 * merge->room : 16;
	struct group *group;

	if (merge->nr == merge->room) {
		group = realloc(merge->group, room * sizeof(*group));
		if (!group)
			return NULL;
		merge->group = group;
		merge->room = room;
	}
	group = &merge->group[merge->nr];
	*group = (struct group){
		.verdict = { .program = program, .rules = rules, .shards = of },
		.piece = calloc(of, sizeof(*group->piece)),
		.of = of,
	};
	if (!group->piece)
		return NULL;
	merge->nr++;
	return group;
}

/* A shard that a limit stopped may not know yet what is dealt out. */
static bool is_cut_short(const struct shard_result *shard)
{
	return shard->verdict == MMREF_ERROR || strcmp(shard->bounded_by, "shard") != 0;
}

/* Were both made by the same question, and the same mmref? */
static bool fit_together(const struct piece *piece, const struct piece *other)
{
	const struct shard_result *a = &piece->shard, *b = &other->shard;
	const char *what = NULL;

	if (a->of != b->of)
		what = "the number of shards";
	else if (strcmp(a->strategy, b->strategy) != 0)
		what = "the strategy";
	else if (a->commuting != b->commuting)
		what = "--commuting";
	else if (strcmp(a->options, b->options) != 0)
		what = "--seed, --runs or another option";
	else if (!is_cut_short(a) && !is_cut_short(b) &&
		 (a->prefix_length != b->prefix_length || a->prefixes != b->prefixes))
		what = "what was dealt out, by another build of mmref,";
	if (!what)
		return true;
	complain("%s:%d: does not fit %s:%d: %s is another", piece->file, piece->line, other->file,
		 other->line, what);
	return false;
}

/* @piece is the group's now. */
static bool take_piece(struct group *group, struct piece *piece)
{
	struct piece *place;

	if (group->any && !fit_together(piece, group->any))
		return false;
	place = &group->piece[piece->shard.number - 1];
	if (place->line) {
		complain("%s:%d: shard %u of %u of %s under %s is in %s:%d already", piece->file,
			 piece->line, piece->shard.number, group->of, group->verdict.program->name,
			 group->verdict.rules->name, place->file, place->line);
		return false;
	}
	*place = *piece;
	piece->shard.json = NULL;
	if (!group->any)
		group->any = place;
	return true;
}

static bool add_piece(struct merge *merge, struct piece *piece)
{
	const struct mmref_rules *rules = find_saved_rules(piece->shard.rules, piece->file,
							   piece->line);
	const struct mmref_program *program;
	struct group *group;

	if (!rules || !is_of_this_version(piece))
		return false;
	program = add_program(merge, piece->shard.file);
	if (!program || !is_unchanged(piece, program))
		return false;
	group = find_group(merge, program, rules);
	if (!group)
		group = add_group(merge, program, rules, piece->shard.of);
	return group ? take_piece(group, piece) : refuse(piece, "no memory");
}

static bool read_lines(struct merge *merge, FILE *in, const char *file)
{
	struct piece piece = { .file = file };
	char *text = NULL;
	size_t room = 0;
	bool good = true;

	while (good && read_line(&text, &room, WIDEST_LINE, in) >= 0) {
		piece.line++;
		good = shard_read(&piece.shard, text)
			       ? add_piece(merge, &piece)
			       : refuse(&piece, "not what 'mmref run --shard' prints");
		shard_free(&piece.shard);
	}
	free(text);
	if (good && !piece.line && !errno) {
		complain("%s: is empty; 'mmref run --shard' prints a line for each scenario and "
			 "rule set",
			 file);
		return false;
	}
	return good;
}

static bool read_file(struct merge *merge, const char *file)
{
	FILE *in = open_file(file);
	bool good;

	if (!in) {
		complain("%s: %s", file, file_error(errno));
		return false;
	}
	good = read_lines(merge, in, file);
	if (good && errno) {
		complain("%s: %s", file, strerror(errno));
		good = false;
	}
	fclose(in);
	return good;
}

static bool is_whole(const struct group *group)
{
	for (unsigned int i = 0; i < group->of; i++) {
		if (group->piece[i].line)
			continue;
		complain("%s under %s: shard %u of %u is missing", group->verdict.program->name,
			 group->verdict.rules->name, i + 1, group->of);
		return false;
	}
	return true;
}

/* --- adding up ------------------------------------------------------------------ */

static void add_shard(struct mmref_result *sum, const struct shard_result *shard)
{
	sum->states += shard->states;
	sum->steps += shard->steps;
	sum->executions += shard->executions;
	sum->seconds += shard->seconds;
	if (sum->max_rss_kb < shard->max_rss_kb)
		sum->max_rss_kb = shard->max_rss_kb;
	if (shard->verdict == MMREF_ERROR)
		sum->error = shard->error ? shard->error : "a shard failed";
	else if (!sum->bounded_by && strcmp(shard->bounded_by, "shard") != 0)
		sum->bounded_by = shard->bounded_by;
}

/* The length of a shortest run to @kind, which is kept; false where there is none. */
static bool find_shortest(struct group *group, enum mmref_violation kind, size_t *length)
{
	for (unsigned int i = 0; i < group->of; i++) {
		const struct shard_result *shard = &group->piece[i].shard;

		if (!shard->schedule[kind] ||
		    (group->schedule[kind] && *length <= shard->length[kind]))
			continue;
		group->schedule[kind] = shard->schedule[kind];
		*length = shard->length[kind];
	}
	return group->schedule[kind];
}

static bool add_up(struct group *group)
{
	struct mmref_result *sum = &group->verdict.result;
	size_t length = 0;

	sum->found = calloc(MMREF_NR_VIOLATIONS, sizeof(*sum->found));
	if (!sum->found) {
		complain("no memory for the verdicts");
		return false;
	}
	for (unsigned int i = 0; i < group->of; i++)
		add_shard(sum, &group->piece[i].shard);
	for (int kind = MMREF_NONE + 1; kind < MMREF_NR_VIOLATIONS; kind++)
		if (find_shortest(group, (enum mmref_violation)kind, &length))
			sum->found[sum->nr_found++] = (struct mmref_found){
				.violation = (enum mmref_violation)kind,
				.schedule = { .length = length },
				.strategy = sum->strategy,
				.page = -1,
			};
	search_judge(sum);
	if (sum->error) {
		sum->verdict = MMREF_ERROR;
		sum->complete = false;
	}
	return true;
}

/* Scenarios in the order of the files; within one the rule sets as they came. */
static bool put_in_order(struct merge *merge)
{
	struct group *ordered = malloc((merge->nr + 1) * sizeof(*ordered));
	size_t nr = 0;

	if (!ordered) {
		complain("no memory for the verdicts");
		return false;
	}
	for (size_t p = 0; p < merge->nr_programs; p++)
		for (size_t i = 0; i < merge->nr; i++)
			if (merge->group[i].verdict.program == merge->program[p])
				ordered[nr++] = merge->group[i];
	free(merge->group);
	merge->group = ordered;
	return true;
}

static bool add_all_up(struct merge *merge)
{
	for (size_t i = 0; i < merge->nr; i++)
		if (!is_whole(&merge->group[i]) || !add_up(&merge->group[i]))
			return false;
	return put_in_order(merge);
}

/* --- telling -------------------------------------------------------------------- */

static void print_line(const struct group *group)
{
	const struct mmref_result *result = &group->verdict.result;
	cJSON *object = json_verdict(&group->verdict);
	cJSON *schedules = cJSON_AddArrayToObject(object, "schedules");

	for (unsigned int i = 0; i < result->nr_found; i++) {
		const struct mmref_found *found = &result->found[i];

		cJSON_AddItemToArray(schedules,
				     json_schedule(found->violation, found->schedule.length,
						   group->schedule[found->violation]));
	}
	json_line(stdout, object);
}

static bool print_verdicts(const struct merge *merge)
{
	struct verdict *verdicts = malloc(merge->nr * sizeof(*verdicts));

	if (!verdicts) {
		complain("no memory for the table");
		return false;
	}
	for (size_t i = 0; i < merge->nr; i++)
		verdicts[i] = merge->group[i].verdict;
	print_table(stdout, verdicts, merge->nr, true);
	free(verdicts);
	return true;
}

static bool save(const struct group *group, const char *file)
{
	enum mmref_violation violation = group->verdict.result.violation;
	struct whole_file whole;
	bool good;

	if (!violation) {
		complain("%s is not written: there is no failing run to save", file);
		return true;
	}
	good = whole_file_begin(&whole, file) &&
	       whole_file_end(&whole, fputs(group->schedule[violation], whole.out) >= 0);
	if (!good)
		complain("%s: %s", file, strerror(errno));
	return good;
}

static enum status tell(const struct merge *merge, const struct options *options)
{
	enum status status = STATUS_EXPECTED;

	if (options->save && merge->nr > 1) {
		complain("--save takes the shards of one scenario under one rule set, not of %zu",
			 merge->nr);
		return STATUS_BAD_USAGE;
	}
	if (options->save && !save(&merge->group[0], options->save))
		return STATUS_BAD_USAGE;
	for (size_t i = 0; i < merge->nr; i++) {
		status = graver(status, status_of(judge_verdict(&merge->group[i].verdict)));
		if (options->json)
			print_line(&merge->group[i]);
	}
	if (!options->json && !print_verdicts(merge))
		return STATUS_BAD_USAGE;
	return status;
}

static void free_all(struct merge *merge)
{
	for (size_t i = 0; i < merge->nr; i++) {
		struct group *group = &merge->group[i];

		for (unsigned int k = 0; k < group->of; k++)
			shard_free(&group->piece[k].shard);
		free(group->piece);
		mmref_result_free(&group->verdict.result);
	}
	free(merge->group);
	for (size_t i = 0; i < merge->nr_programs; i++)
		script_free(merge->program[i]);
	free(merge->program);
}

static enum status merge(const struct options *options)
{
	enum status status = STATUS_BAD_USAGE;
	struct merge merge = { 0 };
	bool good = true;

	for (int i = 0; good && i < options->nr_arguments; i++)
		good = read_file(&merge, options->argument[i]);
	if (good && add_all_up(&merge))
		status = tell(&merge, options);
	free_all(&merge);
	return status;
}

const struct command command_merge = {
	.name = "merge",
	.summary = "add up what the shards of 'mmref run --shard' found",
	.options = "sJ",
	.least = 1,
	.most = -1,
	.wanted = "one result or more of 'mmref run --shard'",
	.run = merge,
	.help = "usage: mmref merge RESULT... [--save F] [--json]\n"
		"\n"
		"Adds up what 'mmref run --shard 1/N' to N/N printed, kept in files in any order,\n"
		"and prints the table of 'mmref run', with its exit status. The scenarios are\n"
		"looked for where they were, from this folder, and must be as they were.\n"
		"\n"
		"Of the violations of all shards the gravest is told. 'holds' is said only where\n"
		"every shard explored its part to the end. The states and steps are those of all\n"
		"shards, and what several of them met is counted by each.\n"
		"\n"
		"  --save F             write the shortest run to the gravest violation to F, for\n"
		"                       'mmref replay F'; takes one scenario and one rule set\n"
		"  --json               the objects of 'mmref run', with sum (true), shards (how\n"
		"                       many), seconds of all, the greatest max_rss_kb, and\n"
		"                       schedules: violation, steps, schedule of a shortest run\n",
};
