/* SPDX-License-Identifier: MIT */
/*
 * Dynamic partial-order reduction: keeps no states, and takes one execution of each class that
 * differs only in the order of independent steps. Source-DPOR with sleep sets: Abdulla, Aronis,
 * Jonsson and Sagonas, "Source sets: a foundation for optimal dynamic partial order reduction",
 * JACM 2017.
 *
 * A race asks for a run in which a certain task goes first. If that task cannot run there, the
 * algorithm owes nothing. To lose no execution, these steps count as racing with all earlier
 * dependent steps, also with those that happen before them:
 *
 * 	a step that may have had to wait, with all that access what it waits for
 * 	a step that a task announced but never took, since it still waits when the run ends
 * 	a violation that ends the run, with the next step of every other task
 * 	a cycle, which ends the run here, with the next step of every other task
 *
 * So the search tries more than it has to; sleep sets ensure that it counts no execution twice.
 *
 * While only one task can run there is one step to take. The search keeps no sleep set for such
 * states, and backtracks over all of them at once.
 */
#include "explore/execution.h"
#include "explore/fault.h"
#include "explore/limits.h"
#include "explore/liveness.h"
#include "explore/result.h"
#include "explore/shard.h"
#include "explore/sleep_set.h"
#include "explore/strategies.h"
#include "explore/workers.h"

/* From this depth on, look for cycles in the run. */
#define LONG	512
/* With cycles the search may never end; it stops after this many. */
#define MOST_CIRCLES	256

#define NO_TASK	(-1)

struct dpor {
	struct search *search;
	struct execution run;		/* the current run */
	struct sleep_set sleep;	/* of the states on it where several tasks can run */
	bool out_of_memory;		/* in run_on(), which cannot fail */
	struct fingerprint milestone;	/* at depth ->milestone_at, a power of 2 from LONG on */
	size_t milestone_at;		/* depth of ->milestone; 0: none */
	unsigned int circles;		/* how many were found */

	/*
	 * For a shard or a worker: above this depth every step is taken; from there on only the
	 * steps that follow own prefixes.
	 */
	size_t frontier;
	bool counting;			/* count prefixes only; explore below none */
	uint64_t prefixes;		/* met so far; every process meets them in the same order */
};

/* --- how a run ends, and which process counts it ------------------------------ */

static bool note(struct dpor *dpor, const struct violation *v, size_t length)
{
	return search_add_found(dpor->search, v, dpor->run.tasks, length);
}

/*
 * Whether additions to a counter commute is known at the end of the run, so races are found only
 * then. A run that was not completed may yet read the counter: there none commute.
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

/* Does the current prefix belong to this process? Workers claim prefixes as they meet them. */
static bool owns_prefix(const struct dpor *dpor)
{
	const struct search *search = dpor->search;

	if (dpor->counting)
		return false;
	return search->workers ? workers_claim(search, dpor->prefixes - 1) :
			      search_owns_path(search, dpor->run.tasks, dpor->run.depth);
}

static bool owns_short_run(const struct dpor *dpor, size_t length)
{
	const struct search *search = dpor->search;

	if (dpor->counting)
		return false;
	return search->workers ? workers_is_first(search) :
			      search_owns_path(search, dpor->run.tasks, length);
}

/* Every process takes a run that ends above the frontier; one of them counts it. */
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
	if (search_went_wrong(search, dpor->run.depth))
		return false;
	if (search->at_end)
		search->at_end(search->cookie, search->sim);
	return true;
}

/* --- cycles -------------------------------------------------------------------- */

/*
 * Brent's algorithm: compare with the state at the last power of 2. A cycle is found once that
 * power exceeds its length.
 */
static bool goes_round(struct dpor *dpor)
{
	struct fingerprint fp;

	if (dpor->run.depth < LONG)
		return false;
	fp = memory_fingerprint_now(dpor->search->sim);
	if (dpor->milestone_at && dpor->milestone_at < dpor->run.depth &&
	    fingerprint_equal(fp, dpor->milestone))
		return true;
	if (!(dpor->run.depth & (dpor->run.depth - 1))) {
		dpor->milestone = fp;
		dpor->milestone_at = dpor->run.depth;
	}
	return false;
}

/* Did each task that could run since the milestone take a step since? */
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
 * End the run at a cycle. Every task that could have run in the cycle may have to go first. There
 * may be cycles that only a search with states finds.
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

/* --- forward and back ---------------------------------------------------------- */

/* The step from the top was taken. False without memory. */
static bool end_step(struct dpor *dpor)
{
	struct search *search = dpor->search;
	const struct event *event = execution_top(&dpor->run);

	execution_end_step(&dpor->run, search->sim);
	search->result->steps++;
	if (!search->options->commuting)
		execution_find_races(&dpor->run, dpor->run.depth);
	return event->alone || sleep_set_record(&dpor->sleep, event->task, &event->accesses);
}

/*
 * The tasks of @candidates to run from the top even without a race; none below another process's
 * prefix.
 */
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

/* The current state becomes the top. Where one task runs alone the sleep set is empty. */
static bool arrive(struct dpor *dpor)
{
	struct event *event = execution_top(&dpor->run);
	const struct event *last = dpor->run.depth ? event - 1 : NULL;
	unsigned int asleep = 0;

	event->enabled = sim_enabled(dpor->search->sim);
	event->alone = last && event->enabled == 1u << last->task;
	if (!event->alone) {
		if (!(last && !last->alone ? sleep_set_push_after(&dpor->sleep, last->task) :
					     sleep_set_push(&dpor->sleep)))
			return false;
		asleep = sleep_set_tasks(&dpor->sleep);
	}
	event->owed = owed_at_once(dpor, event->enabled & ~asleep);
	return true;
}

/* Back to the last state from which another step is possible. */
static void go_back(struct dpor *dpor)
{
	if (!execution_top(&dpor->run)->alone)
		sleep_set_pop(&dpor->sleep);
	do {
		dpor->run.depth--;
		execution_take_back(&dpor->run);
	} while (execution_top(&dpor->run)->alone);
	if (dpor->run.depth < dpor->milestone_at)
		dpor->milestone_at = 0;
	sleep_set_add(&dpor->sleep, execution_top(&dpor->run)->task, true);
	memory_undo(dpor->search->sim);
}

/* The tasks owed at the top that are not asleep. */
static unsigned int to_be_taken(const struct dpor *dpor)
{
	const struct event *event = execution_top(&dpor->run);

	return event->alone ? event->owed : event->owed & ~sleep_set_tasks(&dpor->sleep);
}

/*
 * The last step ended the run. Every task that could have run instead has to; every waiting task
 * has to go before the step it waits for.
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
	sleep_set_add(&dpor->sleep, event->task, true);
	memory_undo(dpor->search->sim);
}

/*
 * Called on the stack of a task that runs alone, when it announces its next step: does the
 * bookkeeping between two steps without a context switch. Not above the frontier, and not where a
 * cycle must be looked for.
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

/* Take a step from the top, and all steps that its task takes alone after it. */
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
	if (search_went_wrong(dpor->search, dpor->run.depth + 1))
		return false;
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
	else if (dpor->run.depth == EXECUTION_LONGEST)	/* grows without a cycle */
		search->result->bounded_by = "depth";
	return ok;
}

static bool go(struct dpor *dpor)
{
	struct search *search = dpor->search;

	sim_reset(search->sim);
	execution_clear(&dpor->run);
	if (search_went_wrong(search, 0))
		return false;
	if (search->sim->fatal.kind)
		return note(dpor, &search->sim->fatal, 0);
	while (dpor->sleep.depth)
		sleep_set_pop(&dpor->sleep);
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
 * The least depth with enough prefixes for all processes. Above it every process has the same
 * sleep sets, so each execution belongs to one process.
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
	if (search->options->shards || search->workers)
		ok = find_frontier(&dpor);
	dpor.prefixes = 0;
	if (ok && !search->result->bounded_by)
		ok = go(&dpor);
	sim->runs_on = NULL;
	sim->memory.unnamed = false;
	sleep_set_free(&dpor.sleep);
	execution_free(&dpor.run);
	return ok;
}

bool search_dpor(struct search *search)
{
	return workers_run(search, search_alone);
}
