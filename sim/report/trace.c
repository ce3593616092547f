/* SPDX-License-Identifier: MIT */
#include "report/trace.h"

#include "explore/whole_file.h"
#include "report/operations.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROCESS		1
/* Microseconds: a step, and what lies where in it. */
#define STEP		1000
#define SLICE_BEGINS	10
#define SLICE		900
#define IN_SLICE	100
#define STEP_ENDS	990

/* An arrow between two steps. */
struct flow {
	const char *name;
	int from, to;
};

struct trace {
	cJSON *events;			/* of the trace */
	const cJSON *run;
	struct flow *flow;
	size_t nr_flows, room;
	const char *pending[MOST_TASKS];	/* begun, with no step yet */
	bool open[MOST_TASKS];
	bool stepped[MOST_TASKS];
	bool short_of_memory;
};

static int number_of(const cJSON *object, const char *name)
{
	return (int)cJSON_GetNumberValue(cJSON_GetObjectItem(object, name));
}

static const char *text_of(const cJSON *object, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItem(object, name));
}

static bool is_step(const cJSON *event)
{
	return cJSON_GetObjectItem(event, "step");
}

/* --- events of the trace ----------------------------------------------------- */

static cJSON *add_event(struct trace *trace, const char *phase, const char *name, int lane, int at)
{
	cJSON *event = cJSON_CreateObject();

	cJSON_AddStringToObject(event, "ph", phase);
	cJSON_AddStringToObject(event, "name", name);
	cJSON_AddNumberToObject(event, "pid", PROCESS);
	cJSON_AddNumberToObject(event, "tid", lane + 1);
	cJSON_AddNumberToObject(event, "ts", at);
	cJSON_AddItemToArray(trace->events, event);
	return event;
}

static void name_track(struct trace *trace, const char *what, int lane, const char *name)
{
	cJSON *event = add_event(trace, "M", what, lane, 0);

	cJSON_AddStringToObject(cJSON_AddObjectToObject(event, "args"), "name", name);
}

static void name_tracks(struct trace *trace)
{
	const cJSON *tasks = cJSON_GetObjectItem(trace->run, "tasks");
	char process[256];

	snprintf(process, sizeof(process), "%s under %s", text_of(trace->run, "scenario"),
		 text_of(trace->run, "rules"));
	name_track(trace, "process_name", -1, process);
	for (int i = 0; i < cJSON_GetArraySize(tasks); i++)
		name_track(trace, "thread_name", i,
			   cJSON_GetStringValue(cJSON_GetArrayItem(tasks, i)));
}

static void begin_operation(struct trace *trace, int lane, const char *name, int at)
{
	add_event(trace, "B", name, lane, at);
	trace->open[lane] = true;
	trace->pending[lane] = NULL;
}

/* @came of it: words, or NULL where the run has ended before. */
static void end_operation(struct trace *trace, int lane, int at, const char *came)
{
	cJSON *event = add_event(trace, "E", "", lane, at);

	if (came)
		cJSON_AddStringToObject(cJSON_AddObjectToObject(event, "args"), "ends", came);
	trace->open[lane] = false;
}

/* --- arrows -------------------------------------------------------------------- */

static void add_flow(struct trace *trace, const char *name, int from, int to)
{
	if (trace->nr_flows == trace->room) {
		size_t room = trace->room ? 2 * trace->room : 64;
		void *grown = realloc(trace->flow, room * sizeof(*trace->flow));

		if (!grown) {
			trace->short_of_memory = true;
			return;
		}
		trace->flow = grown;
		trace->room = room;
	}
	trace->flow[trace->nr_flows++] = (struct flow){ name, from, to };
}

static const cJSON *find_sleeper(const cJSON *asleep, int lane)
{
	const cJSON *sleeper;

	cJSON_ArrayForEach(sleeper, asleep)
		if (number_of(sleeper, "lane") == lane)
			return sleeper;
	return NULL;
}

/* The number of the next step that @lane takes after @event, or 0. */
static int next_step_of(const cJSON *event, int lane)
{
	for (event = event->next; event; event = event->next)
		if (is_step(event) && number_of(event, "lane") == lane)
			return number_of(event, "step");
	return 0;
}

/* Who was asleep before @event and is not any more was woken by it. */
static void find_wakes(struct trace *trace, const cJSON *event, const cJSON *before)
{
	const cJSON *now = cJSON_GetObjectItem(event, "asleep"), *sleeper;

	if (!now || !before)
		return;
	cJSON_ArrayForEach(sleeper, before) {
		int lane = number_of(sleeper, "lane"), next;

		if (lane == number_of(event, "lane") || find_sleeper(now, lane))
			continue;
		next = next_step_of(event, lane);
		if (next)
			add_flow(trace, "wake", number_of(event, "step"), next);
	}
}

/* What is left of @holding in @holdings, in units. */
static int units_left(const cJSON *holdings, const cJSON *holding)
{
	const cJSON *other;

	cJSON_ArrayForEach(other, holdings)
		if (number_of(other, "step") == number_of(holding, "step") &&
		    number_of(other, "page") == number_of(holding, "page") &&
		    !strcmp(text_of(other, "holder"), text_of(holding, "holder")))
			return number_of(other, "units");
	return 0;
}

/* References are dropped by @event that were taken by a step before it. */
static void find_puts(struct trace *trace, const cJSON *event, const cJSON *before)
{
	const cJSON *now = cJSON_GetObjectItem(event, "holdings"), *holding;

	if (!now)
		return;
	cJSON_ArrayForEach(holding, before)
		if (number_of(holding, "step") &&
		    units_left(now, holding) < number_of(holding, "units"))
			add_flow(trace, text_of(holding, "holder"), number_of(holding, "step"),
				 number_of(event, "step"));
}

static void find_flows(struct trace *trace, const cJSON *events)
{
	const cJSON *asleep = NULL, *holdings = NULL, *event;

	cJSON_ArrayForEach(event, events) {
		const cJSON *now;

		if (!is_step(event))
			continue;
		find_wakes(trace, event, asleep);
		find_puts(trace, event, holdings);
		now = cJSON_GetObjectItem(event, "asleep");
		asleep = now ? now : asleep;
		now = cJSON_GetObjectItem(event, "holdings");
		holdings = now ? now : holdings;
	}
}

/* The ends of arrows that lie in step @number. */
static void add_flows(struct trace *trace, int number, int lane)
{
	for (size_t i = 0; i < trace->nr_flows; i++) {
		const struct flow *flow = &trace->flow[i];
		cJSON *event;

		if (flow->from != number && flow->to != number)
			continue;
		event = add_event(trace, flow->from == number ? "s" : "f", flow->name, lane,
				  number * STEP + IN_SLICE);
		cJSON_AddStringToObject(event, "cat",
					!strcmp(flow->name, "wake") ? "wake" : "reference");
		cJSON_AddNumberToObject(event, "id", (double)i + 1);
		if (flow->to == number)
			cJSON_AddStringToObject(event, "bp", "e");
	}
}

/* --- the run ------------------------------------------------------------------- */

static void add_counters(struct trace *trace, const cJSON *event, int at)
{
	static const char *const counts[] = { "refcount", "mapcount" };
	const cJSON *pages = cJSON_GetObjectItem(event, "pages"), *page;
	int i = 0;

	cJSON_ArrayForEach(page, pages) {
		for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
			cJSON *counter, *args;
			char name[64];

			snprintf(name, sizeof(name), "page %d %s", i, counts[c]);
			counter = add_event(trace, "C", name, -1, at);
			args = cJSON_AddObjectToObject(counter, "args");
			cJSON_AddNumberToObject(args, counts[c], number_of(page, counts[c]));
		}
		i++;
	}
}

static void add_slice(struct trace *trace, const cJSON *step, int lane, int at)
{
	static const char *const told[] = { "object", "function", "source" };
	cJSON *slice = add_event(trace, "X", text_of(step, "verb"), lane, at), *args;

	cJSON_AddNumberToObject(slice, "dur", SLICE);
	args = cJSON_AddObjectToObject(slice, "args");
	cJSON_AddNumberToObject(args, "step", number_of(step, "step"));
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		cJSON_AddStringToObject(args, told[i], text_of(step, told[i]));
	cJSON_AddNumberToObject(args, "line", number_of(step, "line"));
}

/* Operations that the step ends, and those that the task begins before its next. */
static void go_on(struct trace *trace, const cJSON *step, int lane, int at)
{
	const cJSON *operation;

	cJSON_ArrayForEach(operation, cJSON_GetObjectItem(step, "then")) {
		if (cJSON_GetObjectItem(operation, "begins")) {
			trace->pending[lane] = text_of(operation, "begins");
			continue;
		}
		if (trace->pending[lane])
			begin_operation(trace, lane, trace->pending[lane], at);
		if (trace->open[lane])
			end_operation(trace, lane, at, text_of(operation, "ends"));
	}
}

static void add_step(struct trace *trace, const cJSON *step)
{
	int number = number_of(step, "step"), lane = number_of(step, "lane");
	int at = number * STEP;

	if (!trace->stepped[lane])
		trace->pending[lane] = text_of(step, "operation");
	trace->stepped[lane] = true;
	if (trace->pending[lane])
		begin_operation(trace, lane, trace->pending[lane], at);
	add_slice(trace, step, lane, at + SLICE_BEGINS);
	add_counters(trace, step, at + IN_SLICE);
	add_flows(trace, number, lane);
	go_on(trace, step, lane, at + STEP_ENDS);
}

/* At the end of a run no task need be the one that is wrong. */
static void add_violation(struct trace *trace, const cJSON *event)
{
	int lane = number_of(event, "lane");
	cJSON *mark = add_event(trace, "i", text_of(event, "shows"), lane,
				number_of(event, "after") * STEP + STEP_ENDS);

	cJSON_AddStringToObject(mark, "s", lane < 0 ? "g" : "t");
}

static void add_run(struct trace *trace)
{
	const cJSON *events = cJSON_GetObjectItem(trace->run, "events"), *event;
	int last = 0;

	find_flows(trace, events);
	name_tracks(trace);
	cJSON_ArrayForEach(event, events) {
		if (is_step(event))
			last = number_of(event, "step");
		if (is_step(event) && last)
			add_step(trace, event);
		else if (is_step(event))
			add_counters(trace, event, 0);
		else if (cJSON_GetObjectItem(event, "shows"))
			add_violation(trace, event);
	}
	for (int lane = 0; lane < MOST_TASKS; lane++)
		if (trace->open[lane])
			end_operation(trace, lane, last * STEP + STEP_ENDS, NULL);
}

static bool write_text(const char *file, const char *text)
{
	struct whole_file whole;

	return whole_file_begin(&whole, file) &&
	       whole_file_end(&whole, fprintf(whole.out, "%s\n", text) > 0);
}

bool trace_save(const char *file, cJSON *run)
{
	cJSON *root = cJSON_CreateObject();
	struct trace *trace = calloc(1, sizeof(*trace));
	bool written = false;
	char *text = NULL;

	if (trace) {
		trace->run = run;
		trace->events = cJSON_AddArrayToObject(root, "traceEvents");
		cJSON_AddStringToObject(root, "displayTimeUnit", "ms");
		add_run(trace);
		text = trace->short_of_memory ? NULL : cJSON_PrintUnformatted(root);
		free(trace->flow);
	}
	if (text)
		written = write_text(file, text);
	else
		errno = ENOMEM;
	cJSON_free(text);
	cJSON_Delete(root);
	cJSON_Delete(run);
	free(trace);
	return written;
}
