/* SPDX-License-Identifier: MIT */
/* The rows and columns of the verdict table, and how wide each is. */
#include "report/table_internal.h"
#include "report/terminal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NAME_WIDTH	28	/* least width of the first column */
#define FOLDER_INDENT	2
#define CELL_WIDTH	16	/* least width of a rule set's column; most violations fit */

bool is_variant(const struct mmref_rules *rules)
{
	for (size_t i = 0; mmref_rules_variant(i); i++)
		if (mmref_rules_variant(i) == rules)
			return true;
	return false;
}

/* Oldest first, a set with an overlay after the set without; unknown sets come last. */
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

void widen(size_t *width, size_t to)
{
	if (*width < to)
		*width = to;
}

void counts_text(const struct verdict *verdict, char *text)
{
	snprintf(text, CELL_TEXT, "%" PRIu64 " / %" PRIu64, verdict->result.states,
		 verdict->result.steps);
}

size_t row_length(const struct table *table, size_t first)
{
	const struct verdict *verdicts = table->verdicts;
	size_t nr = 1;

	while (first + nr < table->nr && verdicts[first + nr].program == verdicts[first].program)
		nr++;
	return nr;
}

const struct verdict *find_verdict(const struct verdict *row, size_t nr,
				   const struct mmref_rules *rules)
{
	for (size_t i = 0; i < nr; i++)
		if (row[i].rules == rules)
			return &row[i];
	return NULL;
}

/* The folder that the scenario lies in: its name, which is *@length bytes long. */
static const char *folder_of(const struct verdict *verdict, size_t *length)
{
	const char *file = verdict->program->file, *end = strrchr(file, '/'), *begin = end;

	while (begin && begin > file && begin[-1] != '/')
		begin--;
	*length = end ? (size_t)(end - begin) : 0;
	return begin ? begin : file;
}

static bool same_folder(const struct verdict *a, const struct verdict *b)
{
	size_t a_length, b_length;
	const char *a_name = folder_of(a, &a_length), *b_name = folder_of(b, &b_length);

	return a_length == b_length && !strncmp(a_name, b_name, a_length);
}

bool several_folders(const struct table *table)
{
	for (size_t i = 1; i < table->nr; i++)
		if (!same_folder(&table->verdicts[i], &table->verdicts[0]))
			return true;
	return false;
}

void print_folder(const struct table *table, size_t first)
{
	const struct verdict *verdict = &table->verdicts[first];
	const char *name;
	size_t length;

	if (!table->folders || (first && same_folder(verdict, verdict - 1)))
		return;
	name = folder_of(verdict, &length);
	fprintf(table->out, "%s%.*s%s\n", terminal_bold(table->out), (int)length, name,
		terminal_plain(table->out));
}

int indent_of_names(const struct table *table)
{
	return table->folders ? FOLDER_INDENT : 0;
}

void lay_out(struct table *table)
{
	table->name_width = NAME_WIDTH;
	for (size_t i = 0; i < table->nr; i++) {
		const struct verdict *verdict = &table->verdicts[i];
		struct column *column = column_of(table, verdict->rules);
		char text[CELL_TEXT];

		widen(&table->name_width, strlen(verdict->program->name) +
						  (size_t)indent_of_names(table));
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

size_t end_of_line(const struct table *table, size_t first)
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
