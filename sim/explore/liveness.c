/* SPDX-License-Identifier: MIT */
/*
 * Livelocks: runs that never end though the scheduler is fair.
 *
 * 	fair set = strongly connected states; each task enabled in one of them
 * 		   takes a step between two of them
 *
 * Such a run stays in a fair set: Musuvathi and Qadeer, "Fair stateless model checking", PLDI
 * 2008. A run in which a task starves is not reported: a fair scheduler would run that task.
 *
 * The components of the graph are found by Tarjan's algorithm ("Depth-first search and linear
 * graph algorithms", SIAM J. Comput. 1972). A component in which an enabled task never runs is
 * not fair. Without the states in which that task is enabled, the rest may contain smaller fair
 * sets (Emerson and Lei, 1987).
 */
#include <stdlib.h>
#include <string.h>

#include "explore/graph.h"
#include "explore/limits.h"
#include "explore/liveness.h"
#include "explore/result.h"
#include "explore/strategies.h"

/* Sets of states have numbers. */
#define LEFT_OUT	0		/* in no set */
#define FAIR		(1u << 31)

struct mark {
	uint32_t set;
	uint32_t index, low;		/* Tarjan's; index 0: not visited */
	uint32_t before;		/* on the shortest path: the state before, */
	uint8_t task;			/* and the task that led from it */
	bool met;
	uint16_t untried;		/* tasks, by bit */
};

struct liveness {
	struct search *search;
	struct graph graph;
	struct mark *mark;		/* for each state */
	uint32_t *stack, *path;		/* states of incomplete components; states on the path */
	uint32_t stacked, depth;
	uint32_t nr_indices, nr_sets;
	bool taken_apart;		/* in this round a component was not fair */

	/* the run to report */
	struct mmref_schedule run;
	size_t room;
	uint32_t home;			/* the state where the loop begins and ends */
	unsigned int missing;		/* tasks that have no step in the loop yet, by bit */
};

/* --- fair sets ----------------------------------------------------------------- */

/* The state that @task leads to from @state, if it is in the same set; or GRAPH_NOWHERE. */
static uint32_t next_within(const struct liveness *l, uint32_t state, int task)
{
	uint32_t to = graph_next(&l->graph, state, task);

	return to != GRAPH_NOWHERE && l->mark[to].set == l->mark[state].set ? to : GRAPH_NOWHERE;
}

/* The tasks that lead from @state to a state of its set, by bit. */
static unsigned int tasks_within(const struct liveness *l, uint32_t state)
{
	unsigned int tasks = 0;

	for (unsigned int rest = l->graph.state[state].enabled; rest; rest &= rest - 1)
		if (next_within(l, state, __builtin_ctz(rest)) != GRAPH_NOWHERE)
			tasks |= rest & -rest;
	return tasks;
}

/*
 * The @nr @states are a component: keep it if it is fair, or remove the states in which a starved
 * task is enabled.
 */
static void judge_component(struct liveness *l, const uint32_t *states, uint32_t nr)
{
	unsigned int enabled = 0, taken = 0, starved;
	uint32_t set = ++l->nr_sets;

	for (uint32_t i = 0; i < nr; i++)
		l->mark[states[i]].set = set;
	for (uint32_t i = 0; i < nr; i++) {
		enabled |= l->graph.state[states[i]].enabled;
		taken |= tasks_within(l, states[i]);
	}
	starved = enabled & ~taken;
	l->taken_apart |= taken && starved;
	for (uint32_t i = 0; i < nr; i++) {
		struct mark *mark = &l->mark[states[i]];

		if (!taken || l->graph.state[states[i]].enabled & starved)
			mark->set = LEFT_OUT;
		else if (!starved)
			mark->set = set | FAIR;
	}
}

static void enter(struct liveness *l, uint32_t state)
{
	struct mark *mark = &l->mark[state];

	mark->index = mark->low = ++l->nr_indices;
	mark->untried = l->graph.state[state].enabled;
	l->stack[l->stacked++] = state;
	l->path[l->depth++] = state;
}

static void lower(struct mark *mark, uint32_t low)
{
	mark->low = low < mark->low ? low : mark->low;
}

/* The top has no untried step left. */
static void leave(struct liveness *l)
{
	uint32_t state = l->path[--l->depth], end = l->stacked;

	if (l->depth)
		lower(&l->mark[l->path[l->depth - 1]], l->mark[state].low);
	if (l->mark[state].low != l->mark[state].index)
		return;
	while (l->stack[--l->stacked] != state)
		;
	judge_component(l, &l->stack[l->stacked], end - l->stacked);
}

/*
 * A complete component has a number of its own: states with the number of the top are on the
 * stack.
 */
static void find_components(struct liveness *l, uint32_t start)
{
	enter(l, start);
	while (l->depth && !search_is_out_of_time(l->search)) {
		uint32_t state = l->path[l->depth - 1], to;
		struct mark *mark = &l->mark[state];

		if (!mark->untried) {
			leave(l);
			continue;
		}
		to = next_within(l, state, __builtin_ctz(mark->untried));
		mark->untried &= mark->untried - 1;
		if (to == GRAPH_NOWHERE)
			continue;
		if (l->mark[to].index)
			lower(mark, l->mark[to].index);
		else
			enter(l, to);
	}
}

/* Each round removes at least one task from each component that is not fair. */
static void find_fair_sets(struct liveness *l)
{
	uint32_t nr = l->graph.nr;

	l->nr_sets = 1;
	for (uint32_t i = 0; i < nr; i++)
		l->mark[i].set = 1;
	do {
		l->taken_apart = false;
		l->nr_indices = 0;
		for (uint32_t i = 0; i < nr; i++)
			l->mark[i].index = 0;
		for (uint32_t i = 0; i < nr; i++)
			if (!l->mark[i].index && l->mark[i].set != LEFT_OUT &&
			    !(l->mark[i].set & FAIR))
				find_components(l, i);
	} while (l->taken_apart && !search_is_out_of_time(l->search));
}

/* --- a run into a fair set, and around it once ----------------------------------- */

static bool is_fair(const struct liveness *l, uint32_t state)
{
	return l->mark[state].set & FAIR;
}

static bool has_missing(const struct liveness *l, uint32_t state)
{
	return tasks_within(l, state) & l->missing;
}

static bool is_home(const struct liveness *l, uint32_t state)
{
	return state == l->home;
}

static bool append(struct liveness *l, int task)
{
	struct mmref_schedule *run = &l->run;

	if (run->length == l->room) {
		size_t room = l->room ? l->room * 2 : 256;
		uint8_t *tasks = realloc(run->tasks, room);

		if (!tasks)
			return false;
		run->tasks = tasks;
		l->room = room;
	}
	run->tasks[run->length++] = task;
	l->missing &= ~(1u << task);
	return true;
}

/* The nearest goal, breadth first from @from. @inside: by steps within its set. */
static uint32_t find_nearest(struct liveness *l, uint32_t from, bool inside,
			     bool (*is_goal)(const struct liveness *l, uint32_t state))
{
	uint32_t *queue = l->stack, first = 0, last = 0;

	for (uint32_t i = 0; i < l->graph.nr; i++)
		l->mark[i].met = false;
	l->mark[from].met = true;
	queue[last++] = from;
	while (first < last && !is_goal(l, queue[first])) {
		uint32_t state = queue[first++];

		for (unsigned int rest = l->graph.state[state].enabled; rest; rest &= rest - 1) {
			int task = __builtin_ctz(rest);
			uint32_t to = graph_next(&l->graph, state, task);

			if (to == GRAPH_NOWHERE || l->mark[to].met ||
			    (inside && l->mark[to].set != l->mark[from].set))
				continue;
			l->mark[to].met = true;
			l->mark[to].before = state;
			l->mark[to].task = task;
			queue[last++] = to;
		}
	}
	return first < last ? queue[first] : GRAPH_NOWHERE;
}

/* Append the steps that find_nearest() found from @from to @to. */
static bool append_way(struct liveness *l, uint32_t from, uint32_t to)
{
	uint32_t nr = 0;

	for (; to != from; to = l->mark[to].before)
		l->path[nr++] = to;
	while (nr--)
		if (!append(l, l->mark[l->path[nr]].task))
			return false;
	return true;
}

/* Along shortest paths to a step of each missing task, and back. */
static bool go_around(struct liveness *l)
{
	uint32_t at = l->home, to;

	l->missing = 0;
	for (uint32_t i = 0; i < l->graph.nr; i++)
		if (l->mark[i].set == l->mark[at].set)
			l->missing |= l->graph.state[i].enabled;
	while (l->missing) {
		int task;

		to = find_nearest(l, at, true, has_missing);
		task = __builtin_ctz(tasks_within(l, to) & l->missing);
		if (!append_way(l, at, to) || !append(l, task))
			return false;
		at = next_within(l, to, task);
	}
	to = find_nearest(l, at, true, is_home);
	return append_way(l, at, to);
}

struct violation livelock(const struct mmref_sim *sim, int task)
{
	return (struct violation){
		.kind = MMREF_LIVELOCK,
		.site = sim->fiber[task]->pending.site,
		.why = "each task that can run does, and the run comes back to where it was",
	};
}

/* Note the run. Its loop begins after the steps that lead into the fair set. */
static bool tell(struct liveness *l)
{
	struct mmref_sim *sim = l->search->sim;
	struct mmref_found *found = search_found(l->search, MMREF_LIVELOCK);
	size_t stem = l->run.length;
	struct violation v;

	if (!found || !go_around(l))
		return false;
	sim_reset(sim);
	for (size_t i = 0; i < stem; i++)
		sim_step(sim, l->run.tasks[i]);
	v = livelock(sim, l->run.tasks[stem]);
	found->loop = stem;
	return search_note(l->search, found, &v, l->run.tasks, l->run.length);
}

/* Is there no room within the limit of memory for what comes on top of the graph? */
static bool exceeds_limit(const struct liveness *l)
{
	size_t most = l->search->options->max_memory;
	size_t of_state = sizeof(*l->mark) + sizeof(*l->stack) + sizeof(*l->path);

	return most && graph_bytes(&l->graph) + l->graph.nr * of_state > most;
}

static bool go(struct liveness *l)
{
	struct mmref_result *result = l->search->result;
	size_t nr;

	if (!graph_build(&l->graph, l->search))
		return false;
	if (!result->bounded_by && exceeds_limit(l))
		result->bounded_by = "max-memory";
	if (result->bounded_by)
		return true;
	nr = l->graph.nr;
	l->mark = calloc(nr, sizeof(*l->mark));
	l->stack = malloc(nr * sizeof(*l->stack));
	l->path = malloc(nr * sizeof(*l->path));
	if (!l->mark || !l->stack || !l->path)
		return false;
	find_fair_sets(l);
	if (result->bounded_by)
		return true;
	l->home = find_nearest(l, 0, false, is_fair);
	if (l->home == GRAPH_NOWHERE)
		return true;
	return append_way(l, 0, l->home) && tell(l);
}

bool search_livelocks(struct search *search)
{
	struct liveness l = { .search = search };
	bool ok = go(&l);

	graph_free(&l.graph);
	free(l.mark);
	free(l.stack);
	free(l.path);
	free(l.run.tasks);
	return ok;
}
