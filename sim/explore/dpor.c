/* SPDX-License-Identifier: MIT */
/*
 * Without states: every execution once, executions that differ only in the order
 * of independent steps being one. Source-DPOR with sleep sets: Abdulla, Aronis,
 * Jonsson and Sagonas, "Source sets: a foundation for optimal dynamic partial
 * order reduction", JACM 2017.
 *
 * Where a race would have a task go first that cannot run there, nothing is owed.
 * Instead a step that waits is taken to race with all earlier ones that touch what
 * it waits for, and so is one that never came because its task still waits at the
 * end; a violation that ends the run is taken to race with what all others would
 * have done, and so is a run that goes round in a circle, which is cut there. That
 * owes too many attempts rather than too few, and the sleep sets see to it that no
 * execution is counted twice.
 *
 * From the states that a task comes through alone there is one way on: nothing is kept
 * of them, and they are gone back over in one.
 */
#include <stdlib.h>
#include <string.h>

#include "explore/crew.h"
#include "explore/effect.h"
#include "explore/liveness.h"
#include "explore/search.h"
#include "explore/sleepers.h"

/* A state on the path, and the step last taken from it. */
struct event {
	/* of the state */
	uint16_t enabled;
	uint16_t owed;			/* tasks to be taken from here */
	bool alone;			/* who came to it goes on, and nobody else can run */

	/* of the step */
	uint8_t task;
	bool waited;			/* it could have had to wait, and perhaps had to */
	uint16_t number;		/* among those of its task, from 1 */
	uint16_t previous;		/* of those, where the one before it is, from 1; 0: nowhere */
	uint16_t before;		/* how many steps happen before it, or are it */
	uint16_t clock[ARENA_STACKS];	/* how many of each task do */
	struct effect effect;

	/* of an addition */
	int acts;
	bool commutes;			/* with all others of the run to the same counter */
};

/* A run as long as this may be going round in a circle. */
#define LONG	512
/* Where there are circles the search comes to no end of its own accord: after so many it stops. */
#define MOST_CIRCLES	256
/* So does one whose runs get longer without coming round. */
#define DEEPEST	16384

struct dpor {
	struct search *search;
	struct event *event;
	struct sleepers sleepers;	/* at the states up to the top where nobody is alone */
	uint8_t *path;
	size_t depth, room;
	uint16_t latest[ARENA_STACKS];	/* where the last step of each task is on the path, from 1 */
	bool out_of_memory;		/* while a task ran on */
	struct state_key milestone;	/* the state at the last power of 2 from LONG on */
	size_t milestone_at;		/* where on the path; 0: nowhere */
	unsigned int circles;		/* that were met */

	/*
	 * Of a shard, or of one of a crew: above this depth every step is taken, and from there
	 * on our own prefixes.
	 */
	size_t frontier;
	bool counting;			/* the prefixes alone; none is our own */
	uint64_t prefixes;		/* that were come to; all come to them in one order */
};

/* --- what depends on what ------------------------------------------------- */

static inline bool dependent(const struct event *a, const struct event *b)
{
	const struct effect *x = &a->effect, *y = &b->effect;
	bool commute = a->commutes && b->commutes && x->touch[0].start == y->touch[0].start;

	return touches_depend(x->touch, x->nr, y->touch, y->nr, commute);
}

/* Does @step happen before what has @clock? */
static inline bool is_before(const struct event *step, const uint16_t *clock)
{
	return step->number <= clock[step->task];
}

/* Of the steps from @from to @to that do not happen after @i: does one happen before @clock? */
static bool has_predecessor(const struct dpor *dpor, size_t i, size_t from, size_t to,
			    const uint16_t *clock)
{
	for (size_t k = from; k < to; k++)
		if (!is_before(&dpor->event[i], dpor->event[k].clock) &&
		    is_before(&dpor->event[k], clock))
			return true;
	return false;
}

/*
 * The tasks that can begin what there is between the steps @i and @last without @i
 * and all that happens after it, and then @last.
 */
static unsigned int initials(const struct dpor *dpor, size_t i, size_t last)
{
	const struct event *event = dpor->event;
	unsigned int seen = 0, initials = 0;

	for (size_t k = i + 1; k <= last; k++) {
		unsigned int task = 1u << event[k].task;

		if (seen & task || (k < last && is_before(&event[i], event[k].clock)))
			continue;
		seen |= task;
		if (!has_predecessor(dpor, i, i + 1, k, event[k].clock))
			initials |= task;
	}
	return initials;
}

static void owe(struct dpor *dpor, size_t i, size_t last)
{
	struct event *event = &dpor->event[i];
	unsigned int first;

	if (event->owed == event->enabled)
		return;
	first = initials(dpor, i, last) & event->enabled;
	if (first && !(first & event->owed))
		event->owed |= first & -first;
}

/* What happens before @other does so before @clock as well now: how many steps that adds. */
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

/* What happens before a step because it does before the one before it of its task. */
static void follow_own(const struct dpor *dpor, struct event *step)
{
	const struct event *previous = &dpor->event[step->previous - 1];

	if (!step->previous) {
		step->number = 0;
		step->before = 0;
		memset(step->clock, 0, sizeof(step->clock));
		return;
	}
	step->number = previous->number;
	step->before = previous->before;
	memcpy(step->clock, previous->clock, sizeof(step->clock));
}

/* The step @last has been taken, or would be next of its task: its clock, and what it owes. */
static void find_races(struct dpor *dpor, size_t last)
{
	struct event *step = &dpor->event[last], *event = step;
	size_t unknown;			/* steps left that are not known to happen before it */

	follow_own(dpor, step);
	unknown = last - step->before++;
	step->clock[step->task] = ++step->number;
	while (event > dpor->event && (unknown || step->waited)) {
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
		owe(dpor, event - dpor->event, last);
	}
}

/* --- a run, and what it leaves to be done ---------------------------------- */

static bool has_room(const struct dpor *dpor)
{
	return dpor->depth + 2 < dpor->room;
}

static bool make_room(struct dpor *dpor)
{
	size_t room = dpor->room ? dpor->room * 2 : 64;
	struct event *event;
	uint8_t *path;

	if (has_room(dpor))
		return true;
	event = realloc(dpor->event, room * sizeof(*event));
	if (event)
		dpor->event = event;
	path = realloc(dpor->path, room);
	if (path)
		dpor->path = path;
	dpor->room = event && path ? room : dpor->room;
	return event && path;
}

static bool note(struct dpor *dpor, const struct violation *v, size_t length)
{
	struct mmref_found *found;

	if (!v->kind)
		return true;
	found = search_found(dpor->search, v->kind);
	if (!found)
		return false;
	if (!search_is_sooner(found, dpor->path, length))
		return true;
	return search_note(dpor->search, found, v, dpor->path, length);
}

/*
 * The tasks that are left: each has announced a step that it never took, and that
 * races with what came before as if it had.
 */
static void find_races_of_the_rest(struct dpor *dpor)
{
	struct mmref_sim *sim = dpor->search->sim;

	for (int i = 0; i < sim->nr_fibers; i++) {
		const struct mmref_step *step = &sim->fiber[i]->pending;
		struct event *event = &dpor->event[dpor->depth];

		if (sim->fiber[i]->task.done || !step->object)
			continue;
		event->task = i;
		event->previous = dpor->latest[i];
		event->waited = true;
		event->effect.nr = 0;
		event->commutes = false;
		effect_touch(&event->effect, step->object, step->size, step->access);
		find_races(dpor, dpor->depth);
	}
}

/* --- additions that change places ------------------------------------------- */

static bool is_addition_to(const struct event *event, const struct touch *counter)
{
	const struct touch *touch = &event->effect.touch[0];

	return touch->access == MMREF_ADD && touch->start == counter->start;
}

static bool comes_to(const struct effect *effect, const struct touch *counter)
{
	for (unsigned int i = 0; i < effect->nr; i++)
		if (effect->touch[i].start < counter->end && counter->start < effect->touch[i].end)
			return true;
	return false;
}

/* Does a task that is left wait to come to @counter? */
static bool is_awaited(const struct dpor *dpor, const struct touch *counter)
{
	const struct mmref_sim *sim = dpor->search->sim;

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
 * The least value that the counter of the step @first could have taken in any order of
 * the steps of this run: what it was, and of each thread the least that it came to by
 * what that thread added. While that is above all at which anybody acts, and nobody looks
 * at it otherwise, the additions change places.
 */
static bool additions_commute(const struct dpor *dpor, size_t first)
{
	const struct event *event = dpor->event;
	const struct touch *counter = &event[first].effect.touch[0];
	int sum[ARENA_STACKS] = { 0 }, least[ARENA_STACKS] = { 0 };
	int value = event[first].effect.before, acts = MMREF_NEVER_ACTS;

	for (size_t i = 0; i < dpor->depth; i++) {
		int task = event[i].task;

		if (!is_addition_to(&event[i], counter)) {
			if (comes_to(&event[i].effect, counter))
				return false;
			continue;
		}
		sum[task] += (int)event[i].effect.after - (int)event[i].effect.before;
		least[task] = sum[task] < least[task] ? sum[task] : least[task];
		acts = event[i].acts > acts ? event[i].acts : acts;
	}
	for (int i = 0; i < ARENA_STACKS; i++)
		value += least[i];
	return value > acts && !is_awaited(dpor, counter);
}

static void find_commuting(struct dpor *dpor)
{
	struct event *event = dpor->event;

	for (size_t i = 0; i < dpor->depth; i++) {
		bool commute;

		if (event[i].effect.touch[0].access != MMREF_ADD || event[i].commutes)
			continue;
		commute = additions_commute(dpor, i);
		for (size_t k = i; commute && k < dpor->depth; k++)
			event[k].commutes |= is_addition_to(&event[k], &event[i].effect.touch[0]);
	}
}

/*
 * Where additions may commute it takes the whole run to tell what races. One that was not
 * gone through to its end tells nothing of what is to come: there none commute.
 */
static void find_races_of_run(struct dpor *dpor, size_t steps, bool complete)
{
	if (!dpor->search->options->commuting)
		return;
	if (complete)
		find_commuting(dpor);
	for (size_t i = 0; i < steps; i++)
		find_races(dpor, i);
}

/* Is the prefix at hand our own? A crew deals them out as they are come to. */
static bool owns_prefix(const struct dpor *dpor)
{
	const struct search *search = dpor->search;

	if (dpor->counting)
		return false;
	return search->crew ? crew_claims(search, dpor->prefixes - 1) :
			      search_owns_path(search, dpor->path, dpor->depth);
}

static bool owns_short_run(const struct dpor *dpor, size_t length)
{
	const struct search *search = dpor->search;

	if (dpor->counting)
		return false;
	return search->crew ? crew_begins(search) : search_owns_path(search, dpor->path, length);
}

/* One that ends before the frontier is met by all, and counted by one. */
static void count_execution(struct dpor *dpor, size_t length)
{
	if (length > dpor->frontier || owns_short_run(dpor, length))
		dpor->search->result->executions++;
}

static bool end_of_run(struct dpor *dpor)
{
	struct search *search = dpor->search;
	struct violation v;
	int task;

	count_execution(dpor, dpor->depth);
	find_races_of_run(dpor, dpor->depth, true);
	find_races_of_the_rest(dpor);
	for (size_t i = 0; i < dpor->depth; i++)
		dpor->event[i].commutes = false;
	if (sim_ends_badly(search->sim, &v, &task))
		return note(dpor, &v, dpor->depth);
	if (search->at_end)
		search->at_end(search->cookie, search->sim);
	return true;
}

/* @task is about to take a step from the top. */
static void begin_step(struct dpor *dpor, int task)
{
	struct event *event = &dpor->event[dpor->depth];
	const struct fiber *fiber = dpor->search->sim->fiber[task];

	dpor->path[dpor->depth] = task;
	event->task = task;
	event->previous = dpor->latest[task];
	dpor->latest[task] = dpor->depth + 1;
	event->waited = fiber->sleep.ready;
	event->acts = fiber->pending.acts;
	event->commutes = false;
	effect_begin(&event->effect, dpor->search->sim, task);
}

/* It has taken it. False without memory. */
static bool end_step(struct dpor *dpor)
{
	struct search *search = dpor->search;
	struct event *event = &dpor->event[dpor->depth];

	effect_end(&event->effect, search->sim);
	search->result->steps++;
	if (!search->options->commuting)
		find_races(dpor, dpor->depth);
	return event->alone || sleepers_tell(&dpor->sleepers, event->task, &event->effect);
}

/* Of @candidates, those to be taken from the top whatever races; none from another's prefix. */
static unsigned int owed_at_once(struct dpor *dpor, unsigned int candidates)
{
	if (dpor->depth < dpor->frontier)
		return candidates;
	if (dpor->frontier && dpor->depth == dpor->frontier && candidates) {
		dpor->prefixes++;
		if (!owns_prefix(dpor))
			return 0;
	}
	return candidates & -candidates;
}

/* The state at hand becomes the top of the path. Where one is alone nobody can be asleep. */
static bool arrive(struct dpor *dpor)
{
	struct event *event = &dpor->event[dpor->depth];
	const struct event *last = dpor->depth ? event - 1 : NULL;
	unsigned int asleep = 0;

	event->enabled = sim_enabled(dpor->search->sim);
	event->alone = last && event->enabled == 1u << last->task;
	if (!event->alone) {
		if (!(last && !last->alone ? sleepers_follow(&dpor->sleepers, last->task) :
					     sleepers_push(&dpor->sleepers)))
			return false;
		asleep = sleepers_asleep(&dpor->sleepers);
	}
	event->owed = owed_at_once(dpor, event->enabled & ~asleep);
	return true;
}

static void take_back(struct dpor *dpor, size_t i)
{
	dpor->latest[dpor->event[i].task] = dpor->event[i].previous;
}

/* Back to the last state before the top that there may be another way from. */
static void go_back(struct dpor *dpor)
{
	if (!dpor->event[dpor->depth].alone)
		sleepers_pop(&dpor->sleepers);
	do
		take_back(dpor, --dpor->depth);
	while (dpor->event[dpor->depth].alone);
	if (dpor->depth < dpor->milestone_at)
		dpor->milestone_at = 0;
	sleepers_add(&dpor->sleepers, dpor->event[dpor->depth].task, true);
	memory_undo(dpor->search->sim);
}

/* Of those owed at the top, the ones that are awake. */
static unsigned int to_be_taken(const struct dpor *dpor)
{
	const struct event *event = &dpor->event[dpor->depth];

	return event->alone ? event->owed : event->owed & ~sleepers_asleep(&dpor->sleepers);
}

/*
 * Brent's way of finding a circle: the state is that of the last milestone, and
 * there will be one further on than the circle is long.
 */
static bool goes_round(struct dpor *dpor)
{
	struct state_key key;

	if (dpor->depth < LONG)
		return false;
	key = memory_key_now(dpor->search->sim);
	if (dpor->milestone_at && dpor->milestone_at < dpor->depth &&
	    key.low == dpor->milestone.low && key.high == dpor->milestone.high)
		return true;
	if (!(dpor->depth & (dpor->depth - 1))) {
		dpor->milestone = key;
		dpor->milestone_at = dpor->depth;
	}
	return false;
}

/* Did each task that could run take a step since the milestone? */
static bool is_fair(const struct dpor *dpor)
{
	unsigned int enabled = 0, taken = 0;

	for (size_t i = dpor->milestone_at; i < dpor->depth; i++) {
		enabled |= dpor->event[i].enabled;
		taken |= 1u << dpor->event[i].task;
	}
	return !(enabled & ~taken);
}

static bool note_livelock(struct dpor *dpor)
{
	struct violation v = livelock(dpor->search->sim, dpor->event[dpor->milestone_at].task);
	struct mmref_found *found = search_found(dpor->search, v.kind);

	if (!found)
		return false;
	if (!found->schedule.length || found->schedule.length > dpor->depth)
		found->loop = dpor->milestone_at;
	return note(dpor, &v, dpor->depth);
}

/*
 * On the way round everyone else could have gone first, at any point. Which circles there
 * are besides is not known without the states.
 */
static bool cut(struct dpor *dpor)
{
	struct event *end = &dpor->event[dpor->depth];

	for (size_t i = dpor->milestone_at; i < dpor->depth; i++)
		dpor->event[i].owed |= dpor->event[i].enabled;
	dpor->search->result->executions++;
	find_races_of_run(dpor, dpor->depth, false);
	end->owed = 0;
	dpor->search->comes_back = true;
	if (++dpor->circles == MOST_CIRCLES)
		dpor->search->result->bounded_by = "cycles";
	return !is_fair(dpor) || note_livelock(dpor);
}

/* The run has ended in the step from the top: whoever else could have gone there is to. */
static void end_in_step(struct dpor *dpor)
{
	struct event *event = &dpor->event[dpor->depth];

	take_back(dpor, dpor->depth);
	if (event->alone) {
		event->owed = 0;
		return;
	}
	event->owed |= event->enabled;
	sleepers_add(&dpor->sleepers, event->task, true);
	memory_undo(dpor->search->sim);
}

/*
 * The task that runs is alone, and has announced its next step: what there is to be done
 * between two of its steps is done here. Not where it might be dealt to somebody else, or
 * go round.
 */
static bool run_on(struct mmref_sim *sim)
{
	struct dpor *dpor = sim->runner;
	struct event *event;

	if (dpor->depth < dpor->frontier || dpor->depth + 1 >= LONG || !has_room(dpor))
		return false;
	if (!end_step(dpor)) {
		dpor->out_of_memory = true;
		return false;
	}
	event = &dpor->event[++dpor->depth];
	event->enabled = 1u << current->id;
	event->owed = event->enabled;
	event->alone = true;
	begin_step(dpor, current->id);
	return true;
}

/* A step from the top, and those that its task takes alone after it. */
static bool take_steps(struct dpor *dpor)
{
	struct mmref_sim *sim = dpor->search->sim;
	int task = __builtin_ctz(to_be_taken(dpor));

	if (!make_room(dpor))
		return false;
	begin_step(dpor, task);
	if (dpor->event[dpor->depth].alone)
		sim_go_on(sim, task);
	else
		sim_step(sim, task);
	return !dpor->out_of_memory && end_step(dpor);
}

static bool advance(struct dpor *dpor)
{
	struct search *search = dpor->search;
	bool ok;

	if (!take_steps(dpor))
		return false;
	ok = note(dpor, &search->sim->warning, dpor->depth + 1) &&
	     note(dpor, &search->sim->fatal, dpor->depth + 1);
	if (search->sim->fatal.kind) {
		count_execution(dpor, dpor->depth + 1);
		find_races_of_run(dpor, dpor->depth + 1, false);
		end_in_step(dpor);
		return ok;
	}
	dpor->depth++;
	if (!arrive(dpor))
		return false;
	if (ok && !dpor->event[dpor->depth].enabled)
		ok = end_of_run(dpor);
	else if (!dpor->event[dpor->depth].owed)
		find_races_of_run(dpor, dpor->depth, false);
	else if (goes_round(dpor))
		ok = ok && cut(dpor);
	else if (dpor->depth == DEEPEST)
		search->result->bounded_by = "depth";
	return ok;
}

static bool go(struct dpor *dpor)
{
	struct search *search = dpor->search;

	sim_reset(search->sim);
	memset(dpor->latest, 0, sizeof(dpor->latest));
	if (search->sim->fatal.kind)
		return note(dpor, &search->sim->fatal, 0);
	while (dpor->sleepers.depth)
		sleepers_pop(&dpor->sleepers);
	if (!make_room(dpor) || !arrive(dpor))
		return false;
	if (!dpor->event[0].enabled)
		return end_of_run(dpor);

	while (to_be_taken(dpor) && !search_is_cut_short(search)) {
		if (!advance(dpor))
			return false;
		while (!to_be_taken(dpor) && dpor->depth)
			go_back(dpor);
	}
	return true;
}

/*
 * The least depth at which there are prefixes enough for all shards, or where all runs have
 * ended. What sleeps above it sleeps in all shards, so that each execution is one shard's.
 */
static bool find_frontier(struct dpor *dpor)
{
	struct mmref_result *result = dpor->search->result;
	bool ok;

	dpor->counting = true;
	do {
		dpor->frontier++;
		dpor->prefixes = 0;
		ok = go(dpor);
	} while (ok && !result->bounded_by && dpor->prefixes && dpor->frontier < LONG &&
		 dpor->prefixes < search_prefixes_wanted(dpor->search));
	dpor->counting = false;
	result->prefixes = dpor->prefixes;
	result->prefix_length = dpor->frontier;
	return ok;
}

static bool search_alone(struct search *search)
{
	struct dpor dpor = { .search = search };
	struct mmref_sim *sim = search->sim;
	bool ok = true;

	sim->memory.unnamed = true;
	sim->runs_on = run_on;
	sim->runner = &dpor;
	if (search->options->shards || search->crew)
		ok = find_frontier(&dpor);
	dpor.prefixes = 0;
	if (ok && !search->result->bounded_by)
		ok = go(&dpor);
	sim->runs_on = NULL;
	sim->memory.unnamed = false;
	sleepers_free(&dpor.sleepers);
	free(dpor.event);
	free(dpor.path);
	return ok;
}

bool search_dpor(struct search *search)
{
	return crew_search(search, search_alone);
}
