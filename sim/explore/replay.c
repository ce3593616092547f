/* SPDX-License-Identifier: MIT */
/* Single runs: along a schedule, or each thread to its end in turn. */
#include "sched/sim.h"

#include <string.h>

/* What @v says, as an observer is told it. */
static void tell_violation(struct mmref_sim *sim, const struct violation *v, int task)
{
	struct mmref_found found = {
		.violation = v->kind,
		.site = v->site,
		.why = v->why,
		.page = mmref_sim_page_of(sim, v->page),
	};

	if (v->kind && sim->observer->violation)
		sim->observer->violation(sim->observer->cookie, task, &found);
}

/* Take a step and tell of it; false when it ended the run. */
static bool step_and_tell(struct mmref_sim *sim, int task, size_t number)
{
	struct mmref_step step = sim->fiber[task]->pending;

	sim_step(sim, task);
	if (sim->observer->step)
		sim->observer->step(sim->observer->cookie, number, task, &step);
	tell_violation(sim, &sim->warning, task);
	tell_violation(sim, &sim->fatal, task);
	return !sim->fatal.kind;
}

static void tell_sleepers(struct mmref_sim *sim)
{
	for (int i = 0; i < sim->nr_fibers && sim->observer->asleep; i++) {
		const struct task *task = &sim->fiber[i]->task;

		if (task->asleep && !task->kthread)
			sim->observer->asleep(sim->observer->cookie, i, task->asleep);
	}
}

static void tell_end(struct mmref_sim *sim)
{
	struct violation v;
	int task;

	if (sim_enabled(sim))
		return;
	tell_sleepers(sim);
	if (sim_ends_badly(sim, &v, &task))
		tell_violation(sim, &v, task);
}

static bool begin(struct mmref_sim *sim, const struct mmref_observer *observer)
{
	static const struct mmref_observer nobody;

	if (!sim_start(sim))
		return false;
	sim->observer = observer ? observer : &nobody;
	sim_reset(sim);
	return true;
}

static void end(struct mmref_sim *sim)
{
	sim->observer = NULL;
	current_task = &sim->setting;
}

size_t mmref_replay(struct mmref_sim *sim, const struct mmref_schedule *schedule,
		    const struct mmref_observer *observer)
{
	size_t taken = 0;
	bool goes_on = true;

	if (!begin(sim, observer))
		return 0;
	tell_violation(sim, &sim->fatal, -1);
	goes_on = !sim->fatal.kind;
	while (goes_on && taken < schedule->length) {
		int task = schedule->tasks[taken];

		if (task >= sim->nr_fibers || !(sim_enabled(sim) & 1u << task))
			break;
		goes_on = step_and_tell(sim, task, ++taken);
	}
	if (goes_on && taken == schedule->length)
		tell_end(sim);
	end(sim);
	return taken;
}

/* The first thread that has begun and can go on, else the next to begin, else a kernel thread. */
static int next_in_order(struct mmref_sim *sim)
{
	unsigned int enabled = sim_enabled(sim);

	return enabled ? __builtin_ctz(enabled) : -1;
}

size_t mmref_run_in_order(struct mmref_sim *sim, const struct mmref_observer *observer)
{
	size_t taken = 0;
	bool goes_on = true;
	int task;

	if (!begin(sim, observer))
		return 0;
	tell_violation(sim, &sim->fatal, -1);
	goes_on = !sim->fatal.kind;
	while (goes_on && (task = next_in_order(sim)) >= 0)
		goes_on = step_and_tell(sim, task, ++taken);
	if (goes_on)
		tell_end(sim);
	end(sim);
	return taken;
}
