/* SPDX-License-Identifier: MIT */
#include "explore/run.h"

bool search_steps_on(struct mmref_sim *sim, unsigned int task)
{
	if (sim->fatal.kind || task >= (unsigned int)sim->nr_fibers ||
	    !(sim_enabled(sim) & 1u << task))
		return false;
	sim_step(sim, task);
	return true;
}

/* Is the current state, or the step into it, a violation of @kind? */
static bool violates(struct mmref_sim *sim, enum mmref_violation kind, struct violation *v)
{
	int task;

	*v = sim->warning;
	if (v->kind == kind)
		return true;
	*v = sim->fatal;
	if (!v->kind && !sim_enabled(sim))
		sim_ends_badly(sim, v, &task);
	return v->kind == kind;
}

bool search_run_shows(struct mmref_sim *sim, const uint8_t *tasks, size_t length,
		      enum mmref_violation kind, struct violation *v)
{
	sim_reset(sim);
	for (size_t i = 0; i < length; i++)
		if (!search_steps_on(sim, tasks[i]))
			return false;
	return violates(sim, kind, v);
}
