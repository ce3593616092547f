/* SPDX-License-Identifier: MIT */
#include "known.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ROWS  256
#define NR_FIELDS 5

/* rules (several with commas between, or *), point, name, equivalent or survives, reason */
static struct row {
	char *field[NR_FIELDS];
} rows[MAX_ROWS];
static unsigned int nr_rows;

static bool split(struct row *row, char *line)
{
	for (int i = 0; i < NR_FIELDS; i++)
		row->field[i] = strsep(&line, "\t\n");
	return row->field[NR_FIELDS - 1] && row->field[NR_FIELDS - 1][0] &&
	       (!strcmp(row->field[3], "equivalent") || !strcmp(row->field[3], "survives"));
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
				"%s: row %u is not rules, point, name, equivalent or "
				"survives, reason; or one too many\n",
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

enum known known_of(const char *rules, const char *point, const char *name)
{
	for (unsigned int i = 0; i < nr_rows; i++) {
		char **field = rows[i].field;

		if (is_among(field[1], point) && is_among(field[2], name) &&
		    is_among(field[0], rules))
			return field[3][0] == 'e' ? EQUIVALENT : SURVIVES;
	}
	return KILLED;
}
