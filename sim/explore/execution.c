/* SPDX-License-Identifier: MIT */
#include "explore/execution.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(EXECUTION_LONGEST < UINT16_MAX, "events number their steps in 16 bits");

/* --- steps --------------------------------------------------------------------- */

bool execution_has_room(const struct execution *execution)
{
	return execution->depth + 2 < execution->room;
}

bool execution_make_room(struct execution *execution)
{
	size_t room = execution->room ? execution->room * 2 : 64;
	struct event *event;
	uint8_t *tasks;

	if (execution_has_room(execution))
		return true;
	event = realloc(execution->event, room * sizeof(*event));
	if (event)
		execution->event = event;
	tasks = realloc(execution->tasks, room);
	if (tasks)
		execution->tasks = tasks;
	execution->room = event && tasks ? room : execution->room;
	return event && tasks;
}

void execution_free(struct execution *execution)
{
	free(execution->event);
	free(execution->tasks);
}

void execution_clear(struct execution *execution)
{
	execution->depth = 0;
	memset(execution->latest, 0, sizeof(execution->latest));
}

void execution_begin_step(struct execution *execution, const struct mmref_sim *sim, int task)
{
	struct event *event = execution_top(execution);
	const struct fiber *fiber = sim->fiber[task];

	execution->tasks[execution->depth] = task;
	event->task = task;
	event->previous = execution->latest[task];
	execution->latest[task] = execution->depth + 1;
	event->waited = fiber->sleep.ready;
	event->acts = fiber->pending.acts;
	event->commutes = false;
	access_set_begin(&event->accesses, sim, task);
}

void execution_end_step(struct execution *execution, const struct mmref_sim *sim)
{
	access_set_end(&execution_top(execution)->accesses, sim);
}

void execution_take_back(struct execution *execution)
{
	const struct event *event = execution_top(execution);

	execution->latest[event->task] = event->previous;
}

/* --- dependence and happens-before ----------------------------------------------- */

static inline bool dependent(const struct event *a, const struct event *b)
{
	const struct access_set *x = &a->accesses, *y = &b->accesses;
	bool commute = a->commutes && b->commutes && x->access[0].start == y->access[0].start;

	return accesses_dependent(x->access, x->nr, y->access, y->nr, commute);
}

/* Does @step happen before the step whose vector clock is @clock? */
static inline bool is_before(const struct event *step, const uint16_t *clock)
{
	return step->number <= clock[step->task];
}

/* Does some step in [@from, @to) that does not happen after step @i happen before @clock? */
static bool has_predecessor(const struct execution *execution, size_t i, size_t from, size_t to,
			    const uint16_t *clock)
{
	for (size_t k = from; k < to; k++)
		if (!is_before(&execution->event[i], execution->event[k].clock) &&
		    is_before(&execution->event[k], clock))
			return true;
	return false;
}

/*
 * The tasks that can take the first step of a run that goes from the state before step @i to step
 * @last, without step @i and all that happens after it.
 */
static unsigned int initials(const struct execution *execution, size_t i, size_t last)
{
	const struct event *event = execution->event;
	unsigned int seen = 0, initials = 0;

	for (size_t k = i + 1; k <= last; k++) {
		unsigned int task = 1u << event[k].task;

		if (seen & task || (k < last && is_before(&event[i], event[k].clock)))
			continue;
		seen |= task;
		if (!has_predecessor(execution, i, i + 1, k, event[k].clock))
			initials |= task;
	}
	return initials;
}

/* Steps @i and @last race: the state before @i owes a run. */
static void owe(struct execution *execution, size_t i, size_t last)
{
	struct event *event = &execution->event[i];
	unsigned int first;

	if (event->owed == event->enabled)
		return;
	first = initials(execution, i, last) & event->enabled;
	if (first && !(first & event->owed))
		event->owed |= first & -first;
}

/* Join the vector clock @other into @clock. Returns by how much its sum grew. */
static size_t join(uint16_t *clock, const uint16_t *other)
{
	uint16_t more = 0;

	for (int t = 0; t < ARENA_STACKS; t++) {
		uint16_t ahead = other[t] > clock[t] ? other[t] - clock[t] : 0;

		more += ahead;
		clock[t] += ahead;
	}
	return more;
}

/* Start with what happens before the previous step of the same task. */
static void follow_own(const struct execution *execution, struct event *step)
{
	const struct event *previous;

	if (!step->previous) {
		step->number = 0;
		step->before = 0;
		memset(step->clock, 0, sizeof(step->clock));
		return;
	}
	previous = &execution->event[step->previous - 1];
	step->number = previous->number;
	step->before = previous->before;
	memcpy(step->clock, previous->clock, sizeof(step->clock));
}

void execution_find_races(struct execution *execution, size_t last)
{
	struct event *step = &execution->event[last], *event = step;
	size_t unknown;			/* earlier steps not known to happen before it */

	follow_own(execution, step);
	unknown = last - step->before++;
	step->clock[step->task] = ++step->number;
	while (event > execution->event && (unknown || step->waited)) {
		bool known = is_before(--event, step->clock);

		unknown -= !known;
		if ((known && (!step->waited || event->task == step->task)) ||
		    !dependent(event, step))
			continue;
		if (!known) {
			size_t more = join(step->clock, event->clock);

			step->before += more;
			unknown -= more - 1;
		}
		owe(execution, event - execution->event, last);
	}
}

void execution_find_races_of_rest(struct execution *execution, const struct mmref_sim *sim,
				  int dead)
{
	for (int i = 0; i < sim->nr_fibers; i++) {
		const struct mmref_step *step = &sim->fiber[i]->pending;
		struct event *event = execution_top(execution);

		if (i == dead || sim->fiber[i]->task.done || !step->object)
			continue;
		event->task = i;
		event->previous = execution->latest[i];
		event->waited = true;
		event->accesses.nr = 0;
		event->commutes = false;
		access_set_add(&event->accesses, step->object, step->size, step->access);
		execution_find_races(execution, execution->depth);
	}
}

/* --- additions that commute ------------------------------------------------------ */

static bool is_addition_to(const struct event *event, const struct access *counter)
{
	const struct access *access = &event->accesses.access[0];

	return access->kind == MMREF_ADD && access->start == counter->start;
}

static bool comes_to(const struct access_set *accesses, const struct access *counter)
{
	for (unsigned int i = 0; i < accesses->nr; i++)
		if (accesses->access[i].start < counter->end &&
		    counter->start < accesses->access[i].end)
			return true;
	return false;
}

/* Will a task that has not ended access @counter next? */
static bool is_awaited(const struct mmref_sim *sim, const struct access *counter)
{
	for (int i = 0; i < sim->nr_fibers; i++) {
		const struct mmref_step *step = &sim->fiber[i]->pending;
		const volatile char *start = step->object;

		if (!sim->fiber[i]->task.done && start && start < counter->end &&
		    counter->start < start + step->size)
			return true;
	}
	return false;
}

/*
 * Additions commute if no order of them brings the counter to a value at which a task acts, and
 * nothing else accesses it. The least value in any order: the value at the start, plus for each
 * task the lowest partial sum of its own additions.
 */
static bool additions_commute(const struct execution *execution,
			      const struct mmref_sim *sim, size_t first)
{
	const struct event *event = execution->event;
	const struct access *counter = &event[first].accesses.access[0];
	int sum[ARENA_STACKS] = { 0 }, least[ARENA_STACKS] = { 0 };
	int value = event[first].accesses.before, acts = MMREF_NEVER_ACTS;

	for (size_t i = 0; i < execution->depth; i++) {
		int task = event[i].task;

		if (!is_addition_to(&event[i], counter)) {
			if (comes_to(&event[i].accesses, counter))
				return false;
			continue;
		}
		sum[task] += (int)event[i].accesses.after - (int)event[i].accesses.before;
		least[task] = sum[task] < least[task] ? sum[task] : least[task];
		acts = event[i].acts > acts ? event[i].acts : acts;
	}
	for (int i = 0; i < ARENA_STACKS; i++)
		value += least[i];
	return value > acts && !is_awaited(sim, counter);
}

void execution_find_commuting(struct execution *execution, const struct mmref_sim *sim)
{
	struct event *event = execution->event;

	for (size_t i = 0; i < execution->depth; i++) {
		bool commute;

		if (event[i].accesses.access[0].kind != MMREF_ADD || event[i].commutes)
			continue;
		commute = additions_commute(execution, sim, i);
		for (size_t k = i; commute && k < execution->depth; k++)
			event[k].commutes |= is_addition_to(&event[k],
							    &event[i].accesses.access[0]);
	}
}

void execution_forget_commuting(struct execution *execution)
{
	for (size_t i = 0; i < execution->depth; i++)
		execution->event[i].commutes = false;
}
