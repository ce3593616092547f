/* SPDX-License-Identifier: MIT */
#include "report/table.h"

#include "report/text.h"

#include "report/table_internal.h"
#include "report/terminal.h"
#include "report/wrap.h"

#include <stdlib.h>
#include <string.h>

#define FEW_ROWS	12	/* up to so many have room for states and steps */
#define WORD_WIDTH	18	/* width of the longest verdict */
#define STATES_STEPS	"  states / steps"
#define SUMMED		"  states / steps, summed"	/* of several shards */

static size_t nr_rows(const struct table *table)
{
	size_t nr = 0;

	for (size_t i = 0; i < table->nr; i += row_length(table, i))
		nr++;
	return nr;
}

/* "expected holds" */
static void print_expected(FILE *out, const struct verdict *verdict)
{
	const struct mmref_expectation *expect = expectation_of(verdict->program, verdict->rules);

	if (verdict->result.verdict == MMREF_ERROR)
		fputs("not explored", out);
	else if (expect)
		fprintf(out, "expected %s%s%s", expectation_word(expect),
			expect->function ? " in " : "", expect->function ? expect->function : "");
	else
		fputs("a violation, with nothing expected", out);
}

static void print_unexpected(FILE *out, const struct table *table, const struct verdict *verdict,
			     bool first, bool name_rules)
{
	if (first)
		fprintf(out, "%sNOT as expected%s: ", terminal_red(table->out),
			terminal_plain(table->out));
	else
		fputs(", ", out);
	print_expected(out, verdict);
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
		if (table->figures)
			print_unexpected(out, table, verdict, !unexpected, nr > 1);
		else if (!unexpected)
			fprintf(out, "%sNOT as expected%s", terminal_red(table->out),
				terminal_plain(table->out));
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

/* The last column, about columns @first to @end of the row. The caller frees it. */
static char *judgement_text(const struct table *table, const struct verdict *row, size_t nr,
			    size_t first, size_t end)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		no_memory_to_print();
	print_judgement(out, table, row, nr, first, end);
	/* fclose() says nothing of a text that could not be moved to memory of its size */
	if (ferror(out) | fclose(out) || !text)
		no_memory_to_print();
	return text;
}

/* Blanks are printed only before text, so that no line ends in blanks. */
static void print_cell(FILE *out, size_t *owed, const char *text, size_t width)
{
	size_t length = strlen(text);

	if (length) {
		fprintf(out, "%*s%s", (int)*owed, "", text);
		*owed = 0;
	}
	*owed += width > length ? width - length : 0;
}

/* Below a row: states visited and steps executed. */
static void print_figures(const struct table *table, const struct verdict *row, size_t nr,
			  size_t first, size_t end)
{
	char text[CELL_TEXT];
	size_t owed = 0;

	print_cell(table->out, &owed, row->shards ? SUMMED : STATES_STEPS,
		   table->name_width + GAP);
	for (size_t i = first; i < end; i++) {
		const struct verdict *verdict = find_verdict(row, nr, table->columns[i].rules);

		text[0] = '\0';
		if (verdict)
			counts_text(verdict, text);
		print_cell(table->out, &owed, text, table->columns[i].width + GAP);
	}
	fputc('\n', table->out);
}

/* Does the last column fit beside columns @first to @end? */
static bool fits_beside(const struct table *table, size_t first, size_t end, const char *judgement)
{
	size_t used = table->name_width + GAP;

	for (size_t i = first; i < end; i++)
		used += table->columns[i].width + GAP;
	if (strstr(judgement, terminal_plain(table->out)))
		used -= strlen(terminal_red(table->out)) + strlen(terminal_plain(table->out));
	return used + strlen(judgement) <= terminal_columns(table->out);
}

static void print_row(const struct table *table, const struct verdict *row, size_t nr,
		      size_t first, size_t end)
{
	FILE *out = table->out;
	char text[CELL_TEXT], *judgement;
	bool beside;
	size_t owed = 0;

	owed = (size_t)indent_of_names(table);
	print_cell(out, &owed, row->program->name, table->name_width + GAP - owed);
	for (size_t i = first; i < end; i++) {
		const struct verdict *verdict = find_verdict(row, nr, table->columns[i].rules);

		print_cell(out, &owed,
			   verdict ? verdict_word(&verdict->result, text, sizeof(text)) : "-",
			   table->columns[i].width + GAP);
	}
	judgement = judgement_text(table, row, nr, first, end);
	beside = judgement && fits_beside(table, first, end, judgement);
	print_cell(out, &owed, beside ? judgement : "", 0);

	fputc('\n', out);
	if (table->figures)
		print_figures(table, row, nr, first, end);
	if (judgement && *judgement && !beside)
		print_wrapped(out, 2 * GAP, "  %s", judgement);
	free(judgement);
}

static void print_columns(const struct table *table, size_t first, size_t end)
{
	size_t owed = table->name_width + GAP;

	for (size_t i = first; i < end; i++)
		print_cell(table->out, &owed, table->columns[i].rules->name,
			   table->columns[i].width + GAP);
	fputc('\n', table->out);

	for (size_t i = 0, nr; i < table->nr; i += nr) {
		nr = row_length(table, i);
		print_folder(table, i);
		print_row(table, &table->verdicts[i], nr, first, end);
	}
}

static void print_in_words(const struct table *table)
{
	for (size_t first = 0, end; first < table->nr_columns; first = end) {
		end = end_of_line(table, first);
		if (first)
			fputc('\n', table->out);
		print_columns(table, first, end);
	}
}

/* A line below the table; @width is that of the longest rule set name. */
static void print_verdict(const struct table *table, const struct verdict *verdict, size_t width,
			  const char *judgement)
{
	size_t name_width = table->name_width - (size_t)indent_of_names(table);
	char text[CELL_TEXT];

	print_wrapped(table->out, GAP, "%-*s%-*s%-*s%s", (int)(name_width + GAP),
		      verdict->program->name, (int)(width + GAP), verdict->rules->name,
		      WORD_WIDTH + GAP, verdict_word(&verdict->result, text, sizeof(text)),
		      judgement);
}

static size_t width_of_rules(const struct table *table, bool variants)
{
	size_t width = 0;

	for (size_t i = 0; i < table->nr; i++)
		if (is_variant(table->verdicts[i].rules) == variants)
			widen(&width, strlen(table->verdicts[i].rules->name));
	return width;
}

static void print_variants(const struct table *table)
{
	const struct table told = { .out = table->out, .figures = true };
	size_t width = width_of_rules(table, true);

	if (width && table->nr_columns)
		fputc('\n', table->out);
	for (size_t i = 0; width && i < table->nr; i++) {
		const struct verdict *verdict = &table->verdicts[i];
		struct column column = { .rules = verdict->rules };
		struct table only = told;
		char *judgement;

		if (!is_variant(verdict->rules))
			continue;
		only.columns = &column;
		judgement = judgement_text(&only, verdict, 1, 0, 1);
		print_verdict(table, verdict, width, judgement ? judgement : "");
		free(judgement);
	}
}

/* The short table only marks what is not as expected; this lists it. */
static void print_all_unexpected(const struct table *table)
{
	size_t nr = 0, width = width_of_rules(table, false);
	char text[CELL_TEXT];

	for (size_t i = 0; i < table->nr; i++) {
		const struct verdict *verdict = &table->verdicts[i];
		const struct mmref_expectation *expect;

		if (judge_verdict(verdict) != NOT_AS_EXPECTED || is_variant(verdict->rules))
			continue;
		if (!nr++)
			fputs("\nnot as expected\n", table->out);
		expect = expectation_of(verdict->program, verdict->rules);
		snprintf(text, sizeof(text), "expected %s", expectation_word(expect));
		print_verdict(table, verdict, width, text);
	}
}

static void print_sum(const struct table *table)
{
	size_t nr[CUT_SHORT + 1] = { 0 };

	for (size_t i = 0; i < table->nr; i++)
		nr[judge_verdict(&table->verdicts[i])]++;
	fprintf(table->out, "\n%zu scenarios, %zu verdicts: ", nr_rows(table), table->nr);
	if (nr[AS_EXPECTED] == table->nr)
		fprintf(table->out, "%sall as expected%s\n", terminal_green(table->out),
			terminal_plain(table->out));
	else
		fprintf(table->out, "%zu as expected, %s%zu not%s, %zu cut short\n",
			nr[AS_EXPECTED], nr[NOT_AS_EXPECTED] ? terminal_red(table->out) : "",
			nr[NOT_AS_EXPECTED], nr[NOT_AS_EXPECTED] ? terminal_plain(table->out) : "",
			nr[CUT_SHORT]);
}

/* Many rows: one line each. */
static void print_short(struct table *table)
{
	table->folders = several_folders(table);
	lay_out(table);
	if (end_of_line(table, 0) == table->nr_columns)
		print_in_words(table);
	else
		print_table_compact(table);
	print_variants(table);
	print_all_unexpected(table);
	print_sum(table);
}

static void print_long(struct table *table)
{
	table->figures = true;
	lay_out(table);
	print_in_words(table);
	print_variants(table);
}

void print_table(FILE *out, const struct verdict *verdicts, size_t nr, bool figures)
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
	if (figures || nr_rows(&table) <= FEW_ROWS)
		print_long(&table);
	else
		print_short(&table);
	free(table.columns);
}
