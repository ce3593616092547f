/* SPDX-License-Identifier: MIT */
#include "report/page.h"

#include "explore/whole_file.h"
#include "report/json.h"

#include <errno.h>
#include <string.h>

/* cmake/page.cmake: html/page.html with all but the runs. */
extern const char page_html[];

static const char runs_go_here[] = "@RUNS@";

static void add_event(void *events, cJSON *event)
{
	cJSON_AddItemToArray(events, event);
}

static void add_tasks(cJSON *run, struct mmref_sim *sim)
{
	cJSON *tasks = cJSON_AddArrayToObject(run, "tasks");

	for (unsigned int i = 0; i < mmref_sim_nr_tasks(sim); i++)
		cJSON_AddItemToArray(tasks, cJSON_CreateString(mmref_sim_task_name(sim, (int)i)));
}

cJSON *page_run(const struct verdict *verdict, struct mmref_sim *sim,
		const struct mmref_schedule *schedule)
{
	cJSON *run = json_verdict(verdict);
	const struct json_sink sink = {
		.take = add_event,
		.cookie = cJSON_CreateArray(),
		.world = true,
	};

	/* The same run is the same file. */
	cJSON_DeleteItemFromObject(run, "seconds");
	cJSON_DeleteItemFromObject(run, "max_rss_kb");
	json_add_text(run, "story", verdict->program->story);
	json_run_to(&sink, sim, schedule);
	cJSON_AddItemToObject(run, "events", sink.cookie);
	add_tasks(run, sim);
	return run;
}

/* No text in @json can end the element that it stands in. */
static void write_json(FILE *out, const char *json)
{
	for (; *json; json++) {
		if (*json == '<')
			fputs("\\u003c", out);
		else
			fputc(*json, out);
	}
}

static bool write_page(FILE *out, const char *json)
{
	const char *hole = strstr(page_html, runs_go_here);

	fwrite(page_html, 1, (size_t)(hole - page_html), out);
	write_json(out, json);
	fputs(hole + strlen(runs_go_here), out);
	return !ferror(out);
}

bool page_save(const char *file, cJSON *runs, cJSON *difference)
{
	cJSON *page = cJSON_CreateObject();
	char *json;
	struct whole_file whole;
	bool written;

	cJSON_AddItemToObject(page, "runs", runs);
	cJSON_AddItemToObject(page, "difference", difference ? difference : cJSON_CreateNull());
	json = cJSON_PrintUnformatted(page);
	cJSON_Delete(page);
	if (!json)
		errno = ENOMEM;
	written = json && whole_file_begin(&whole, file);
	if (written)
		written = whole_file_end(&whole, write_page(whole.out, json));
	cJSON_free(json);
	return written;
}
