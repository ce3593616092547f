/* SPDX-License-Identifier: MIT */
#include "report/recording.h"

#include "report/line.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_FIELDS	32
#define LONGEST		(64 << 20)	/* bytes of a recording */
#define MODEL_PAGE_SIZE	4096

struct table_reader {
	const char *file;
	char *rest;		/* of the text */
	int line;
	const char *const *columns;	/* wanted ones, NULL at the end */
	int place[MOST_FIELDS];	/* of each wanted column among the fields */
	int nr_fields;		/* of a row */
	const char *field[MOST_FIELDS];	/* wanted ones of the row at hand */
	char *error;
	size_t size;
};

static bool __attribute__((format(printf, 2, 3))) refuse(struct table_reader *reader,
							 const char *format, ...)
{
	int length = snprintf(reader->error, reader->size, "%s:%d: ", reader->file, reader->line);
	va_list args;

	if (length < 0 || (size_t)length >= reader->size)
		return false;
	va_start(args, format);
	vsnprintf(reader->error + length, reader->size - (size_t)length, format, args);
	va_end(args);
	return false;
}

/* All of @file as one string, or NULL with errno. */
static char *read_text(const char *file)
{
	FILE *in = open_file(file);
	struct stat status;
	char *text = NULL;

	if (!in)
		return NULL;
	if (fstat(fileno(in), &status) || status.st_size > LONGEST)
		errno = EFBIG;
	else
		text = calloc(1, (size_t)status.st_size + 1);
	if (text && fread(text, 1, (size_t)status.st_size, in) != (size_t)status.st_size) {
		free(text);
		text = NULL;
		errno = EIO;
	}
	fclose(in);
	return text;
}

/* The fields of the next row, or -1 at the end. */
static int next_row(struct table_reader *reader, char **field)
{
	char *row = strsep(&reader->rest, "\n");
	int nr = 0;

	if (!row || (!*row && !reader->rest))
		return -1;
	reader->line++;
	while (nr < MOST_FIELDS && row)
		field[nr++] = strsep(&row, "\t");
	return nr;
}

static bool read_heading(struct table_reader *reader)
{
	char *field[MOST_FIELDS];

	reader->nr_fields = next_row(reader, field);
	if (reader->nr_fields < 0) {
		reader->line = 1;
		return refuse(reader, "the file is empty; its first line would name the columns");
	}
	for (int i = 0; reader->columns[i]; i++) {
		reader->place[i] = -1;
		for (int j = 0; j < reader->nr_fields; j++)
			if (!strcmp(field[j], reader->columns[i]))
				reader->place[i] = j;
		if (reader->place[i] < 0)
			return refuse(reader, "there is no column '%s'; this line would name it",
				      reader->columns[i]);
	}
	return true;
}

/* 1 with the wanted fields of a row, 0 at the end, -1 after a refusal. */
static int read_row(struct table_reader *reader)
{
	char *field[MOST_FIELDS];
	int nr = next_row(reader, field);

	if (nr < 0)
		return 0;
	if (nr != reader->nr_fields) {
		refuse(reader, "%d fields; there would be %d, as the first line has", nr,
		       reader->nr_fields);
		return -1;
	}
	for (int i = 0; reader->columns[i]; i++)
		reader->field[i] = field[reader->place[i]];
	return 1;
}

static bool parse_number(struct table_reader *reader, const char *text,
			 struct recorded_number *number)
{
	char *end;

	number->told = *text;
	errno = 0;
	number->value = strtol(text, &end, 0);
	if (errno || *end)
		return refuse(reader, "'%.40s' would be a number, or nothing", text);
	return true;
}

/* --- pages --------------------------------------------------------------------- */

static bool parse_page(struct table_reader *reader, struct recorded_page *page)
{
	const char *kind = reader->field[3];

	*page = (struct recorded_page){
		.scenario = reader->field[0],
		.checkpoint = reader->field[1],
		.name = reader->field[2],
		.kind = kind,
		.mapping = reader->field[6],
	};
	if (strlen(kind) != 1 || !strchr("0HTU", *kind))
		return refuse(reader, "the kind '%.20s' would be 0, H, T or U", kind);
	return parse_number(reader, reader->field[4], &page->refcount) &&
	       parse_number(reader, reader->field[5], &page->mapcount) &&
	       parse_number(reader, reader->field[7], &page->index) &&
	       parse_number(reader, reader->field[8], &page->order) &&
	       parse_number(reader, reader->field[9], &page->large) &&
	       parse_number(reader, reader->field[10], &page->entire) &&
	       parse_number(reader, reader->field[11], &page->nr_mapped) &&
	       parse_number(reader, reader->field[12], &page->pincount);
}

/* --- outcomes ------------------------------------------------------------------ */

static const char *after(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(text, prefix, length) ? NULL : text + length;
}

/* "0", "9 ", "4096", "4096 bytes first=0xa4", all of which are what a call returned. */
static bool parse_returned(const char *text, struct recorded_outcome *outcome)
{
	char *end;
	long number = strtol(text, &end, 10);
	const char *first = after(end, " bytes first=");

	if (end == text || number < 0)
		return false;
	outcome->kind = MMREF_OUTCOME_DONE;
	if (first) {
		outcome->kind = MMREF_OUTCOME_READ;
		outcome->value = (struct recorded_number){ true, strtol(first, &end, 0) };
		return end != first && !*end;
	}
	/* Bytes are compared as pages; a descriptor's number says nothing. */
	if (number >= MODEL_PAGE_SIZE && number % MODEL_PAGE_SIZE == 0)
		outcome->value = (struct recorded_number){ true, number / MODEL_PAGE_SIZE };
	return !end[strspn(end, " ")];
}

static bool parse_outcome_text(const char *text, struct recorded_outcome *outcome)
{
	const char *part;
	char *end;

	outcome->calls = "";
	if (!strcmp(text, "done")) {
		outcome->kind = MMREF_OUTCOME_DONE;
	} else if (!strcmp(text, "ok-wrote")) {
		outcome->kind = MMREF_OUTCOME_WROTE;
	} else if (!strcmp(text, "died")) {
		outcome->kind = MMREF_OUTCOME_DIED;
	} else if ((part = after(text, "ok-read("))) {
		outcome->kind = MMREF_OUTCOME_READ;
		outcome->value = (struct recorded_number){ true, strtol(part, &end, 0) };
		return end != part && !strcmp(end, ")");
	} else if (after(text, "SIGBUS")) {
		outcome->kind = MMREF_OUTCOME_SIGBUS;
	} else if ((part = after(text, "blocked "))) {
		outcome->kind = MMREF_OUTCOME_BLOCKED;
		outcome->state = *part;
		if (!*part || !strchr("SDR", *part))
			return false;
		outcome->calls = part[1] ? after(part + 1, " in ") : "";
		return outcome->calls;
	} else if ((part = after(text, "-1 "))) {
		outcome->kind = MMREF_OUTCOME_ERROR;
		outcome->detail = part;
	} else if ((part = after(text, "kernel-warning in "))) {
		outcome->kind = MMREF_OUTCOME_WARNING;
		outcome->calls = part;
	} else if ((part = after(text, "kernel-oops in "))) {
		outcome->kind = MMREF_OUTCOME_OOPS;
		outcome->calls = part;
	} else {
		return parse_returned(text, outcome);
	}
	return true;
}

static bool parse_outcome(struct table_reader *reader, struct recorded_outcome *outcome)
{
	*outcome = (struct recorded_outcome){
		.scenario = reader->field[0],
		.checkpoint = reader->field[1],
		.operation = reader->field[2],
		.text = reader->field[3],
	};
	if (parse_outcome_text(outcome->text, outcome))
		return true;
	return refuse(reader, "the outcome '%.40s' would be done, ok-read(0xNN), ok-wrote, a "
		      "number, 'N bytes first=0xNN', '-1 MESSAGE', SIGBUS, 'blocked S|D|R in F<G', "
		      "died, 'kernel-warning in F' or 'kernel-oops in F'", outcome->text);
}

/* --- both ---------------------------------------------------------------------- */

static size_t count_lines(const char *text)
{
	size_t nr = 1;

	while ((text = strchr(text, '\n'))) {
		text++;
		nr++;
	}
	return nr;
}

static bool read_pages(struct recording *recording, struct table_reader *reader)
{
	static const char *const columns[] = {
		"scenario", "checkpoint", "page", "kind", "refcount", "mapcount", "mapping",
		"index_share", "order", "large", "entire", "nr_mapped", "pincount", NULL,
	};
	int row;

	recording->page = calloc(count_lines(reader->rest), sizeof(*recording->page));
	if (!recording->page)
		return refuse(reader, "no memory");
	reader->columns = columns;
	if (!read_heading(reader))
		return false;
	while ((row = read_row(reader)) > 0)
		if (!parse_page(reader, &recording->page[recording->nr_pages++]))
			return false;
	return row == 0;
}

static bool read_outcomes(struct recording *recording, struct table_reader *reader)
{
	static const char *const columns[] = {
		"scenario", "after_checkpoint", "operation", "outcome", NULL,
	};
	int row;

	recording->outcome = calloc(count_lines(reader->rest), sizeof(*recording->outcome));
	if (!recording->outcome)
		return refuse(reader, "no memory");
	reader->columns = columns;
	if (!read_heading(reader))
		return false;
	while ((row = read_row(reader)) > 0)
		if (!parse_outcome(reader, &recording->outcome[recording->nr_outcomes++]))
			return false;
	return row == 0;
}

static bool read_table(struct recording *recording, const char *file, char **text,
		       bool (*read)(struct recording *recording, struct table_reader *reader),
		       char *error, size_t size)
{
	struct table_reader reader = { .file = file, .error = error, .size = size };

	*text = read_text(file);
	if (!*text) {
		snprintf(error, size, "%s:1: cannot be read: %s; give a table of a recording",
			 file, file_error(errno));
		return false;
	}
	reader.rest = *text;
	return read(recording, &reader);
}

struct recording *recording_load(const char *pages, const char *outcomes, char *error,
				 size_t size)
{
	struct recording *recording = calloc(1, sizeof(*recording));

	if (!recording) {
		snprintf(error, size, "no memory for a recording");
		return NULL;
	}
	if ((!pages || read_table(recording, pages, &recording->page_text, read_pages, error,
				  size)) &&
	    (!outcomes || read_table(recording, outcomes, &recording->outcome_text,
				     read_outcomes, error, size)))
		return recording;
	recording_free(recording);
	return NULL;
}

void recording_free(struct recording *recording)
{
	if (!recording)
		return;
	free(recording->page);
	free(recording->outcome);
	free(recording->page_text);
	free(recording->outcome_text);
	free(recording);
}
