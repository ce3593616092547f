/* SPDX-License-Identifier: MIT */
/* Single runs with an observer: along a schedule, or one thread after another. */
#include <stdlib.h>
#include <string.h>

#include "explore/liveness.h"

/* The states of a run, from the root on. */
struct trace {
	struct {
		struct fingerprint fp;
		unsigned int enabled;
	} *state;
	const struct mmref_schedule *schedule;
};

static void trace_state(struct trace *trace, const struct mmref_sim *sim, size_t number,
			unsigned int enabled)
{
	if (!trace->state)
		return;
	trace->state[number].fp = memory_fingerprint(sim);
	trace->state[number].enabled = enabled;
}

/*
 * Did the run end in a state that it visited before, with a step of each enabled task since?
 * *@loop is the number of steps before the last such visit.
 */
static bool find_loop(const struct trace *trace, size_t *loop)
{
	size_t end = trace->schedule->length;
	unsigned int enabled = 0, taken = 0;
	struct fingerprint last;

	if (!trace->state)
		return false;
	last = trace->state[end].fp;
	for (size_t i = end; i--;) {
		enabled |= trace->state[i].enabled;
		taken |= 1u << trace->schedule->tasks[i];
		*loop = i;
		if (fingerprint_equal(trace->state[i].fp, last) && !(enabled & ~taken))
			return true;
	}
	return false;
}

/* Pass @v to the observer. */
static void tell_violation(struct mmref_sim *sim, const struct violation *v, int task, size_t loop)
{
	struct mmref_found found = {
		.violation = v->kind,
		.site = v->site,
		.why = v->why,
		.page = mmref_sim_page_of(sim, v->page),
		.loop = loop,
	};

	if (v->kind && sim->observer->violation)
		sim->observer->violation(sim->observer->cookie, task, &found);
}

/* Take a step and pass it to the observer. False if it ended the run. */
static bool step_and_tell(struct mmref_sim *sim, int task, size_t number)
{
	struct mmref_step step = sim->fiber[task]->pending;

	sim_step(sim, task);
	if (sim->observer->step)
		sim->observer->step(sim->observer->cookie, number, task, &step);
	tell_violation(sim, &sim->warning, task, 0);
	tell_violation(sim, &sim->fatal, task, 0);
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
		tell_violation(sim, &v, task, 0);
}

static bool begin(struct mmref_sim *sim, const struct mmref_observer *observer)
{
	static const struct mmref_observer nobody;

	if (!sim_is_outside(sim) || sim->scene.broken)
		return false;
	if (!sim->nr_threads) {
		sim_fails(sim, "the simulation has no threads to run");
		return false;
	}
	if (!sim_start(sim)) {
		sim_fails(sim, "not enough memory for a run");
		return false;
	}
	sim->observer = observer ? observer : &nobody;
	sim_forget_fault(sim);
	if (sim->foreign_rules || sim->foreign_bodies)
		guard_watch(0, NULL);
	sim_reset(sim);
	return true;
}

static void end(struct mmref_sim *sim)
{
	sim->observer = NULL;
	guard_unwatch();
	current_task = &sim->setting;
}

void mmref_rewind(struct mmref_sim *sim)
{
	if (!sim_is_outside(sim) || !sim->root)
		return;
	sim_reset(sim);
	end(sim);
}

static void tell_loop(struct mmref_sim *sim, const struct trace *trace)
{
	struct violation v;
	size_t loop;

	if (!find_loop(trace, &loop))
		return;
	v = livelock(sim, trace->schedule->tasks[loop]);
	tell_violation(sim, &v, -1, loop);
}

/* Take steps until one cannot be taken. Returns how many were taken. */
static size_t follow(struct mmref_sim *sim, struct trace *trace)
{
	const struct mmref_schedule *schedule = trace->schedule;
	size_t taken = 0;
	unsigned int enabled;

	for (;; taken++) {
		enabled = sim_enabled(sim);
		trace_state(trace, sim, taken, enabled);
		if (taken == schedule->length)
			break;
		if (schedule->tasks[taken] >= sim->nr_fibers ||
		    !(enabled & 1u << schedule->tasks[taken]))
			return taken;
		if (!step_and_tell(sim, schedule->tasks[taken], taken + 1))
			return taken + 1;
	}
	if (enabled)
		tell_loop(sim, trace);
	else
		tell_end(sim);
	return taken;
}

size_t mmref_replay(struct mmref_sim *sim, const struct mmref_schedule *schedule,
		    const struct mmref_observer *observer)
{
	struct trace trace = { .schedule = schedule };
	size_t taken = 0;

	if (!schedule || (schedule->length && !schedule->tasks)) {
		sim_fails(sim_exists(sim) ? sim : NULL, "mmref_replay: the schedule is NULL");
		return 0;
	}
	if (!begin(sim, observer))
		return 0;
	tell_violation(sim, &sim->fatal, -1, 0);
	trace.state = malloc((schedule->length + 1) * sizeof(*trace.state));
	if (!sim->fatal.kind)
		taken = follow(sim, &trace);
	free(trace.state);
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
	tell_violation(sim, &sim->fatal, -1, 0);
	goes_on = !sim->fatal.kind;
	while (goes_on && (task = next_in_order(sim)) >= 0)
		goes_on = step_and_tell(sim, task, ++taken);
	if (goes_on)
		tell_end(sim);
	end(sim);
	return taken;
}
