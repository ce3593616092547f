/* SPDX-License-Identifier: MIT */
#include "explore/result.h"

#include <stdlib.h>
#include <string.h>

struct mmref_found *search_found(struct search *search, enum mmref_violation kind)
{
	struct mmref_result *result = search->result;
	struct mmref_found *found;
	unsigned int i = 0;

	while (i < result->nr_found && result->found[i].violation < kind)
		i++;
	if (i < result->nr_found && result->found[i].violation == kind)
		return &result->found[i];

	found = realloc(result->found, (result->nr_found + 1) * sizeof(*found));
	if (!found)
		return NULL;
	result->found = found;
	memmove(&found[i + 1], &found[i], (result->nr_found - i) * sizeof(*found));
	result->nr_found++;
	found[i] = (struct mmref_found){ .violation = kind, .page = -1 };
	return &found[i];
}

bool search_is_sooner(const struct mmref_found *found, const uint8_t *path, size_t length)
{
	const struct mmref_schedule *schedule = &found->schedule;

	if (!schedule->tasks || schedule->length != length)
		return !schedule->tasks || schedule->length > length;
	return length && memcmp(path, schedule->tasks, length) < 0;
}

bool search_note(struct search *search, struct mmref_found *found, const struct violation *v,
		 const uint8_t *path, size_t length)
{
	uint8_t *tasks = realloc(found->schedule.tasks, length + 1);

	if (!tasks)
		return false;
	if (length)
		memcpy(tasks, path, length);
	found->schedule.tasks = tasks;
	found->schedule.length = length;
	found->site = v->site;
	found->why = v->why;
	found->page = mmref_sim_page_of(search->sim, v->page);
	found->strategy = search->options->strategy;
	return true;
}

bool search_add_found(struct search *search, const struct violation *v, const uint8_t *path,
		      size_t length)
{
	struct mmref_found *found;

	if (!v->kind)
		return true;
	found = search_found(search, v->kind);
	if (!found)
		return false;
	return !search_is_sooner(found, path, length) ||
	       search_note(search, found, v, path, length);
}

void search_judge(struct mmref_result *result)
{
	result->violation = result->nr_found ? result->found[0].violation : MMREF_NONE;
	result->complete = !result->bounded_by;
	if (result->violation == MMREF_UNPLUG_HANGS)
		result->verdict = MMREF_HANGS;
	else if (result->violation)
		result->verdict = MMREF_VIOLATES;
	else
		result->verdict = result->bounded_by ? MMREF_BOUNDED : MMREF_HOLDS;
}

void mmref_result_free(struct mmref_result *result)
{
	if (!result)
		return;
	for (unsigned int i = 0; i < result->nr_found; i++)
		free(result->found[i].schedule.tasks);
	free(result->found);
	result->found = NULL;
	result->nr_found = 0;
}

const char *mmref_verdict_name(enum mmref_verdict verdict)
{
	static const char *const names[] = {
		[MMREF_HOLDS] = "holds",     [MMREF_VIOLATES] = "violates",
		[MMREF_HANGS] = "hangs",     [MMREF_BOUNDED] = "bounded",
		[MMREF_ERROR] = "error",
	};

	return names[verdict];
}

const char *mmref_strategy_name(enum mmref_strategy strategy)
{
	static const char *const names[MMREF_NR_STRATEGIES] = {
		[MMREF_STATES] = "states", [MMREF_DPOR] = "dpor",
		[MMREF_RANDOM] = "random", [MMREF_PCT] = "pct",
		[MMREF_POS] = "pos",	   [MMREF_SURW] = "surw",
		[MMREF_PORTFOLIO] = "portfolio",
	};

	return names[strategy];
}

bool mmref_strategy_is_random(enum mmref_strategy strategy)
{
	return strategy >= MMREF_RANDOM;
}
