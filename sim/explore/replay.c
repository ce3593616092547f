/* SPDX-License-Identifier: MIT */
/* Single runs: along a schedule, or each thread to its end in turn. */
#include <stdlib.h>
#include <string.h>

#include "explore/liveness.h"
#include "explore/search.h"

/* The states that a run has come through, the first of them the start. */
struct trace {
	struct {
		struct state_key key;
		unsigned int enabled;
	} *state;
	const struct mmref_schedule *schedule;
};

static void trace_state(struct trace *trace, const struct mmref_sim *sim, size_t number,
			unsigned int enabled)
{
	if (!trace->state)
		return;
	trace->state[number].key = memory_key(sim);
	trace->state[number].enabled = enabled;
}

/*
 * Where the trace came last to the state that it ends in, with a step of each task that
 * could run since. False where it did not.
 */
static bool find_loop(const struct trace *trace, size_t *loop)
{
	size_t end = trace->schedule->length;
	unsigned int enabled = 0, taken = 0;
	struct state_key last;

	if (!trace->state)
		return false;
	last = trace->state[end].key;
	for (size_t i = end; i--;) {
		enabled |= trace->state[i].enabled;
		taken |= 1u << trace->schedule->tasks[i];
		*loop = i;
		if (trace->state[i].key.low == last.low && trace->state[i].key.high == last.high &&
		    !(enabled & ~taken))
			return true;
	}
	return false;
}

/* What @v says, as an observer is told it. */
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

/* Take a step and tell of it; false when it ended the run. */
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

void mmref_rewind(struct mmref_sim *sim)
{
	if (!sim->root)
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

/* The steps that could be taken. */
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

/* --- runs that nobody is told of -------------------------------------------- */

bool search_steps_on(struct mmref_sim *sim, unsigned int task)
{
	if (sim->fatal.kind || task >= (unsigned int)sim->nr_fibers ||
	    !(sim_enabled(sim) & 1u << task))
		return false;
	sim_step(sim, task);
	return true;
}

/* Is the state at hand, or the step into it, a violation of this @kind? */
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
