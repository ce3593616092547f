/* SPDX-License-Identifier: MIT */
/*
 * A run as lanes, one for each task, and a column for each page that the run changes:
 *
 * 	                    page 0
 * 	                     ref map
 * 	                       0   0  before the first step
 * 	     app                      write page 0 of map
 * 	[ 1] app               1*  0    folio_ref_inc       insert_page lib/mm/memory.c:31
 * 	     |   admin                unbind pmem
 * 	     |   admin                  ... 7 steps in dev_dax_kill, unmap_mapping_range
 *
 * The acting task has its name in its lane; a task that is inside an operation has a bar.
 */
#include "report/lanes.h"

#include "report/cause.h"
#include "report/columns.h"
#include "report/diagnose.h"
#include "report/operations.h"
#include "report/outcome.h"
#include "report/run_end.h"
#include "report/step_filter.h"
#include "report/terminal.h"
#include "report/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LANES_PART     3  /* of the line, for all lanes */
#define COLUMNS_PART   3  /* of the line, for page columns */
#define NOBODY	       -1 /* for a line that continues the one above */
#define MOST_BELOW     3  /* pages without a column, printed below one step */
#define LINE_TEXT      1024
#define MOST_FUNCTIONS 8 /* named for folded steps */

struct lane {
	const char *name;
	const char *operation; /* the current one, or NULL */
	bool printed;      /* its first line was printed */
	int width;	       /* 0: takes no step */
};

/* Steps of one task that are folded; the last is kept, as it may turn out to violate. */
struct folded {
	unsigned int nr;
	const char *function[MOST_FUNCTIONS]; /* that contain the steps, each once */
	unsigned int nr_functions;
	int task;
	struct mmref_step last;
	size_t number; /* of ->last; 0: none */
};

struct lanes {
	FILE *out;
	struct mmref_sim *sim;
	const struct mmref_schedule *schedule;
	bool all_steps;
	size_t width; /* of the line */
	int number_width;
	struct lane lane[MOST_TASKS];
	int nr_lanes;
	struct operations operations;
	struct holders holders;
	struct history history;
	struct step_filter filter;
	struct columns columns;
	struct run_end end;
	struct folded folded;
};

/* --- one line ------------------------------------------------------------- */

/* Cut @line to @room columns; ".." shows that it was cut. */
static void cut_to(char *line, size_t room)
{
	if (strlen(line) <= room || room < 2)
		return;
	strcpy(line + room - 2, "..");
}

/* Width of step number and lanes. */
static int lanes_width(const struct lanes *lanes)
{
	int width = lanes->number_width + 3;

	for (int i = 0; i < lanes->nr_lanes; i++)
		width += lanes->lane[i].width ? lanes->lane[i].width + 1 : 0;
	return width + 1;
}

/* Columns left for text. */
static size_t text_width(const struct lanes *lanes)
{
	size_t used = (size_t)lanes_width(lanes) + columns_width(&lanes->columns);

	return lanes->width > used + 2 ? lanes->width - used : 2;
}

/* Print the step number (0: none) and the lanes; @task acts. */
static void print_lane_marks(const struct lanes *lanes, size_t number, int task)
{
	if (number)
		fprintf(lanes->out, "[%*zu] ", lanes->number_width, number);
	else
		fprintf(lanes->out, "%*s", lanes->number_width + 3, "");

	for (int i = 0; i < lanes->nr_lanes; i++) {
		const struct lane *lane = &lanes->lane[i];
		const char *mark = lane->operation ? "|" : "";

		if (lane->width)
			fprintf(lanes->out, "%-*.*s ", lane->width, lane->width,
				i == task ? lane->name : mark);
	}
	fputc(' ', lanes->out);
}

/* A line of @task without a step number: an operation, a violation, folded steps. */
static void __attribute__((format(printf, 4, 5)))
print_words(const struct lanes *lanes, int task, const char *colour, const char *format, ...)
{
	char text[LINE_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	cut_to(text, text_width(lanes));
	print_lane_marks(lanes, 0, task);
	fprintf(lanes->out, "%*s%s%s%s\n", (int)columns_width(&lanes->columns), "", colour, text,
		colour[0] ? terminal_plain(lanes->out) : "");
}

/* Is @object a count whose column is marked as changed by this step? */
static bool is_marked_count(const struct lanes *lanes, const volatile void *object,
			    const char *described)
{
	int page = mmref_sim_page_of(lanes->sim, object);
	const char *last = strrchr(described, ' ');

	if (page < 0 || !last)
		return false;
	return (!strcmp(last, " refcount") &&
		columns_changed(&lanes->columns, (unsigned int)page, CELL_REF)) ||
	       (!strcmp(last, " mapcount") &&
		columns_changed(&lanes->columns, (unsigned int)page, CELL_MAP));
}

/* "ptep_get PTE of mm 0"; without the object if a column shows it. */
static void step_text(const struct lanes *lanes, const struct mmref_step *step, char *text)
{
	char described[96] = "";

	if (step->object)
		mmref_sim_describe(lanes->sim, step->object, described, sizeof(described));
	if (described[0] && is_marked_count(lanes, step->object, described))
		described[0] = '\0';
	text[0] = '\0';
	text_append(text, LINE_TEXT, described[0] ? "  %s  %s" : "  %s", step->site->verb,
		    described);
}

/* The source location is at the right margin, or on a line of its own if the step is too long. */
static void print_step(const struct lanes *lanes, size_t number, int task,
		       const struct mmref_step *step)
{
	size_t room = text_width(lanes), place_length;
	char text[LINE_TEXT], place[LINE_TEXT] = "";

	step_text(lanes, step, text);
	text_append(place, LINE_TEXT, "%s %s:%d", mmref_site_function(step->site),
		    source_path(step->site->file), step->site->line);
	place_length = strlen(place);

	print_lane_marks(lanes, number, task);
	columns_print(&lanes->columns, lanes->out);
	if (strlen(text) + 2 + place_length <= room) {
		fprintf(lanes->out, "%-*s%s\n", (int)(room - place_length), text, place);
		return;
	}
	cut_to(text, room);
	fprintf(lanes->out, "%s\n", text);
	if (place_length <= room)
		print_words(lanes, NOBODY, "", "%*s", (int)room, place);
	else
		fprintf(lanes->out, "%*s\n", (int)lanes->width, place);
}

/* Fold ->last, too. */
static void fold_last(struct folded *folded)
{
	const char *function;

	if (!folded->number)
		return;
	folded->number = 0;
	folded->nr++;
	function = mmref_site_function(folded->last.site);
	for (unsigned int i = 0; i < folded->nr_functions; i++)
		if (!strcmp(folded->function[i], function))
			return;
	if (folded->nr_functions < MOST_FUNCTIONS)
		folded->function[folded->nr_functions++] = function;
}

static void print_folded(struct lanes *lanes)
{
	struct folded *folded = &lanes->folded;
	char text[LINE_TEXT] = "";

	if (!folded->nr)
		return;
	text_append(text, LINE_TEXT, "  ... %u %s in ", folded->nr,
		    folded->nr == 1 ? "step" : "steps");
	for (unsigned int i = 0; i < folded->nr_functions; i++) {
		const char *name = folded->function[i];

		if (i && strlen(text) + strlen(", , ...") + strlen(name) > text_width(lanes)) {
			text_append(text, LINE_TEXT, ", ...");
			break;
		}
		text_append(text, LINE_TEXT, "%s%s", i ? ", " : "", name);
	}
	print_words(lanes, folded->task, "", "%s", text);
	folded->nr = folded->nr_functions = 0;
}

static void print_all_folded(struct lanes *lanes)
{
	fold_last(&lanes->folded);
	print_folded(lanes);
}

/* --- pages without a column ---------------------------------------------------- */

/* "refcount 1->2", or "refcount 1" if it did not change. */
static void append_count(char *text, const char *name, int before, int now)
{
	text_append(text, LINE_TEXT, "  %s ", name);
	if (before != now)
		text_append(text, LINE_TEXT, "%d->", before);
	text_append(text, LINE_TEXT, "%d", now);
}

static void page_text(const struct holders *holders, unsigned int i, char *text)
{
	const struct mmref_page *now = &holders->now[i], *before = &holders->before[i];

	text[0] = '\0';
	text_append(text, LINE_TEXT, "page %u", i);
	if (!now->present) {
		text_append(text, LINE_TEXT, before->present ? "  memmap goes" : "  memmap gone");
		return;
	}
	append_count(text, "refcount", before->refcount, now->refcount);
	append_count(text, "mapcount", before->mapcount, now->mapcount);
	if (now->mapped != now->mapcount || before->mapped != before->mapcount)
		append_count(text, "ptes", before->mapped, now->mapped);
	if (now->mapping != before->mapping)
		append_count(text, "ino", before->mapping, now->mapping);
}

/* Pages without a column that the step changed, one on a line. */
static void print_other_pages(const struct lanes *lanes, int task)
{
	const struct holders *holders = &lanes->holders;
	char text[LINE_TEXT];
	unsigned int nr = 0;

	for (unsigned int i = 0; i < holders->nr_pages; i++) {
		if (columns_show(&lanes->columns, i) || !holders_page_changed(holders, i))
			continue;
		if (nr++ >= MOST_BELOW)
			continue;
		page_text(holders, i, text);
		print_words(lanes, task, "", "    %s", text);
	}
	if (nr > MOST_BELOW)
		print_words(lanes, task, "", "    and %u pages more", nr - MOST_BELOW);
}

/* Tasks that fell asleep or woke in the step of @by. */
static void print_sleepers(const struct lanes *lanes, int by)
{
	for (int i = 0; i < lanes->nr_lanes; i++) {
		const struct mmref_site *site = mmref_sim_asleep(lanes->sim, i);

		if (!lanes->lane[i].width || !sleep_changed(&lanes->filter, lanes->sim, i, by))
			continue;
		if (site)
			print_words(lanes, i, "", "  sleeps in %s: %s", mmref_site_function(site),
				    site->verb);
		else if (i != by)
			print_words(lanes, by, "", "  wakes %s", lanes->lane[i].name);
	}
}

/* --- the run -------------------------------------------------------------------- */

static void on_operation(void *cookie, int task, const char *operation,
			 const struct mmref_outcome *outcome)
{
	struct lanes *lanes = cookie;

	operations_note(&lanes->operations, task, operation, outcome);
}

static void print_begin(struct lanes *lanes, int task)
{
	struct lane *lane = &lanes->lane[task];

	if (!lane->operation || lane->printed)
		return;
	lane->printed = true;
	print_all_folded(lanes);
	print_words(lanes, task, terminal_bold(lanes->out), "%s", lane->operation);
}

/* Prints the outcome; an operation without steps has one line; a plain return none. */
static void print_end(struct lanes *lanes, int task, const struct mmref_outcome *outcome)
{
	char text[OUTCOME_TEXT];

	print_begin(lanes, task);
	if (!outcome_is_failure(outcome))
		return;
	outcome_words(outcome, text);
	print_all_folded(lanes);
	print_words(lanes, task, "", "  %s", text);
}

static void go_on(struct lanes *lanes, int task)
{
	struct lane *lane = &lanes->lane[task];
	struct operation_event event;

	while (operations_next(&lanes->operations, task, &event)) {
		if (!event.begins)
			print_end(lanes, task, &event.outcome);
		lane->operation = event.begins;
		lane->printed = false;
	}
}

/* Steps around a context switch show the interleaving: they are not folded. */
static bool at_a_switch(const struct lanes *lanes, size_t number, int task)
{
	const struct mmref_schedule *schedule = lanes->schedule;

	return task != lanes->filter.last_task || number >= schedule->length ||
	       schedule->tasks[number] != task;
}

static void fold(struct lanes *lanes, size_t number, int task, const struct mmref_step *step)
{
	struct folded *folded = &lanes->folded;

	if (folded->task != task)
		print_all_folded(lanes);
	fold_last(folded);
	folded->task = task;
	folded->last = *step;
	folded->number = number;
}

static void on_step(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct lanes *lanes = cookie;
	struct lane *lane = &lanes->lane[task];
	const struct run_view view = {
		lanes->sim, &lanes->holders, &lanes->history, &lanes->columns,
	};

	lane->operation = operations_of_step(&lanes->operations, task);
	print_begin(lanes, task);
	holders_step(&lanes->holders, lanes->sim, number, task, step->site, lane->operation);
	history_step(&lanes->history, task, step, lane->operation);
	if (lanes->all_steps || at_a_switch(lanes, number, task) ||
	    step_filter_shows(&lanes->filter, &view, task, step)) {
		print_all_folded(lanes);
		columns_step(&lanes->columns, &lanes->history);
		print_step(lanes, number, task, step);
		print_other_pages(lanes, task);
		print_sleepers(lanes, task);
	} else {
		columns_step(&lanes->columns, &lanes->history);
		fold(lanes, number, task, step);
	}
	step_filter_step(&lanes->filter, lanes->sim, &lanes->history, task);
	go_on(lanes, task);
}

static void on_violation(void *cookie, int task, const struct mmref_found *found)
{
	struct lanes *lanes = cookie;
	bool warned = found->violation == MMREF_KERNEL_WARNING && found->why;

	print_folded(lanes);
	if (lanes->folded.number)
		print_step(lanes, lanes->folded.number, lanes->folded.task, &lanes->folded.last);
	lanes->folded.number = 0;
	run_end_violation(&lanes->end, task, found);
	history_violation(&lanes->history, found->violation);
	print_words(lanes, task, terminal_red(lanes->out), "  ! %s%s%s",
		    mmref_violation_name(found->violation), warned ? ": " : "",
		    warned ? found->why : "");
}

static void on_asleep(void *cookie, int task, const struct mmref_site *site)
{
	struct lanes *lanes = cookie;

	print_all_folded(lanes);
	run_end_asleep(&lanes->end, task, site);
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
	widest = (int)lanes->width / LANES_PART / (taking_part ? taking_part : 1) - 1;
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

static void print_heads(struct lanes *lanes)
{
	int indent = lanes_width(lanes);

	columns_print_heads(&lanes->columns, lanes->out, indent);
	fprintf(lanes->out, "%*s", indent, "");
	columns_print(&lanes->columns, lanes->out);
	fputs("before the first step\n", lanes->out);
}

static bool lanes_begin(struct lanes *lanes)
{
	lanes->width = terminal_columns(lanes->out);
	lay_out(lanes);
	if (!columns_begin(&lanes->columns, lanes->sim, lanes->schedule,
			   lanes->width / COLUMNS_PART))
		return false;
	holders_begin(&lanes->holders, lanes->sim);
	history_begin(&lanes->history, lanes->sim);
	columns_start(&lanes->columns, &lanes->history);
	step_filter_begin(&lanes->filter);
	return true;
}

static void lanes_end(struct lanes *lanes)
{
	columns_end(&lanes->columns);
	holders_end(&lanes->holders);
	history_end(&lanes->history);
	operations_free(&lanes->operations);
}

struct run_summary print_lanes(FILE *out, struct mmref_sim *sim,
			       const struct mmref_schedule *schedule, bool all_steps)
{
	struct run_summary summary = { .violation = MMREF_NONE };
	struct lanes *lanes = calloc(1, sizeof(*lanes));
	struct causes causes;
	struct mmref_observer observer = {
		.cookie = lanes,
		.operation = on_operation,
		.step = on_step,
		.violation = on_violation,
		.asleep = on_asleep,
	};

	if (lanes) {
		lanes->out = out;
		lanes->sim = sim;
		lanes->schedule = schedule;
		lanes->all_steps = all_steps;
	}
	if (!lanes || !lanes_begin(lanes)) {
		fputs("no memory to tell the run\n", out);
		free(lanes);
		return summary;
	}
	print_heads(lanes);
	summary.steps = mmref_replay(sim, schedule, &observer);
	print_all_folded(lanes);
	print_run_end(out, &lanes->end, &lanes->holders, sim, lanes->columns.page,
		     lanes->columns.nr_shown);
	find_causes(&causes, &lanes->end, &lanes->holders, &lanes->history);
	print_causes(out, &causes, sim);
	summary.violation = lanes->end.violation;
	lanes_end(lanes);
	free(lanes);
	return summary;
}

void mmref_print_run(FILE *out, struct mmref_sim *sim, const struct mmref_found *found)
{
	if (out && found && sim && mmref_sim_nr_tasks(sim))
		print_lanes(out, sim, &found->schedule, false);
}
