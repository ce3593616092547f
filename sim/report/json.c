/* SPDX-License-Identifier: MIT */
#include "report/json.h"

#include "report/text.h"
#include "script/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void json_line(FILE *out, cJSON *object)
{
	char *text = cJSON_PrintUnformatted(object);

	if (!text)
		no_memory_to_print();
	fprintf(out, "%s\n", text);
	fflush(out);
	cJSON_free(text);
	cJSON_Delete(object);
}

/* File names are bytes; JSON is UTF-8. */
void json_add_text(cJSON *object, const char *name, const char *text)
{
	char *clean = text ? strdup(text) : NULL;

	if (!clean) {
		cJSON_AddNullToObject(object, name);
		return;
	}
	for (size_t i = 0; clean[i];) {
		size_t length = utf8_length((unsigned char *)clean + i);

		if (!length)
			clean[i++] = '?';
		i += length;
	}
	cJSON_AddStringToObject(object, name, clean);
	free(clean);
}

void json_add_site(cJSON *object, const struct mmref_site *site)
{
	if (!site)
		return;
	json_add_text(object, "function", mmref_site_function(site));
	json_add_text(object, "source", source_path(site->file));
	cJSON_AddNumberToObject(object, "line", site->line);
}

/* All kinds that were found, gravest first. */
static void add_violations(cJSON *object, const struct mmref_result *result)
{
	cJSON *violations = cJSON_AddArrayToObject(object, "violations");

	for (unsigned int i = 0; i < result->nr_found; i++) {
		const char *name = mmref_violation_name(result->found[i].violation);

		cJSON_AddItemToArray(violations, cJSON_CreateString(name));
	}
}

/* With what the same runs are drawn again; a seed may be more than a double can hold. */
static void add_seed(cJSON *object, const struct mmref_result *result)
{
	char digits[24];

	if (!result->seed)
		return;
	snprintf(digits, sizeof(digits), "%" PRIu64, result->seed);
	json_add_text(object, "strategy", mmref_strategy_name(result->strategy));
	cJSON_AddRawToObject(object, "seed", digits);
}

cJSON *json_verdict(const struct verdict *verdict)
{
	const struct mmref_result *result = &verdict->result;
	bool found = result->verdict == MMREF_VIOLATES || result->verdict == MMREF_HANGS;
	cJSON *object = cJSON_CreateObject();

	json_add_text(object, "scenario", verdict->program->name);
	json_add_text(object, "file", verdict->program->file);
	json_add_text(object, "rules", verdict->rules->name);
	json_add_text(object, "verdict", mmref_verdict_name(result->verdict));
	json_add_text(object, "violation", found ? mmref_violation_name(result->violation) : NULL);
	add_violations(object, result);
	json_add_text(object, "found_by", found && result->nr_found ?
		      mmref_strategy_name(result->found[0].strategy) : NULL);
	cJSON_AddBoolToObject(object, "expected", judge_verdict(verdict) == AS_EXPECTED);
	cJSON_AddBoolToObject(object, "complete", result->complete);
	json_add_text(object, "bounded_by", result->complete ? NULL : result->bounded_by);
	json_add_text(object, "error", result->verdict == MMREF_ERROR ? result->error : NULL);
	add_seed(object, result);
	cJSON_AddNumberToObject(object, "states", (double)result->states);
	cJSON_AddNumberToObject(object, "steps", (double)result->steps);
	cJSON_AddNumberToObject(object, "executions", (double)result->executions);
	cJSON_AddNumberToObject(object, "collision", result->collision);
	cJSON_AddNumberToObject(object, "seconds", result->seconds);
	cJSON_AddNumberToObject(object, "max_rss_kb", (double)result->max_rss_kb);
	if (verdict->shards) {
		cJSON_AddBoolToObject(object, "sum", true);
		cJSON_AddNumberToObject(object, "shards", verdict->shards);
	}
	return object;
}

cJSON *json_page(const struct mmref_page *page)
{
	cJSON *object = cJSON_CreateObject(), *held;

	cJSON_AddNumberToObject(object, "pfn", (double)page->pfn);
	cJSON_AddBoolToObject(object, "present", page->present);
	cJSON_AddNumberToObject(object, "refcount", page->refcount);
	cJSON_AddNumberToObject(object, "mapcount", page->mapcount);
	cJSON_AddNumberToObject(object, "ptes", page->mapped);
	held = cJSON_AddObjectToObject(object, "held");
	for (int i = 0; i < MMREF_NR_HOLDERS; i++)
		if (page->held[i])
			cJSON_AddNumberToObject(held, mmref_holder_name((enum mmref_holder)i),
						page->held[i]);
	return object;
}
