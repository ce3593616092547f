/* SPDX-License-Identifier: MIT */
#include "explore/determinism.h"

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

static bool takes_twice(struct mmref_sim *sim, int task)
{
	struct outcome first;

	sim_step(sim, task);
	first = outcome_of(sim);
	memory_undo(sim);
	sim_step(sim, task);
	return same(first, outcome_of(sim));
}

bool search_step(struct search *search, int task)
{
	const struct mmref_site *site = search->sim->fiber[task]->pending.site;

	if (!search->options->check_determinism) {
		sim_step(search->sim, task);
		return true;
	}
	if (takes_twice(search->sim, task))
		return true;
	search->result->error = "a step leads elsewhere when it is taken again";
	search->result->error_site = site;
	return false;
}

bool search_begin(struct search *search)
{
	struct outcome first;

	sim_reset(search->sim);
	if (!search->options->check_determinism)
		return true;
	first = outcome_of(search->sim);
	sim_reset(search->sim);
	if (same(first, outcome_of(search->sim)))
		return true;
	search->result->error = "the threads begin elsewhere when they begin again";
	return false;
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
	search->result->error = "a step touches, or is touched by, what was not announced";
	search->result->error_site = site;
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
