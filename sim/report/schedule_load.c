/* SPDX-License-Identifier: MIT */
/* Reading a saved schedule; see schedule.h for what it looks like. */
#include "report/schedule.h"

#include "report/line.h"
#include "report/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STEPS	(64u << 20)	/* more is no schedule that a search found */
#define WIDEST_LINE	(64u << 10)	/* a path is the longest in it */

struct reader {
	FILE *in;
	struct file_line at;	/* the line being read */
	struct saved_schedule *saved;
	char *text;		/* of it */
	size_t room;
	int unread;		/* errno, where the next line is there and was not read */
	size_t steps;
};

/* The next line without its end, in ->text; false at the end of the file. */
static bool next_line(struct reader *reader)
{
	ssize_t length = read_line(&reader->text, &reader->room, WIDEST_LINE, reader->in);

	reader->unread = length < 0 ? errno : 0;
	if (length < 0)
		return false;
	reader->at.line++;
	if (length && reader->text[length - 1] == '\n')
		reader->text[length - 1] = '\0';
	return true;
}

/* A line "@word VALUE"; a copy of the value, or NULL after a refusal. */
static char *read_value(struct reader *reader, const char *word, const char *example)
{
	size_t length = strlen(word);
	char *value;

	if (!next_line(reader)) {
		reader->at.line++;
		refuse_line(&reader->at, "the file ends here; this line would be '%s %s'", word,
			    example);
		return NULL;
	}
	if (strncmp(reader->text, word, length) || reader->text[length] != ' ' ||
	    !reader->text[length + 1]) {
		refuse_line(&reader->at, "this line would be '%s %s'", word, example);
		return NULL;
	}
	value = strdup(reader->text + length + 1);
	if (!value)
		refuse_line(&reader->at, "no memory");
	return value;
}

static bool read_heading(struct reader *reader)
{
	struct saved_schedule *saved = reader->saved;

	if (!next_line(reader) || strcmp(reader->text, "mmref schedule 1")) {
		reader->at.line = 1;
		if (reader->unread && reader->unread != EFBIG)
			return refuse_line(&reader->at, "cannot be read: %s; give a file that "
					   "'mmref explain --save' wrote",
					   strerror(reader->unread));
		return refuse_line(&reader->at, "not a saved schedule; 'mmref explain --save' "
				   "writes one, whose first line is 'mmref schedule 1'");
	}
	saved->scenario = read_value(reader, "scenario", "FILE.lua");
	if (!saved->scenario)
		return false;
	saved->rules = read_value(reader, "rules", "NAME");
	return saved->rules;
}

static bool parse_length(const char *text, size_t *length)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	*length = (size_t)number;
	return !errno && isdigit((unsigned char)text[0]) && !*end && number &&
	       number <= MOST_STEPS;
}

static bool add_part(struct reader *reader, const char *task, size_t length, const char *first)
{
	struct saved_schedule *saved = reader->saved;
	struct schedule_part *part;

	if (saved->nr_parts == saved->room) {
		size_t room = saved->room ? 2 * saved->room : 32;

		part = realloc(saved->part, room * sizeof(*part));
		if (!part)
			return refuse_line(&reader->at, "no memory");
		saved->part = part;
		saved->room = room;
	}
	part = &saved->part[saved->nr_parts++];
	*part = (struct schedule_part){
		.task = strdup(task),
		.length = length,
		.first = strdup(first),
		.line = reader->at.line,
	};
	return part->task && part->first ? true : refuse_line(&reader->at, "no memory");
}

static bool read_part(struct reader *reader)
{
	char *rest = reader->text;
	char *task = strsep(&rest, "\t"), *steps = strsep(&rest, "\t"), *first = rest;
	size_t length;

	if (!*task || !steps || !first || !*first)
		return refuse_line(&reader->at, "this line would be a task, a tab, how many steps "
				   "it takes, a tab, and 'function: verb' of the first of them");
	if (!parse_length(steps, &length))
		return refuse_line(&reader->at, "'%.40s' would be a number of steps, 1 to %u",
				   steps, MOST_STEPS);
	reader->steps += length;
	if (reader->steps > MOST_STEPS)
		return refuse_line(&reader->at, "more than %u steps in all; a saved run has fewer",
				   MOST_STEPS);
	return add_part(reader, task, length, first);
}

static bool read_all(struct reader *reader)
{
	if (!read_heading(reader))
		return false;
	while (next_line(reader))
		if (!read_part(reader))
			return false;
	if (reader->unread) {
		reader->at.line++;
		return refuse_line(&reader->at, "cannot be read: %s", strerror(reader->unread));
	}
	if (reader->saved->nr_parts)
		return true;
	reader->at.line++;
	return refuse_line(&reader->at, "the file ends here; it would go on with who runs, such as "
			   "'app<tab>12<tab>-'");
}

struct saved_schedule *schedule_load(const char *file, char *error, size_t size)
{
	struct reader reader = {
		.saved = calloc(1, sizeof(*reader.saved)),
		.at = { .file = file, .error = error, .size = size },
	};
	bool good;

	if (!reader.saved || !(reader.saved->file = strdup(file))) {
		snprintf(error, size, "%s: no memory", file);
		free(reader.saved);
		return NULL;
	}
	reader.in = open_file(file);
	if (!reader.in) {
		snprintf(error, size, "%s:1: cannot be read: %s; give a file that "
			 "'mmref explain --save' wrote", file, file_error(errno));
		schedule_free(reader.saved);
		return NULL;
	}
	good = read_all(&reader);
	fclose(reader.in);
	free(reader.text);
	if (good)
		return reader.saved;
	schedule_free(reader.saved);
	return NULL;
}
