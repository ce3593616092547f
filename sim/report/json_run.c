/* SPDX-License-Identifier: MIT */
#include "report/culprit.h"
#include "report/ending.h"
#include "report/json.h"
#include "report/json_world.h"
#include "report/lanes.h"
#include "report/operations.h"
#include "report/outcome.h"

#include <stdlib.h>

struct json_told {
	const struct json_sink *sink;
	struct mmref_sim *sim;
	size_t steps;
	struct json_world world;
	struct operations operations;
	struct holders holders;
	struct history history;
	struct ending ending;
};

static void tell(struct json_told *told, cJSON *object)
{
	told->sink->take(told->sink->cookie, object);
}

static void on_operation(void *cookie, int task, const char *operation,
			 const struct mmref_outcome *outcome)
{
	struct json_told *told = cookie;

	operations_note(&told->operations, task, operation, outcome);
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

/* What the task ended and began once the step was made. */
static void add_operations(cJSON *object, struct json_told *told, int task)
{
	struct operation_event event;
	cJSON *then = NULL;

	while (operations_next(&told->operations, task, &event)) {
		if (!then)
			then = cJSON_AddArrayToObject(object, "then");
		cJSON_AddItemToArray(then, json_event(&event));
	}
}

/* All of the world that the step changed. */
static void add_world(cJSON *object, struct json_told *told, int task)
{
	cJSON_AddNumberToObject(object, "lane", task);
	json_world_add(object, &told->world, told->sim, &told->holders);
}

static void on_step(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct json_told *told = cookie;
	const char *operation = operations_of_step(&told->operations, task);
	int page = mmref_sim_page_of(told->sim, step->object);
	cJSON *object = cJSON_CreateObject();
	char described[96] = "";

	holders_step(&told->holders, told->sim, number, task, step->site, operation);
	history_step(&told->history, task, step, operation);
	if (step->object)
		mmref_sim_describe(told->sim, step->object, described, sizeof(described));

	cJSON_AddNumberToObject(object, "step", (double)number);
	json_add_text(object, "task", mmref_sim_task_name(told->sim, task));
	json_add_text(object, "operation", operation);
	json_add_text(object, "verb", step->site->verb);
	json_add_text(object, "object", described);
	json_add_site(object, step->site);
	if (page >= 0 && page < (int)told->holders.nr_pages)
		cJSON_AddItemToObject(object, "page", json_page(&told->holders.now[page]));
	add_operations(object, told, task);
	if (told->sink->world)
		add_world(object, told, task);
	told->steps = number;
	tell(told, object);
}

/* That it shows, and when; of several, the end of the run tells the gravest. */
static void tell_showing(struct json_told *told, int task, const struct mmref_found *found)
{
	cJSON *object = cJSON_CreateObject();

	json_add_text(object, "shows", mmref_violation_name(found->violation));
	cJSON_AddNumberToObject(object, "after", (double)told->steps);
	cJSON_AddNumberToObject(object, "lane", task);
	tell(told, object);
}

static void on_violation(void *cookie, int task, const struct mmref_found *found)
{
	struct json_told *told = cookie;

	ending_violation(&told->ending, task, found);
	history_violation(&told->history, found->violation);
	if (told->sink->world)
		tell_showing(told, task, found);
}

static void on_asleep(void *cookie, int task, const struct mmref_site *site)
{
	struct json_told *told = cookie;

	ending_asleep(&told->ending, task, site);
}

static void add_holdings(cJSON *object, const struct json_told *told, unsigned int page)
{
	const struct holders *holders = &told->holders;
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
			      mmref_sim_task_name(told->sim, holding->task));
		cJSON_AddNumberToObject(json, "step", (double)holding->number);
		json_add_text(json, "operation", holding->operation);
		json_add_site(json, holding->site);
		cJSON_AddItemToArray(held, json);
	}
}

static void print_json_ending(struct json_told *told)
{
	const struct ending *ending = &told->ending;
	struct culprits culprits;
	cJSON *object;

	if (ending->violated) {
		object = cJSON_CreateObject();
		json_add_text(object, "violation", mmref_violation_name(ending->violation));
		json_add_text(object, "means", mmref_violation_means(ending->violation));
		json_add_text(object, "why", ending->why);
		if (ending->violation == MMREF_LIVELOCK)
			cJSON_AddNumberToObject(object, "repeats_from", (double)ending->loop + 1);
		json_add_text(object, "task", ending->task < 0 ? NULL :
			      mmref_sim_task_name(told->sim, ending->task));
		json_add_site(object, ending->site);
		if (ending->page >= 0 && ending->page < (int)told->holders.nr_pages) {
			cJSON_AddItemToObject(object, "page",
					      json_page(&told->holders.now[ending->page]));
			add_holdings(object, told, (unsigned int)ending->page);
		}
		find_culprits(&culprits, ending, &told->holders, &told->history);
		cJSON_AddItemToObject(object, "culprit", json_culprits(&culprits, told->sim));
		tell(told, object);
	}
	for (unsigned int i = 0; i < ending->nr_sleepers; i++) {
		object = cJSON_CreateObject();
		json_add_text(object, "asleep",
			      mmref_sim_task_name(told->sim, ending->sleeper[i].task));
		json_add_site(object, ending->sleeper[i].site);
		tell(told, object);
	}
}

/* Before the first step. */
static void tell_scene(struct json_told *told)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddNumberToObject(object, "step", 0);
	json_world_add(object, &told->world, told->sim, &told->holders);
	tell(told, object);
}

static void run_and_tell(struct json_told *told, const struct mmref_schedule *schedule)
{
	struct mmref_observer observer = {
		.cookie = told,
		.operation = on_operation,
		.step = on_step,
		.violation = on_violation,
		.asleep = on_asleep,
	};

	holders_begin(&told->holders, told->sim);
	history_begin(&told->history, told->sim);
	if (told->sink->world)
		tell_scene(told);
	if (schedule)
		mmref_replay(told->sim, schedule, &observer);
	else
		mmref_run_in_order(told->sim, &observer);
	print_json_ending(told);
}

enum mmref_violation json_run_to(const struct json_sink *sink, struct mmref_sim *sim,
				 const struct mmref_schedule *schedule)
{
	struct json_told *told = calloc(1, sizeof(*told));
	enum mmref_violation violation;

	if (!told)
		return MMREF_NONE;
	told->sink = sink;
	told->sim = sim;
	run_and_tell(told, schedule);
	violation = told->ending.violation;
	holders_end(&told->holders);
	history_end(&told->history);
	json_world_end(&told->world);
	operations_free(&told->operations);
	free(told);
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
