/* SPDX-License-Identifier: MIT */
#include "report/cause.h"
#include "report/diagnose.h"
#include "report/json.h"
#include "report/json_world.h"
#include "report/operations.h"
#include "report/outcome.h"
#include "report/run_end.h"

#include <stdlib.h>

struct json_writer {
	const struct json_sink *sink;
	struct mmref_sim *sim;
	size_t steps;
	struct json_world world;
	struct operations operations;
	struct holders holders;
	struct history history;
	struct run_end end;
};

static void put(struct json_writer *writer, cJSON *object)
{
	writer->sink->take(writer->sink->cookie, object);
}

static void on_operation(void *cookie, int task, const char *operation,
			 const struct mmref_outcome *outcome)
{
	struct json_writer *writer = cookie;

	operations_note(&writer->operations, task, operation, outcome);
}

static cJSON *json_event(const struct operation_event *event)
{
	cJSON *object = cJSON_CreateObject();
	char text[OUTCOME_TEXT];

	if (event->begins) {
		json_add_text(object, "begins", event->begins);
		return object;
	}
	outcome_words(&event->outcome, text);
	json_add_text(object, "ends", text);
	cJSON_AddBoolToObject(object, "failed", outcome_is_failure(&event->outcome));
	return object;
}

/* Operations that the task ended and began after the step. */
static void add_operations(cJSON *object, struct json_writer *writer, int task)
{
	struct operation_event event;
	cJSON *then = NULL;

	while (operations_next(&writer->operations, task, &event)) {
		if (!then)
			then = cJSON_AddArrayToObject(object, "then");
		cJSON_AddItemToArray(then, json_event(&event));
	}
}

/* Everything in the world that the step changed. */
static void add_world(cJSON *object, struct json_writer *writer, int task)
{
	cJSON_AddNumberToObject(object, "lane", task);
	json_world_add(object, &writer->world, writer->sim, &writer->holders);
}

static void on_step(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct json_writer *writer = cookie;
	const char *operation = operations_of_step(&writer->operations, task);
	int page = mmref_sim_page_of(writer->sim, step->object);
	cJSON *object = cJSON_CreateObject();
	char described[96] = "";

	holders_step(&writer->holders, writer->sim, number, task, step->site, operation);
	history_step(&writer->history, task, step, operation);
	if (step->object)
		mmref_sim_describe(writer->sim, step->object, described, sizeof(described));

	cJSON_AddNumberToObject(object, "step", (double)number);
	json_add_text(object, "task", mmref_sim_task_name(writer->sim, task));
	json_add_text(object, "operation", operation);
	json_add_text(object, "verb", step->site->verb);
	json_add_text(object, "object", described);
	json_add_site(object, step->site);
	if (page >= 0 && page < (int)writer->holders.nr_pages)
		cJSON_AddItemToObject(object, "page", json_page(&writer->holders.now[page]));
	add_operations(object, writer, task);
	if (writer->sink->world)
		add_world(object, writer, task);
	writer->steps = number;
	put(writer, object);
}

/* A violation, when it shows; the gravest is repeated at the end of the run. */
static void put_showing(struct json_writer *writer, int task, const struct mmref_found *found)
{
	cJSON *object = cJSON_CreateObject();

	json_add_text(object, "shows", mmref_violation_name(found->violation));
	cJSON_AddNumberToObject(object, "after", (double)writer->steps);
	cJSON_AddNumberToObject(object, "lane", task);
	put(writer, object);
}

static void on_violation(void *cookie, int task, const struct mmref_found *found)
{
	struct json_writer *writer = cookie;

	run_end_violation(&writer->end, task, found);
	history_violation(&writer->history, found->violation);
	if (writer->sink->world)
		put_showing(writer, task, found);
}

static void on_asleep(void *cookie, int task, const struct mmref_site *site)
{
	struct json_writer *writer = cookie;

	run_end_asleep(&writer->end, task, site);
}

static void add_holdings(cJSON *object, const struct json_writer *writer, unsigned int page)
{
	const struct holders *holders = &writer->holders;
	cJSON *held = cJSON_AddArrayToObject(object, "holdings");

	for (size_t i = 0; i < holders->nr_holdings; i++) {
		const struct holding *holding = &holders->holdings[i];
		cJSON *json;

		if (holding->page != page)
			continue;
		json = cJSON_CreateObject();
		json_add_text(json, "holder", mmref_holder_name(holding->holder));
		cJSON_AddNumberToObject(json, "units", holding->units);
		json_add_text(json, "task", holding->task < 0 ? NULL :
			      mmref_sim_task_name(writer->sim, holding->task));
		cJSON_AddNumberToObject(json, "step", (double)holding->number);
		json_add_text(json, "operation", holding->operation);
		json_add_site(json, holding->site);
		cJSON_AddItemToArray(held, json);
	}
}

static void put_ending(struct json_writer *writer)
{
	const struct run_end *end = &writer->end;
	struct causes causes;
	cJSON *object;

	if (end->violated) {
		object = cJSON_CreateObject();
		json_add_text(object, "violation", mmref_violation_name(end->violation));
		json_add_text(object, "means", mmref_violation_means(end->violation));
		json_add_text(object, "why", end->why);
		if (end->violation == MMREF_LIVELOCK)
			cJSON_AddNumberToObject(object, "repeats_from", (double)end->loop + 1);
		json_add_text(object, "task", end->task < 0 ? NULL :
			      mmref_sim_task_name(writer->sim, end->task));
		json_add_site(object, end->site);
		if (end->page >= 0 && end->page < (int)writer->holders.nr_pages) {
			cJSON_AddItemToObject(object, "page",
					      json_page(&writer->holders.now[end->page]));
			add_holdings(object, writer, (unsigned int)end->page);
		}
		find_causes(&causes, end, &writer->holders, &writer->history);
		cJSON_AddItemToObject(object, "culprit", json_causes(&causes, writer->sim));
		put(writer, object);
	}
	for (unsigned int i = 0; i < end->nr_sleepers; i++) {
		object = cJSON_CreateObject();
		json_add_text(object, "asleep",
			      mmref_sim_task_name(writer->sim, end->sleeper[i].task));
		json_add_site(object, end->sleeper[i].site);
		put(writer, object);
	}
}

/* The world before the first step. */
static void put_scene(struct json_writer *writer)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddNumberToObject(object, "step", 0);
	json_world_add(object, &writer->world, writer->sim, &writer->holders);
	put(writer, object);
}

static void run_and_write(struct json_writer *writer, const struct mmref_schedule *schedule)
{
	struct mmref_observer observer = {
		.cookie = writer,
		.operation = on_operation,
		.step = on_step,
		.violation = on_violation,
		.asleep = on_asleep,
	};

	holders_begin(&writer->holders, writer->sim);
	history_begin(&writer->history, writer->sim);
	if (writer->sink->world)
		put_scene(writer);
	if (schedule)
		mmref_replay(writer->sim, schedule, &observer);
	else
		mmref_run_in_order(writer->sim, &observer);
	put_ending(writer);
}

enum mmref_violation json_run_to(const struct json_sink *sink, struct mmref_sim *sim,
				 const struct mmref_schedule *schedule)
{
	struct json_writer *writer = calloc(1, sizeof(*writer));
	enum mmref_violation violation;

	if (!writer)
		return MMREF_NONE;
	writer->sink = sink;
	writer->sim = sim;
	run_and_write(writer, schedule);
	violation = writer->end.violation;
	holders_end(&writer->holders);
	history_end(&writer->history);
	json_world_end(&writer->world);
	operations_free(&writer->operations);
	free(writer);
	return violation;
}

static void print_object(void *out, cJSON *object)
{
	json_line(out, object);
}

enum mmref_violation json_run(FILE *out, struct mmref_sim *sim,
			      const struct mmref_schedule *schedule)
{
	const struct json_sink sink = { .take = print_object, .cookie = out };

	return json_run_to(&sink, sim, schedule);
}
