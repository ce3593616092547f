/* SPDX-License-Identifier: MIT */
#include "known.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ROWS  512
#define NR_FIELDS 5

/* rules and functions (patterns with commas between), name, equivalent and so on, reason */
static struct row {
	char *field[NR_FIELDS];
	enum known known;
	bool used;
} rows[MAX_ROWS];
static unsigned int nr_rows;

static const char *const known_words[NR_KNOWN] = {
	[EQUIVALENT] = "equivalent",
	[SURVIVES] = "survives",
	[UNREACHED] = "unreached",
};

static bool split(struct row *row, char *line)
{
	for (int i = 0; i < NR_FIELDS; i++)
		row->field[i] = strsep(&line, "\t\n");
	if (!row->field[NR_FIELDS - 1] || !row->field[NR_FIELDS - 1][0])
		return false;
	for (enum known known = EQUIVALENT; known < NR_KNOWN; known++)
		if (!strcmp(row->field[3], known_words[known]))
			row->known = known;
	return row->known != KILLED;
}

bool known_load(const char *file)
{
	FILE *table = fopen(file, "r");
	char *line = NULL;
	size_t size = 0;

	if (!table) {
		perror(file);
		return false;
	}
	for (; getline(&line, &size, table) > 0; line = NULL, size = 0) {
		if (line[0] == '#')
			continue;
		if (nr_rows == MAX_ROWS || !split(&rows[nr_rows++], line)) {
			fprintf(stderr,
				"%s: row %u is not rules, function, name, equivalent, "
				"survives or unreached, reason; or one too many\n",
				file, nr_rows);
			return false;
		}
	}
	fclose(table);
	return true;
}

static bool is_among(const char *names, const char *name)
{
	char *copy = strdup(names), *rest = copy, *one;
	bool found = false;

	while (!found && (one = strsep(&rest, ",")))
		found = !fnmatch(one, name, 0);
	free(copy);
	return found;
}

enum known known_of(const char *rules, const char *function, const char *name)
{
	for (unsigned int i = 0; i < nr_rows; i++) {
		char **field = rows[i].field;

		if (is_among(field[1], function) && is_among(field[2], name) &&
		    is_among(field[0], rules)) {
			rows[i].used = true;
			return rows[i].known;
		}
	}
	return KILLED;
}

bool known_all_used(void)
{
	bool all = true;

	for (unsigned int i = 0; i < nr_rows; i++) {
		if (!rows[i].used)
			printf("known.tsv: no mutant is '%s %s %s'\n", rows[i].field[0],
			       rows[i].field[1], rows[i].field[2]);
		all &= rows[i].used;
	}
	return all;
}
