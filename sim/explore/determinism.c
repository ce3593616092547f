/* SPDX-License-Identifier: MIT */
/*
 * Does a step lead to one state, whenever it is taken? What does not lie in the
 * world or on its stack (a static, what malloc() gave) is not taken back.
 */
#include "explore/search.h"

struct outcome {
	struct state_key key;
	enum mmref_violation warning, fatal;
};

static struct outcome outcome_of(const struct mmref_sim *sim)
{
	return (struct outcome){
		.key = memory_key(sim), .warning = sim->warning.kind, .fatal = sim->fatal.kind,
	};
}

static bool same(struct outcome a, struct outcome b)
{
	return a.key.low == b.key.low && a.key.high == b.key.high && a.warning == b.warning &&
	       a.fatal == b.fatal;
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
