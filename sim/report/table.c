/* SPDX-License-Identifier: MIT */
#include "report/table.h"

#include "report/terminal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define GAP		3	/* blanks between columns */
#define NAME_WIDTH	28	/* least width of the first column */
#define CELL_WIDTH	16	/* least width of a rule set's: most violations fit */
#define CELL_TEXT	64
#define STATES_STEPS	"  states / steps"
#define SUMMED		"  states / steps, summed"	/* over shards */

struct column {
	const struct mmref_rules *rules;
	size_t width;
};

struct table {
	FILE *out;
	const struct verdict *verdicts;
	size_t nr;
	struct column *columns;
	size_t nr_columns;
	size_t name_width;
};

static void counts_text(const struct verdict *verdict, char *text)
{
	snprintf(text, CELL_TEXT, "%" PRIu64 " / %" PRIu64, verdict->result.states,
		 verdict->result.steps);
}

/* A variant is of interest to the one scenario that tells of it, and has no column. */
static bool is_variant(const struct mmref_rules *rules)
{
	for (size_t i = 0; mmref_rules_variant(i); i++)
		if (mmref_rules_variant(i) == rules)
			return true;
	return false;
}

/* Oldest first, and overlaid after plain; a set that is not in the list comes last. */
static size_t age_of(const struct mmref_rules *rules)
{
	size_t i;

	for (i = 0; mmref_rules_at(i); i++) {
		if (mmref_rules_at(i) == rules)
			return 2 * i;
		if (mmref_rules_overlaid(i) == rules)
			return 2 * i + 1;
	}
	return 2 * i;
}

static int by_age(const void *left, const void *right)
{
	const struct column *a = left, *b = right;
	size_t a_age = age_of(a->rules), b_age = age_of(b->rules);

	return (a_age > b_age) - (a_age < b_age);
}

static struct column *column_of(struct table *table, const struct mmref_rules *rules)
{
	for (size_t i = 0; i < table->nr_columns; i++)
		if (table->columns[i].rules == rules)
			return &table->columns[i];
	return NULL;
}

static void widen(size_t *width, size_t to)
{
	if (*width < to)
		*width = to;
}

/* As many columns as there are rule sets, each as wide as what it will hold. */
static void lay_out(struct table *table)
{
	table->name_width = NAME_WIDTH;
	for (size_t i = 0; i < table->nr; i++) {
		const struct verdict *verdict = &table->verdicts[i];
		struct column *column = column_of(table, verdict->rules);
		char text[CELL_TEXT];

		widen(&table->name_width, strlen(verdict->program->name));
		if (is_variant(verdict->rules))
			continue;
		if (!column) {
			column = &table->columns[table->nr_columns++];
			column->rules = verdict->rules;
			column->width = CELL_WIDTH;
			widen(&column->width, strlen(verdict->rules->name));
		}
		widen(&column->width, strlen(verdict_word(&verdict->result, text, sizeof(text))));
		counts_text(verdict, text);
		widen(&column->width, strlen(text));
	}
	qsort(table->columns, table->nr_columns, sizeof(*table->columns), by_age);
}

/* The first column past those that fit on a line with @first. */
static size_t end_of_line(const struct table *table, size_t first)
{
	size_t room = terminal_columns(table->out);
	size_t used = table->name_width + GAP + strlen("as expected");
	size_t end = first;

	while (end < table->nr_columns) {
		used += table->columns[end].width + GAP;
		if (used > room && end > first)
			break;
		end++;
	}
	return end;
}

static const struct verdict *find_verdict(const struct verdict *row, size_t nr,
					  const struct mmref_rules *rules)
{
	for (size_t i = 0; i < nr; i++)
		if (row[i].rules == rules)
			return &row[i];
	return NULL;
}

static void print_unexpected(FILE *out, const struct table *table, const struct verdict *verdict,
			     bool first, bool name_rules)
{
	const struct mmref_expectation *expect = expectation_of(verdict->program, verdict->rules);

	if (first)
		fprintf(out, "%sNOT as expected%s: ", terminal_red(table->out),
			terminal_plain(table->out));
	else
		fputs(", ", out);
	if (verdict->result.verdict == MMREF_ERROR)
		fputs("not explored", out);
	else if (expect)
		fprintf(out, "expected %s%s%s", expectation_word(expect),
			expect->function ? " in " : "", expect->function ? expect->function : "");
	else
		fputs("a violation, with nothing expected", out);
	if (name_rules)
		fprintf(out, " under %s", verdict->rules->name);
}

static void print_judgement(FILE *out, const struct table *table, const struct verdict *row,
			    size_t nr, size_t first, size_t end)
{
	unsigned int unexpected = 0, cut_short = 0, expected = 0;

	for (size_t i = first; i < end; i++) {
		const struct verdict *verdict = find_verdict(row, nr, table->columns[i].rules);
		enum judgement judgement;

		if (!verdict)
			continue;
		expected += expectation_of(verdict->program, verdict->rules) != NULL;
		judgement = judge_verdict(verdict);
		cut_short += judgement == CUT_SHORT;
		if (judgement != NOT_AS_EXPECTED)
			continue;
		print_unexpected(out, table, verdict, !unexpected, nr > 1);
		unexpected++;
	}
	if (unexpected)
		return;
	if (cut_short)
		fputs("cut short", out);
	else if (expected)
		fprintf(out, "%sas expected%s", terminal_green(table->out),
			terminal_plain(table->out));
}

/* The last column, which speaks of columns @first to @end of the row; to be freed. */
static char *judgement_text(const struct table *table, const struct verdict *row, size_t nr,
			    size_t first, size_t end)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	print_judgement(out, table, row, nr, first, end);
	fclose(out);
	return text;
}

/* Blanks are owed until something follows them, so that no line ends in any. */
static void print_cell(FILE *out, size_t *owed, const char *text, size_t width)
{
	size_t length = strlen(text);

	if (length) {
		fprintf(out, "%*s%s", (int)*owed, "", text);
		*owed = 0;
	}
	*owed += width > length ? width - length : 0;
}

static void print_row(const struct table *table, const struct verdict *row, size_t nr,
		      size_t first, size_t end)
{
	FILE *out = table->out;
	char text[CELL_TEXT], *judgement;
	size_t owed = 0;

	print_cell(out, &owed, row->program->name, table->name_width + GAP);
	for (size_t i = first; i < end; i++) {
		const struct verdict *verdict = find_verdict(row, nr, table->columns[i].rules);

		print_cell(out, &owed,
			   verdict ? verdict_word(&verdict->result, text, sizeof(text)) : "-",
			   table->columns[i].width + GAP);
	}
	judgement = judgement_text(table, row, nr, first, end);
	print_cell(out, &owed, judgement ? judgement : "", 0);
	free(judgement);

	owed = 0;
	fputc('\n', out);
	print_cell(out, &owed, row->shards ? SUMMED : STATES_STEPS, table->name_width + GAP);
	for (size_t i = first; i < end; i++) {
		const struct verdict *verdict = find_verdict(row, nr, table->columns[i].rules);

		text[0] = '\0';
		if (verdict)
			counts_text(verdict, text);
		print_cell(out, &owed, text, table->columns[i].width + GAP);
	}
	fputc('\n', out);
}

static void print_columns(const struct table *table, size_t first, size_t end)
{
	size_t owed = table->name_width + GAP;

	for (size_t i = first; i < end; i++)
		print_cell(table->out, &owed, table->columns[i].rules->name,
			   table->columns[i].width + GAP);
	fputc('\n', table->out);

	for (size_t i = 0; i < table->nr;) {
		size_t nr = 1;

		while (i + nr < table->nr &&
		       table->verdicts[i + nr].program == table->verdicts[i].program)
			nr++;
		print_row(table, &table->verdicts[i], nr, first, end);
		i += nr;
	}
}

/* Below the table, a line each. */
static void print_variant(const struct table *table, const struct verdict *verdict, size_t width)
{
	const struct column column = { .rules = verdict->rules };
	const struct table only = { .out = table->out, .columns = (struct column *)&column };
	char *judgement = judgement_text(&only, verdict, 1, 0, 1), text[CELL_TEXT];
	size_t owed = 0;

	print_cell(table->out, &owed, verdict->program->name, table->name_width + GAP);
	print_cell(table->out, &owed, verdict->rules->name, width + GAP);
	print_cell(table->out, &owed, verdict_word(&verdict->result, text, sizeof(text)),
		   CELL_WIDTH + GAP);
	print_cell(table->out, &owed, judgement ? judgement : "", 0);
	fputc('\n', table->out);
	free(judgement);
}

static void print_variants(const struct table *table)
{
	size_t width = 0;

	for (size_t i = 0; i < table->nr; i++)
		if (is_variant(table->verdicts[i].rules))
			widen(&width, strlen(table->verdicts[i].rules->name));
	if (width && table->nr_columns)
		fputc('\n', table->out);
	for (size_t i = 0; width && i < table->nr; i++)
		if (is_variant(table->verdicts[i].rules))
			print_variant(table, &table->verdicts[i], width);
}

void print_table(FILE *out, const struct verdict *verdicts, size_t nr)
{
	struct table table = {
		.out = out,
		.verdicts = verdicts,
		.nr = nr,
		.columns = calloc(nr ? nr : 1, sizeof(*table.columns)),
	};

	if (!table.columns) {
		fputs("no memory for the table\n", out);
		return;
	}
	lay_out(&table);
	for (size_t first = 0; first < table.nr_columns;) {
		size_t end = end_of_line(&table, first);

		if (first)
			fputc('\n', out);
		print_columns(&table, first, end);
		first = end;
	}
	print_variants(&table);
	free(table.columns);
}
