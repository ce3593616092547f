/* SPDX-License-Identifier: MIT */
/*
 * The verdict table with a mark for each verdict, for many rule sets:
 *
 * 	                        v6.1
 * 	                        |     v7.2
 * 	unplug
 * 	  pin-on-ext4           plug  hang
 * 	  stale-pte-on-xfs      plug  .
 *
 * A legend below the table explains the marks.
 */
#include "report/table_internal.h"
#include "report/terminal.h"

#include <string.h>

#define MARK_WIDTH   6	/* a mark, "!" if it is not as expected, a blank */
#define LEGEND_WIDTH 29 /* of a mark and its meaning */

enum {
	MARK_BOUNDED = MMREF_NR_VIOLATIONS,
	MARK_ERROR,
	NR_MARKS,
};

static const struct {
	const char *mark;
	const char *means; /* NULL: the name of the violation */
} marks[NR_MARKS] = {
	[MMREF_NONE] = { ".", "holds" },
	[MMREF_USE_AFTER_UNPLUG] = { "plug", NULL },
	[MMREF_USE_AFTER_TRUNCATE] = { "trun", NULL },
	[MMREF_DIRTY_LOST] = { "lost", NULL },
	[MMREF_PRIVATE_LOST] = { "priv", NULL },
	[MMREF_KERNEL_BUG] = { "BUG", NULL },
	[MMREF_REFCOUNT_UNDERFLOW] = { "undr", NULL },
	[MMREF_ZERO_REF_MAPPED] = { "zero", NULL },
	[MMREF_LOST_WAKEUP] = { "wake", NULL },
	[MMREF_UNPLUG_HANGS] = { "hang", NULL },
	[MMREF_DEADLOCK] = { "dead", NULL },
	[MMREF_BAD_SPLIT] = { "splt", NULL },
	[MMREF_BAD_SHARE] = { "shar", NULL },
	[MMREF_LIVELOCK] = { "live", NULL },
	[MMREF_REFCOUNT_LEAK] = { "leak", NULL },
	[MMREF_NEW_AFTER_KILL] = { "new", NULL },
	[MMREF_BAD_MAPPING] = { "map", NULL },
	[MMREF_KERNEL_WARNING] = { "WARN", NULL },
	[MARK_BOUNDED] = { "?", "cut short, not known" },
	[MARK_ERROR] = { "err", "not explored" },
};

static int mark_of(const struct mmref_result *result)
{
	switch (result->verdict) {
	case MMREF_HOLDS:
		return MMREF_NONE;
	case MMREF_VIOLATES:
	case MMREF_HANGS:
		return (int)result->violation;
	case MMREF_BOUNDED:
		return MARK_BOUNDED;
	case MMREF_ERROR:
		break;
	}
	return MARK_ERROR;
}

/* The first column, from @first on, that no longer fits on the line; its name must fit, too. */
static size_t end_of_marks(const struct table *table, size_t first)
{
	size_t room = terminal_columns(table->out), end = first;

	while (end < table->nr_columns) {
		size_t column = table->name_width + 2 + (end - first) * MARK_WIDTH;
		size_t name = strlen(table->columns[end].rules->name);

		if (column + (name > MARK_WIDTH ? name : MARK_WIDTH) > room && end > first)
			break;
		end++;
	}
	return end;
}

/* Each name on its own line, above its column; bars lead down from the names to the left. */
static void print_heads(const struct table *table, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		fprintf(table->out, "%*s", (int)table->name_width + 2, "");
		for (size_t left = first; left < i; left++)
			fprintf(table->out, "%-*s", MARK_WIDTH, "|");
		fprintf(table->out, "%s\n", table->columns[i].rules->name);
	}
}

static void print_mark(FILE *out, const struct verdict *verdict, size_t *owed)
{
	const char *mark = verdict ? marks[mark_of(&verdict->result)].mark : "";
	bool unexpected = verdict && judge_verdict(verdict) == NOT_AS_EXPECTED;
	size_t length = strlen(mark) + unexpected;

	if (length) {
		fprintf(out, "%*s%s%s%s%s", (int)*owed, "", unexpected ? terminal_red(out) : "",
			mark, unexpected ? "!" : "", unexpected ? terminal_plain(out) : "");
		*owed = 0;
	}
	*owed += MARK_WIDTH - length;
}

static void print_row(const struct table *table, size_t row, size_t first, size_t end)
{
	size_t nr = row_length(table, row), owed = 0;
	int indent = indent_of_names(table);

	fprintf(table->out, "%*s%-*s  ", indent, "", (int)table->name_width - indent,
		table->verdicts[row].program->name);
	for (size_t i = first; i < end; i++)
		print_mark(table->out,
			   find_verdict(&table->verdicts[row], nr, table->columns[i].rules), &owed);
	fputc('\n', table->out);
}

/* The marks that occur, as many on a line as fit. */
static void print_legend(const struct table *table)
{
	size_t most = terminal_columns(table->out) / LEGEND_WIDTH, nr = 0, owed = 0;
	bool occurs[NR_MARKS] = { false };

	for (size_t i = 0; i < table->nr; i++)
		occurs[mark_of(&table->verdicts[i].result)] = true;
	for (int i = 0; i < NR_MARKS; i++) {
		const char *means = marks[i].means ? marks[i].means
						   : mmref_violation_name((enum mmref_violation)i);

		if (!occurs[i])
			continue;
		if (nr && nr % most == 0)
			fputc('\n', table->out);
		fprintf(table->out, "%*s%-*s%s", nr % most ? (int)owed : 0, "", MARK_WIDTH,
			marks[i].mark, means);
		owed = LEGEND_WIDTH - MARK_WIDTH - strlen(means);
		nr++;
	}
	fprintf(table->out, "\n%-*snot as expected; nothing: not asked\n", MARK_WIDTH, "!");
}

void print_table_compact(const struct table *table)
{
	for (size_t first = 0, end; first < table->nr_columns; first = end) {
		end = end_of_marks(table, first);
		if (first)
			fputc('\n', table->out);
		print_heads(table, first, end);
		for (size_t row = 0; row < table->nr; row += row_length(table, row)) {
			print_folder(table, row);
			print_row(table, row, first, end);
		}
	}
	fputc('\n', table->out);
	print_legend(table);
}
