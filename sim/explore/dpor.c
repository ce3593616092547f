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
#include "explore/crew.h"
#include "explore/execution.h"
#include "explore/liveness.h"
#include "explore/search.h"
#include "explore/sleepers.h"

/* A run as long as this may be going round in a circle. */
#define LONG	512
/* Where there are circles the search comes to no end of its own accord: after so many it stops. */
#define MOST_CIRCLES	256

#define NO_TASK	(-1)

struct dpor {
	struct search *search;
	struct execution run;		/* the one at hand */
	struct sleepers sleepers;	/* at its states up to the top where nobody is alone */
	bool out_of_memory;		/* while a task ran on */
	struct state_key milestone;	/* the state at the last power of 2 from LONG on */
	size_t milestone_at;		/* where in the run; 0: nowhere */
	unsigned int circles;		/* that were met */

	/*
	 * Of a shard, or of one of a crew: above this depth every step is taken, and from there
	 * on our own prefixes.
	 */
	size_t frontier;
	bool counting;			/* the prefixes alone; none is our own */
	uint64_t prefixes;		/* that were come to; all come to them in one order */
};

/* --- what is a run's end, and whose ------------------------------------------ */

static bool note(struct dpor *dpor, const struct violation *v, size_t length)
{
	struct mmref_found *found;

	if (!v->kind)
		return true;
	found = search_found(dpor->search, v->kind);
	if (!found)
		return false;
	if (!search_is_sooner(found, dpor->run.tasks, length))
		return true;
	return search_note(dpor->search, found, v, dpor->run.tasks, length);
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
		execution_find_commuting(&dpor->run, dpor->search->sim);
	for (size_t i = 0; i < steps; i++)
		execution_find_races(&dpor->run, i);
}

/* Is the prefix at hand our own? A crew deals them out as they are come to. */
static bool owns_prefix(const struct dpor *dpor)
{
	const struct search *search = dpor->search;

	if (dpor->counting)
		return false;
	return search->crew ? crew_claims(search, dpor->prefixes - 1) :
			      search_owns_path(search, dpor->run.tasks, dpor->run.depth);
}

static bool owns_short_run(const struct dpor *dpor, size_t length)
{
	const struct search *search = dpor->search;

	if (dpor->counting)
		return false;
	return search->crew ? crew_begins(search) :
			      search_owns_path(search, dpor->run.tasks, length);
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

	count_execution(dpor, dpor->run.depth);
	find_races_of_run(dpor, dpor->run.depth, true);
	execution_find_races_of_rest(&dpor->run, search->sim, NO_TASK);
	execution_forget_commuting(&dpor->run);
	if (sim_ends_badly(search->sim, &v, &task))
		return note(dpor, &v, dpor->run.depth);
	if (search->at_end)
		search->at_end(search->cookie, search->sim);
	return true;
}

/* --- runs that come round -------------------------------------------------------- */

/*
 * Brent's way of finding a circle: the state is that of the last milestone, and
 * there will be one further on than the circle is long.
 */
static bool goes_round(struct dpor *dpor)
{
	struct state_key key;

	if (dpor->run.depth < LONG)
		return false;
	key = memory_key_now(dpor->search->sim);
	if (dpor->milestone_at && dpor->milestone_at < dpor->run.depth &&
	    key.low == dpor->milestone.low && key.high == dpor->milestone.high)
		return true;
	if (!(dpor->run.depth & (dpor->run.depth - 1))) {
		dpor->milestone = key;
		dpor->milestone_at = dpor->run.depth;
	}
	return false;
}

/* Did each task that could run take a step since the milestone? */
static bool is_fair(const struct dpor *dpor)
{
	unsigned int enabled = 0, taken = 0;

	for (size_t i = dpor->milestone_at; i < dpor->run.depth; i++) {
		enabled |= dpor->run.event[i].enabled;
		taken |= 1u << dpor->run.event[i].task;
	}
	return !(enabled & ~taken);
}

static bool note_livelock(struct dpor *dpor)
{
	struct violation v = livelock(dpor->search->sim, dpor->run.event[dpor->milestone_at].task);
	struct mmref_found *found = search_found(dpor->search, v.kind);

	if (!found)
		return false;
	if (!found->schedule.length || found->schedule.length > dpor->run.depth)
		found->loop = dpor->milestone_at;
	return note(dpor, &v, dpor->run.depth);
}

/*
 * On the way round everyone else could have gone first, at any point. Which circles there
 * are besides is not known without the states.
 */
static bool cut(struct dpor *dpor)
{
	struct event *end = execution_top(&dpor->run);

	for (size_t i = dpor->milestone_at; i < dpor->run.depth; i++)
		dpor->run.event[i].owed |= dpor->run.event[i].enabled;
	dpor->search->result->executions++;
	find_races_of_run(dpor, dpor->run.depth, false);
	execution_find_races_of_rest(&dpor->run, dpor->search->sim, NO_TASK);
	end->owed = 0;
	dpor->search->comes_back = true;
	if (++dpor->circles == MOST_CIRCLES)
		dpor->search->result->bounded_by = "cycles";
	return !is_fair(dpor) || note_livelock(dpor);
}

/* --- there and back ---------------------------------------------------------------- */

/* The step from the top has been taken. False without memory. */
static bool end_step(struct dpor *dpor)
{
	struct search *search = dpor->search;
	const struct event *event = execution_top(&dpor->run);

	execution_end_step(&dpor->run, search->sim);
	search->result->steps++;
	if (!search->options->commuting)
		execution_find_races(&dpor->run, dpor->run.depth);
	return event->alone || sleepers_tell(&dpor->sleepers, event->task, &event->effect);
}

/* Of @candidates, those to be taken from the top whatever races; none from another's prefix. */
static unsigned int owed_at_once(struct dpor *dpor, unsigned int candidates)
{
	if (dpor->run.depth < dpor->frontier)
		return candidates;
	if (dpor->frontier && dpor->run.depth == dpor->frontier && candidates) {
		dpor->prefixes++;
		if (!owns_prefix(dpor))
			return 0;
	}
	return candidates & -candidates;
}

/* The state at hand becomes the top of the path. Where one is alone nobody can be asleep. */
static bool arrive(struct dpor *dpor)
{
	struct event *event = execution_top(&dpor->run);
	const struct event *last = dpor->run.depth ? event - 1 : NULL;
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

/* Back to the last state before the top that there may be another way from. */
static void go_back(struct dpor *dpor)
{
	if (!execution_top(&dpor->run)->alone)
		sleepers_pop(&dpor->sleepers);
	do {
		dpor->run.depth--;
		execution_take_back(&dpor->run);
	} while (execution_top(&dpor->run)->alone);
	if (dpor->run.depth < dpor->milestone_at)
		dpor->milestone_at = 0;
	sleepers_add(&dpor->sleepers, execution_top(&dpor->run)->task, true);
	memory_undo(dpor->search->sim);
}

/* Of those owed at the top, the ones that are awake. */
static unsigned int to_be_taken(const struct dpor *dpor)
{
	const struct event *event = execution_top(&dpor->run);

	return event->alone ? event->owed : event->owed & ~sleepers_asleep(&dpor->sleepers);
}

/*
 * The run has ended in the step from the top: whoever else could have gone there is to, and who
 * could not, since it waits, is to go before what it waits for.
 */
static void end_in_step(struct dpor *dpor)
{
	struct event *event = execution_top(&dpor->run);

	dpor->run.depth++;
	execution_find_races_of_rest(&dpor->run, dpor->search->sim, event->task);
	dpor->run.depth--;
	execution_take_back(&dpor->run);
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

	if (dpor->run.depth < dpor->frontier || dpor->run.depth + 1 >= LONG ||
	    !execution_has_room(&dpor->run))
		return false;
	if (!end_step(dpor)) {
		dpor->out_of_memory = true;
		return false;
	}
	dpor->run.depth++;
	event = execution_top(&dpor->run);
	event->enabled = 1u << current->id;
	event->owed = event->enabled;
	event->alone = true;
	execution_begin_step(&dpor->run, sim, current->id);
	return true;
}

/* A step from the top, and those that its task takes alone after it. */
static bool take_steps(struct dpor *dpor)
{
	struct mmref_sim *sim = dpor->search->sim;
	int task = __builtin_ctz(to_be_taken(dpor));

	if (!execution_make_room(&dpor->run))
		return false;
	execution_begin_step(&dpor->run, sim, task);
	if (execution_top(&dpor->run)->alone)
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
	ok = note(dpor, &search->sim->warning, dpor->run.depth + 1) &&
	     note(dpor, &search->sim->fatal, dpor->run.depth + 1);
	if (search->sim->fatal.kind) {
		count_execution(dpor, dpor->run.depth + 1);
		find_races_of_run(dpor, dpor->run.depth + 1, false);
		end_in_step(dpor);
		return ok;
	}
	dpor->run.depth++;
	if (!arrive(dpor))
		return false;
	if (ok && !execution_top(&dpor->run)->enabled)
		ok = end_of_run(dpor);
	else if (!execution_top(&dpor->run)->owed)
		find_races_of_run(dpor, dpor->run.depth, false);
	else if (goes_round(dpor))
		ok = ok && cut(dpor);
	else if (dpor->run.depth == EXECUTION_LONGEST)	/* getting longer without coming round */
		search->result->bounded_by = "depth";
	return ok;
}

static bool go(struct dpor *dpor)
{
	struct search *search = dpor->search;

	sim_reset(search->sim);
	execution_clear(&dpor->run);
	if (search->sim->fatal.kind)
		return note(dpor, &search->sim->fatal, 0);
	while (dpor->sleepers.depth)
		sleepers_pop(&dpor->sleepers);
	if (!execution_make_room(&dpor->run) || !arrive(dpor))
		return false;
	if (!dpor->run.event[0].enabled)
		return end_of_run(dpor);

	while (to_be_taken(dpor) && !search_is_cut_short(search)) {
		if (!advance(dpor))
			return false;
		while (!to_be_taken(dpor) && dpor->run.depth)
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
	execution_free(&dpor.run);
	return ok;
}

bool search_dpor(struct search *search)
{
	return crew_search(search, search_alone);
}
