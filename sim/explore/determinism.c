/* SPDX-License-Identifier: MIT */
#include "explore/determinism.h"

#include <string.h>

#include "explore/entered.h"
#include "explore/fault.h"
#include "explore/limits.h"

#define WALKS		4	/* before a search that takes no sample of its own */
#define WALK_STEPS	128	/* at most */
#define EACH_SITE	4	/* steps of a site that are taken twice for certain */
#define OTHERS		32	/* one of so many others */

struct outcome {
	struct fingerprint fp;
	enum mmref_violation warning, fatal;
};

static struct outcome outcome_of(const struct mmref_sim *sim)
{
	return (struct outcome){
		.fp = memory_fingerprint(sim),
		.warning = sim->warning.kind,
		.fatal = sim->fatal.kind,
	};
}

static bool same(struct outcome a, struct outcome b)
{
	return fingerprint_equal(a.fp, b.fp) && a.warning == b.warning && a.fatal == b.fatal;
}

/* False if the second time leads elsewhere. A crash is left for the caller to report. */
static bool takes_twice(struct mmref_sim *sim, int task)
{
	struct outcome first;

	sim_step(sim, task);
	if (sim->fault.end.reason)
		return true;
	first = outcome_of(sim);
	memory_undo(sim);
	sim_step(sim, task);
	return sim->fault.end.reason || same(first, outcome_of(sim));
}

static bool is_foreign(const struct search *search)
{
	return search->sim->foreign_rules || search->sim->foreign_bodies;
}

/* Knuth's linear congruential generator; the high bits are the random ones. */
static unsigned int draw(struct search *search, unsigned int below)
{
	uint64_t *state = &search->sample.generator;

	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (*state >> 33) % below;
}

static bool is_sampled(struct search *search, int task, const struct mmref_site *site)
{
	struct sample *sample = &search->sample;
	size_t i = ((uintptr_t)site / sizeof(*site) * ARENA_STACKS + task) % sizeof(sample->taken);

	if (search->options->check_determinism)
		return true;
	if (!is_foreign(search))
		return false;
	if (sample->all || sample->taken[i] >= EACH_SITE)
		return sample->all || !draw(search, OTHERS);
	sample->taken[i]++;
	return true;
}

/* The step of @task that was just taken is wrong, as @error says. */
static void tell(struct search *search, int task, const struct mmref_site *site, const char *error)
{
	struct sim_fault fault = { .end.reason = GUARD_DIFFERS, .task = task, .site = site };

	memory_undo(search->sim);
	entered_by_step(search->sim, task, fault.functions, sizeof(fault.functions));
	search->result->error = error;
	search->sim->fault = fault;
}

/* Take the step once, and twice where a rule file has written to a static variable. */
static bool step_unsampled(struct search *search, int task)
{
	struct sample *sample = &search->sample;

	sim_step(search->sim, task);
	if (!sample->statics.nr || sample->all || !statics_changed(&sample->statics))
		return true;
	sample->all = true;
	memory_undo(search->sim);
	return takes_twice(search->sim, task);
}

bool search_step(struct search *search, int task)
{
	const struct mmref_site *site = search->sim->fiber[task]->pending.site;
	bool same_again = is_sampled(search, task, site) ? takes_twice(search->sim, task) :
							   step_unsampled(search, task);

	if (!same_again)
		tell(search, task, site, "a step leads elsewhere when it is taken again");
	return same_again;
}

static bool begins_again(struct search *search)
{
	struct outcome first;

	sim_reset(search->sim);
	first = outcome_of(search->sim);
	sim_reset(search->sim);
	if (search->sim->fault.end.reason || same(first, outcome_of(search->sim)))
		return true;
	search->result->error = "the threads begin elsewhere when they begin again";
	return false;
}

bool search_begin(struct search *search)
{
	if (search->options->check_determinism)
		return begins_again(search);
	sim_reset(search->sim);
	return true;
}

static int pick(struct search *search, unsigned int enabled)
{
	unsigned int skip = draw(search, __builtin_popcount(enabled));

	while (skip--)
		enabled &= enabled - 1;
	return __builtin_ctz(enabled);
}

static bool walk(struct search *search)
{
	struct mmref_sim *sim = search->sim;
	unsigned int enabled;

	sim_reset(sim);
	if (search_went_wrong(search, 0))
		return false;
	for (size_t step = 1; step <= WALK_STEPS && !sim->fatal.kind; step++) {
		bool good;

		enabled = sim_enabled(sim);
		if (!enabled || search_time_is_up(search))
			return true;
		good = search_step(search, pick(search, enabled));
		if (search_went_wrong(search, step) || !good)
			return false;
	}
	return true;
}

bool search_sample(struct search *search)
{
	struct sample *sample = &search->sample;
	int walks = search->options->strategy == MMREF_STATES ? 1 : WALKS;
	bool symmetry = search->sim->memory.symmetry.on, good;

	if (!is_foreign(search))
		return true;
	sample->generator = search->options->seed ? search->options->seed : 1;
	statics_begin(&sample->statics, search->sim);
	search->sim->memory.symmetry.on = false;
	good = begins_again(search);
	sample->all = true;
	for (int i = 0; good && i < walks; i++)
		good = walk(search);
	sample->all = statics_changed(&sample->statics);
	search->sim->memory.symmetry.on = symmetry;
	return good;
}

void search_sample_end(struct search *search)
{
	statics_end(&search->sample.statics);
}

/* Is the current state finished, or does it end its run in a violation that is already noted? */
static bool is_known(const struct search *search, const struct path *path)
{
	const struct mmref_result *result = search->result;
	struct fingerprint fp = memory_fingerprint(search->sim);

	for (unsigned int i = 0; i < result->nr_found; i++)
		if (search->sim->fatal.kind == result->found[i].violation)
			return true;
	return visited_has(&search->visited, fp) && !path_has(path, fp);
}

static bool leads_to_known(struct search *search, const struct path *path, int task)
{
	const struct mmref_site *site = search->sim->fiber[task]->pending.site;
	bool known;

	if (!search_step(search, task))
		return false;
	known = is_known(search, path);
	memory_undo(search->sim);
	if (known)
		return true;
	sim_step(search->sim, task);
	tell(search, task, site, "a step touches, or is touched by, what was not announced");
	return false;
}

bool search_check_left_out(struct search *search, const struct path *path, unsigned int left_out)
{
	bool right = true;

	if (!search->options->check_determinism)
		return true;
	for (; left_out && right; left_out &= left_out - 1)
		right = leads_to_known(search, path, __builtin_ctz(left_out));
	return right;
}
