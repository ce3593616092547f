/* SPDX-License-Identifier: MIT */
#include "enumerate.h"

#include <limits.h>
#include <string.h>

#define MAX_DEPTH	256

static int compare(const struct fingerprint *a, const struct fingerprint *b)
{
	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	return 0;
}

static bool add_final(struct endings *endings, struct fingerprint key)
{
	size_t i = 0;

	while (i < endings->nr && compare(&endings->final[i], &key) < 0)
		i++;
	if (i < endings->nr && !compare(&endings->final[i], &key))
		return true;
	if (endings->nr == MAX_FINALS)
		return false;
	memmove(&endings->final[i + 1], &endings->final[i],
		(endings->nr - i) * sizeof(endings->final[0]));
	endings->final[i] = key;
	endings->nr++;
	return true;
}

/* How often the run of @length steps left a task that could go on. */
static unsigned int count_preemptions(const uint8_t *choice, const unsigned int *enabled,
				      size_t length)
{
	unsigned int nr = 0;

	for (size_t i = 1; i < length; i++)
		nr += choice[i] != choice[i - 1] && enabled[i] & 1u << choice[i - 1];
	return nr;
}

/*
 * One run: along @choice as far as it goes, then the first task that can.
 * *@depth is how long it became, and @width[i] the tasks that may run at i.
 */
static bool run(struct mmref_sim *sim, unsigned int preemptions, uint8_t *choice,
		unsigned int *width, size_t *depth, struct endings *endings)
{
	unsigned int could[MAX_DEPTH];
	struct violation v;
	size_t i = 0;
	int task;

	sim_reset(sim);
	for (;; i++) {
		unsigned int enabled = sim_enabled(sim);

		if (!enabled)
			break;
		if (i == MAX_DEPTH)
			return false;
		could[i] = enabled;
		if (i && enabled & 1u << choice[i - 1] && enabled & (enabled - 1) &&
		    count_preemptions(choice, could, i) == preemptions) {
			endings->held_back = true;
			enabled = 1u << choice[i - 1];
		}
		if (i >= *depth)
			choice[i] = __builtin_ctz(enabled);
		width[i] = enabled;
		sim_step(sim, choice[i]);
		endings->kinds |= 1u << sim->warning.kind | 1u << sim->fatal.kind;
		if (sim->fatal.kind) {
			*depth = i + 1;
			return true;
		}
	}
	*depth = i;
	if (sim_ends_badly(sim, &v, &task)) {
		endings->kinds |= 1u << v.kind;
		return true;
	}
	return add_final(endings, snapshot_fingerprint(sim));
}

/* The next run in the order of their choices; false after the last. */
static bool advance(uint8_t *choice, const unsigned int *width, size_t *depth)
{
	while (*depth) {
		size_t last = *depth - 1;
		unsigned int later = width[last] & ~((2u << choice[last]) - 1);

		if (later) {
			choice[last] = __builtin_ctz(later);
			return true;
		}
		(*depth)--;
	}
	return false;
}

bool enumerate(struct mmref_sim *sim, uint64_t most, struct endings *endings)
{
	return enumerate_few(sim, most, UINT_MAX, endings);
}

bool enumerate_few(struct mmref_sim *sim, uint64_t most, unsigned int preemptions,
		   struct endings *endings)
{
	uint8_t choice[MAX_DEPTH];
	unsigned int width[MAX_DEPTH];
	size_t depth = 0;

	memset(endings, 0, sizeof(*endings));
	if (!sim_start(sim))
		return false;
	do {
		if (endings->executions++ == most || !run(sim, preemptions, choice, width, &depth, endings))
			return false;
	} while (advance(choice, width, &depth));
	endings->kinds &= ~1u;
	return true;
}

static void at_end(void *cookie, struct mmref_sim *sim)
{
	add_final(cookie, snapshot_fingerprint(sim));
}

/* What the search finds goes on top of what @endings have. */
static bool add_endings(struct mmref_sim *sim, const struct mmref_options *options,
			struct endings *endings)
{
	struct mmref_result result;
	struct search search = {
		.sim = sim,
		.options = options,
		.result = &result,
		.at_end = at_end,
		.cookie = endings,
		.prefixes = 2,
	};
	bool ok = !search_run(&search);

	endings->held_back = result.bounded_by && !strcmp(result.bounded_by, "preemptions");
	ok = ok && (result.complete || endings->held_back ||
		    (options->shards && !strcmp(result.bounded_by, "shard")));

	for (unsigned int i = 0; i < result.nr_found; i++)
		endings->kinds |= 1u << result.found[i].violation;
	endings->executions += result.executions;
	endings->dealt += result.prefixes != 0;
	endings->error = result.error;
	mmref_result_free(&result);
	return ok;
}

bool search_endings(struct mmref_sim *sim, const struct mmref_options *options,
		    struct endings *endings)
{
	memset(endings, 0, sizeof(*endings));
	return add_endings(sim, options, endings);
}

bool shards_endings(struct mmref_sim *sim, const struct mmref_options *options, unsigned int most,
		    struct endings *endings)
{
	struct mmref_options part = *options;
	bool ok = true;

	memset(endings, 0, sizeof(*endings));
	for (part.shard = 1; ok && part.shard <= most; part.shard++)
		ok = add_endings(sim, &part, endings);
	return ok;
}

bool same_endings(const struct endings *a, const struct endings *b)
{
	return a->kinds == b->kinds && a->nr == b->nr && a->held_back == b->held_back &&
	       !memcmp(a->final, b->final, a->nr * sizeof(a->final[0]));
}
