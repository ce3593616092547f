/* SPDX-License-Identifier: MIT */
/*
 * A run as lanes:
 *
 *	     app        write
 *	[ 1] app          set_pte PTE of mm 0     refcount 1  mapcount 0->1  lib/mm/pgtable.c:31
 *	     |   admin  unbind
 *	[ 2] |   admin    ...
 *
 * The name stands in the lane of the task that acts, a bar in those of tasks
 * that are inside an operation.
 */
#include "report/lanes.h"

#include "report/culprit.h"
#include "report/ending.h"
#include "report/operations.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LINE_WIDTH	100
#define LANES_WIDTH	36	/* for all lanes together */
#define COUNTS_COLUMN	46	/* where counts stand, if the text before leaves room */
#define MOST_PAGES	3	/* told of one step */
#define LINE_TEXT	512

struct lane {
	const char *name;
	const char *operation;	/* it is in, or NULL */
	bool told;		/* its begin line has been printed */
	int width;		/* 0: takes no part */
};

struct lanes {
	FILE *out;
	struct mmref_sim *sim;
	const struct mmref_schedule *schedule;
	bool all_steps;
	int number_width;
	struct lane lane[MOST_TASKS];
	int nr_lanes;
	int last_task;
	struct operations operations;
	struct holders holders;
	struct history history;
	struct ending ending;

	/* Steps not printed yet, because they may be folded. */
	unsigned int nr_folded;
	int folded_task;
	char folded[LINE_TEXT];	/* the line of the only one */
};

const char *source_path(const char *path)
{
	const char *part = path, *next;

	if (path[0] != '/')
		return path;
	for (next = strstr(path, "/lib/"); next; next = strstr(next + 1, "/lib/"))
		part = next + 1;
	if (part == path)
		part = strrchr(path, '/') + 1;
	return part;
}

/* --- one line ------------------------------------------------------------- */

/* Append to @line, which stays a string of less than LINE_TEXT bytes. */
static void __attribute__((format(printf, 2, 3))) append(char *line, const char *format, ...)
{
	size_t length = strlen(line);
	va_list args;

	va_start(args, format);
	vsnprintf(line + length, LINE_TEXT - length, format, args);
	va_end(args);
}

static void fill_to(char *line, size_t column)
{
	size_t length = strlen(line);

	if (length >= column)
		return;
	memset(line + length, ' ', column - length);
	line[column] = '\0';
}

/* Cut @line to @room, and show that it was. */
static void cut_to(char *line, size_t room)
{
	if (strlen(line) <= room || room < 2)
		return;
	strcpy(line + room - 2, "..");
}

/* The number (0: none) and the lanes, with @task acting. */
static void begin_line(const struct lanes *lanes, char *line, size_t number, int task)
{
	line[0] = '\0';
	if (number)
		append(line, "[%*zu] ", lanes->number_width, number);
	else
		append(line, "%*s", lanes->number_width + 3, "");

	for (int i = 0; i < lanes->nr_lanes; i++) {
		const struct lane *lane = &lanes->lane[i];
		const char *mark = lane->operation ? "|" : "";

		if (!lane->width)
			continue;
		append(line, "%-*.*s ", lane->width, lane->width, i == task ? lane->name : mark);
	}
	append(line, " ");
}

/*
 * Counts in the middle, the place at the right. False where the text before
 * leaves no room for the counts, which are left off then.
 */
static bool end_line(char *line, const char *counts, const struct mmref_site *site)
{
	size_t room = LINE_WIDTH, place_length;
	char place[LINE_WIDTH / 2];
	bool fits;

	snprintf(place, sizeof(place), "%s:%d", source_path(site->file), site->line);
	place_length = strlen(place);
	room -= place_length + 2;
	fits = !counts[0] || strlen(line) + 2 + strlen(counts) <= room;
	if (fits && counts[0]) {
		size_t column = COUNTS_COLUMN;

		if (column + strlen(counts) > room)
			column = room - strlen(counts);
		append(line, "  ");
		fill_to(line, column);
		append(line, "%s", counts);
	}
	cut_to(line, room);
	fill_to(line, LINE_WIDTH - place_length);
	append(line, "%s", place);
	return fits;
}

/* What belongs to the step above, under its counts. */
static void print_below(const struct lanes *lanes, int task, const char *text)
{
	char line[LINE_TEXT];
	size_t column = LINE_WIDTH - strlen(text);

	begin_line(lanes, line, 0, task);
	append(line, "  ");
	fill_to(line, column < COUNTS_COLUMN ? column : COUNTS_COLUMN);
	fprintf(lanes->out, "%s%s\n", line, text);
}

static void print_folded(struct lanes *lanes)
{
	char line[LINE_TEXT];

	if (lanes->nr_folded == 1) {
		fprintf(lanes->out, "%s\n", lanes->folded);
	} else if (lanes->nr_folded) {
		begin_line(lanes, line, 0, lanes->folded_task);
		fprintf(lanes->out, "%s  ... %u steps\n", line, lanes->nr_folded);
	}
	lanes->nr_folded = 0;
}

/* --- what a step did to the pages ------------------------------------------ */

/* "refcount 1->2", or "refcount 1" where it did not change. */
static void append_count(char *text, const char *name, int before, int now)
{
	append(text, "%s%s ", text[0] ? "  " : "", name);
	if (before != now)
		append(text, "%d->", before);
	append(text, "%d", now);
}

static void page_text(const struct holders *holders, unsigned int i, bool name_it, char *text)
{
	const struct mmref_page *now = &holders->now[i], *before = &holders->before[i];

	text[0] = '\0';
	if (name_it)
		append(text, "page %u", i);
	if (!now->present) {
		append(text, "%s%s", text[0] ? "  " : "",
		       before->present ? "memmap goes" : "memmap gone");
		return;
	}
	append_count(text, "refcount", before->refcount, now->refcount);
	append_count(text, "mapcount", before->mapcount, now->mapcount);
	if (now->mapped != now->mapcount || before->mapped != before->mapcount)
		append_count(text, "ptes", before->mapped, now->mapped);
}

/* The page to tell of: the one touched, or the first that changed; -1: none. */
static int page_of_step(const struct lanes *lanes, const struct mmref_step *step)
{
	int page = mmref_sim_page_of(lanes->sim, step->object);

	for (unsigned int i = 0; page < 0 && i < lanes->holders.nr_pages; i++)
		if (holders_page_changed(&lanes->holders, i))
			page = (int)i;
	return page < (int)lanes->holders.nr_pages ? page : -1;
}

/* Other pages that the same step changed, each on a line of its own. */
static void print_other_pages(const struct lanes *lanes, int told, int task)
{
	const struct holders *holders = &lanes->holders;
	unsigned int nr = 0;
	char text[LINE_TEXT];

	for (unsigned int i = 0; i < holders->nr_pages; i++) {
		if ((int)i == told || !holders_page_changed(holders, i))
			continue;
		if (nr++ >= MOST_PAGES)
			continue;
		page_text(holders, i, true, text);
		print_below(lanes, task, text);
	}
	if (nr > MOST_PAGES) {
		snprintf(text, sizeof(text), "and %u pages more", nr - MOST_PAGES);
		print_below(lanes, task, text);
	}
}

/* --- the run --------------------------------------------------------------- */

static void on_operation(void *cookie, int task, const char *operation)
{
	struct lanes *lanes = cookie;

	operations_note(&lanes->operations, task, operation);
}

static void print_begin(struct lanes *lanes, int task)
{
	struct lane *lane = &lanes->lane[task];
	char line[LINE_TEXT];

	if (!lane->operation || lane->told)
		return;
	lane->told = true;
	print_folded(lanes);
	begin_line(lanes, line, 0, task);
	append(line, "%s", lane->operation);
	cut_to(line, LINE_WIDTH);
	fprintf(lanes->out, "%s\n", line);
}

/* One without a step of its own is told as it ends. */
static void go_on(struct lanes *lanes, int task)
{
	struct lane *lane = &lanes->lane[task];
	const char *operation;

	while (operations_next(&lanes->operations, task, &operation)) {
		if (!operation)
			print_begin(lanes, task);
		lane->operation = operation;
		lane->told = false;
	}
}

/* The steps around a change of task are where the interleaving is. */
static bool at_a_switch(const struct lanes *lanes, size_t number, int task)
{
	const struct mmref_schedule *schedule = lanes->schedule;

	return task != lanes->last_task || number >= schedule->length ||
	       schedule->tasks[number] != task;
}

/* Print @line, or keep it back for as long as it may be one of several to fold. */
static void print_step(struct lanes *lanes, int task, const char *line, bool foldable)
{
	if (!foldable || lanes->folded_task != task)
		print_folded(lanes);
	if (!foldable) {
		fprintf(lanes->out, "%s\n", line);
		return;
	}
	lanes->nr_folded++;
	lanes->folded_task = task;
	memcpy(lanes->folded, line, LINE_TEXT);
}

static void on_step(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct lanes *lanes = cookie;
	struct lane *lane = &lanes->lane[task];
	char line[LINE_TEXT], described[96] = "", counts[LINE_TEXT] = "";
	bool fits;
	int page;

	lane->operation = operations_of_step(&lanes->operations, task);
	print_begin(lanes, task);
	holders_step(&lanes->holders, lanes->sim, number, task, step->site, lane->operation);
	history_step(&lanes->history, task, step, lane->operation);
	page = page_of_step(lanes, step);
	if (step->object)
		mmref_sim_describe(lanes->sim, step->object, described, sizeof(described));
	if (page >= 0)
		page_text(&lanes->holders, (unsigned int)page, !strstr(described, "page "), counts);

	begin_line(lanes, line, number, task);
	append(line, described[0] ? "  %s  %s" : "  %s", step->site->verb, described);
	fits = end_line(line, counts, step->site);
	print_step(lanes, task, line,
		   !lanes->all_steps && page < 0 && !at_a_switch(lanes, number, task));
	if (!fits)
		print_below(lanes, task, counts);
	if (page >= 0)
		print_other_pages(lanes, page, task);
	lanes->last_task = task;
	go_on(lanes, task);
}

static void on_violation(void *cookie, int task, const struct mmref_found *found)
{
	struct lanes *lanes = cookie;
	char line[LINE_TEXT];

	print_folded(lanes);
	ending_violation(&lanes->ending, task, found);
	history_violation(&lanes->history, found->violation);
	begin_line(lanes, line, 0, task);
	append(line, "  ! %s", mmref_violation_name(found->violation));
	fprintf(lanes->out, "%s\n", line);
}

static void on_asleep(void *cookie, int task, const struct mmref_site *site)
{
	struct lanes *lanes = cookie;

	print_folded(lanes);
	ending_asleep(&lanes->ending, task, site);
}

/* A lane for each task that takes a step, as wide as its name if all fit. */
static void lay_out(struct lanes *lanes)
{
	const struct mmref_schedule *schedule = lanes->schedule;
	int taking_part = 0, widest;
	bool takes_part[MOST_TASKS] = { false };

	for (size_t i = 0; i < schedule->length; i++) {
		taking_part += !takes_part[schedule->tasks[i]];
		takes_part[schedule->tasks[i]] = true;
	}
	lanes->nr_lanes = (int)mmref_sim_nr_tasks(lanes->sim);
	if (lanes->nr_lanes > MOST_TASKS)
		lanes->nr_lanes = MOST_TASKS;
	widest = LANES_WIDTH / (taking_part ? taking_part : 1) - 1;
	if (widest < 1)
		widest = 1;

	for (int i = 0; i < lanes->nr_lanes; i++) {
		struct lane *lane = &lanes->lane[i];

		lane->name = mmref_sim_task_name(lanes->sim, i);
		if (!takes_part[i])
			continue;
		lane->width = (int)strlen(lane->name);
		if (lane->width > widest)
			lane->width = widest;
	}
	lanes->number_width = snprintf(NULL, 0, "%zu", schedule->length);
}

struct run_told print_lanes(FILE *out, struct mmref_sim *sim,
			    const struct mmref_schedule *schedule, bool all_steps)
{
	struct run_told told = { .violation = MMREF_NONE };
	struct lanes *lanes = calloc(1, sizeof(*lanes));
	struct culprits culprits;
	struct mmref_observer observer = {
		.cookie = lanes,
		.operation = on_operation,
		.step = on_step,
		.violation = on_violation,
		.asleep = on_asleep,
	};

	if (!lanes) {
		fputs("no memory to tell the run\n", out);
		return told;
	}
	lanes->out = out;
	lanes->sim = sim;
	lanes->schedule = schedule;
	lanes->all_steps = all_steps;
	lanes->last_task = -1;
	lay_out(lanes);
	holders_begin(&lanes->holders, sim);
	history_begin(&lanes->history, sim);

	told.steps = mmref_replay(sim, schedule, &observer);
	print_folded(lanes);
	print_ending(out, &lanes->ending, &lanes->holders, sim);
	find_culprits(&culprits, &lanes->ending, &lanes->holders, &lanes->history);
	print_culprits(out, &culprits, sim);
	told.violation = lanes->ending.violation;

	holders_end(&lanes->holders);
	history_end(&lanes->history);
	operations_free(&lanes->operations);
	free(lanes);
	return told;
}

void mmref_print_run(FILE *out, struct mmref_sim *sim, const struct mmref_found *found)
{
	print_lanes(out, sim, &found->schedule, false);
}
