/* SPDX-License-Identifier: MIT */
#define XXH_INLINE_ALL
#include "report/shard.h"

#include "report/json.h"
#include "report/schedule.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

void shard_digest(const struct mmref_program *program, char digest[SHARD_DIGEST])
{
	const char *text = program->text ? program->text : "";

	snprintf(digest, SHARD_DIGEST, "%016" PRIx64, (uint64_t)XXH3_64bits(text, strlen(text)));
}

/* --- writing ------------------------------------------------------------------ */

cJSON *json_schedule(enum mmref_violation violation, size_t steps, const char *schedule)
{
	cJSON *object = cJSON_CreateObject();

	json_add_text(object, "violation", mmref_violation_name(violation));
	cJSON_AddNumberToObject(object, "steps", (double)steps);
	json_add_text(object, "schedule", schedule);
	return object;
}

static cJSON *json_found(const struct verdict *verdict, const struct mmref_found *found,
			 struct mmref_sim *sim)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	cJSON *object;

	if (out) {
		schedule_write(out, verdict->program->file, verdict->rules->name, sim,
			       &found->schedule);
		if (ferror(out) | fclose(out) || !text) {
			free(text);
			return NULL;
		}
	}
	object = json_schedule(found->violation, found->schedule.length, text);
	free(text);
	return object;
}

/* What else was asked for that changes what is explored, in the words of the command line. */
static void put_options(cJSON *shard, const struct mmref_options *options)
{
	char text[192];

	snprintf(text, sizeof(text), "%s%s--seed %" PRIu64 " --runs %" PRIu64 " --depth %u --focus %d:%lu",
		 options->no_symmetry ? "--no-symmetry " : "",
		 options->no_livelocks ? "--no-livelocks " : "", options->seed, options->runs,
		 options->depth, (int)options->focus.object, options->focus.number);
	json_add_text(shard, "options", text);
}

cJSON *json_shard(const struct verdict *verdict, const struct mmref_options *options,
		  struct mmref_sim *sim, const char *version)
{
	const struct mmref_result *result = &verdict->result;
	cJSON *object = json_verdict(verdict), *shard, *schedules;
	char digest[SHARD_DIGEST];

	/* a part is not held against what is expected of the whole */
	cJSON_ReplaceItemInObject(object, "expected", cJSON_CreateNull());
	shard_digest(verdict->program, digest);
	shard = cJSON_AddObjectToObject(object, "shard");
	cJSON_AddNumberToObject(shard, "number", options->shard);
	cJSON_AddNumberToObject(shard, "of", options->shards);
	json_add_text(shard, "strategy", mmref_strategy_name(options->strategy));
	cJSON_AddBoolToObject(shard, "commuting", options->commuting);
	put_options(shard, options);
	cJSON_AddNumberToObject(shard, "prefixes", (double)result->prefixes);
	cJSON_AddNumberToObject(shard, "prefix_length", result->prefix_length);
	json_add_text(shard, "digest", digest);
	json_add_text(shard, "version", version);
	schedules = cJSON_AddArrayToObject(object, "schedules");
	for (unsigned int i = 0; sim && i < result->nr_found; i++) {
		cJSON *found = json_found(verdict, &result->found[i], sim);

		if (!found) {
			cJSON_Delete(object);
			return NULL;
		}
		cJSON_AddItemToArray(schedules, found);
	}
	return object;
}

/* --- reading ------------------------------------------------------------------- */

static bool read_text(const cJSON *object, const char *name, const char **text)
{
	*text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));
	return *text;
}

static bool read_number(const cJSON *object, const char *name, double most, double *number)
{
	const cJSON *item = cJSON_GetObjectItem(object, name);

	*number = cJSON_IsNumber(item) ? item->valuedouble : -1;
	return *number >= 0 && *number <= most;
}

static bool read_count(const cJSON *object, const char *name, uint64_t *count)
{
	double number;
	bool good = read_number(object, name, 0x1p53, &number);

	*count = good ? (uint64_t)number : 0;
	return good;
}

static bool read_small(const cJSON *object, const char *name, unsigned int *count)
{
	uint64_t number;
	bool good = read_count(object, name, &number) && number <= UINT32_MAX;

	*count = (unsigned int)number;
	return good;
}

static bool read_schedule(struct shard_result *shard, const cJSON *item)
{
	const char *name, *text;
	uint64_t steps;
	enum mmref_violation kind;

	if (!read_text(item, "violation", &name) || !read_text(item, "schedule", &text) ||
	    !read_count(item, "steps", &steps))
		return false;
	kind = mmref_violation_find(name);
	shard->schedule[kind] = text;
	shard->length[kind] = steps;
	return kind != MMREF_NONE;
}

static bool read_schedules(struct shard_result *shard)
{
	const cJSON *schedules = cJSON_GetObjectItem(shard->json, "schedules"), *item;
	bool good = cJSON_IsArray(schedules);

	cJSON_ArrayForEach(item, schedules) good &= read_schedule(shard, item);
	return good;
}

static bool read_what_of(struct shard_result *shard)
{
	const cJSON *what = cJSON_GetObjectItem(shard->json, "shard");

	shard->commuting = cJSON_IsTrue(cJSON_GetObjectItem(what, "commuting"));
	return read_text(shard->json, "file", &shard->file) &&
	       read_text(shard->json, "rules", &shard->rules) &&
	       read_text(what, "strategy", &shard->strategy) &&
	       read_text(what, "options", &shard->options) &&
	       read_text(what, "digest", &shard->digest) &&
	       read_text(what, "version", &shard->version) &&
	       read_small(what, "number", &shard->number) && read_small(what, "of", &shard->of) &&
	       read_count(what, "prefixes", &shard->prefixes) &&
	       read_small(what, "prefix_length", &shard->prefix_length) && shard->number >= 1 &&
	       shard->number <= shard->of && shard->of <= MMREF_MAX_SHARDS;
}

static bool read_result(struct shard_result *shard)
{
	const cJSON *json = shard->json;
	const char *verdict;

	read_text(json, "error", &shard->error);
	read_text(json, "bounded_by", &shard->bounded_by);
	if (!read_text(json, "verdict", &verdict))
		return false;
	if (!strcmp(verdict, mmref_verdict_name(MMREF_ERROR)))
		shard->verdict = MMREF_ERROR;
	return read_count(json, "states", &shard->states) &&
	       read_count(json, "steps", &shard->steps) &&
	       read_count(json, "executions", &shard->executions) &&
	       read_count(json, "max_rss_kb", &shard->max_rss_kb) &&
	       read_number(json, "seconds", 0x1p53, &shard->seconds) &&
	       (shard->verdict == MMREF_ERROR || shard->bounded_by);
}

bool shard_read(struct shard_result *shard, const char *line)
{
	*shard = (struct shard_result){ .json = cJSON_Parse(line) };
	return cJSON_IsObject(shard->json) && read_what_of(shard) && read_result(shard) &&
	       read_schedules(shard);
}

void shard_free(struct shard_result *shard)
{
	cJSON_Delete(shard->json);
	shard->json = NULL;
}
