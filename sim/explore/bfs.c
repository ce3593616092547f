/* SPDX-License-Identifier: MIT */
/*
 * Breadth first: shortest runs to violations, and the level at which shards divide the search.
 *
 * A shard continues from its own states of that level only. Every run passes through the level.
 * A shortest run passes through it on the path by which that state was reached first, or another
 * run of the same length does. So the shortest run of all shards is shortest overall.
 */
#include <stdlib.h>
#include <string.h>

#include "explore/fault.h"
#include "explore/limits.h"
#include "explore/result.h"
#include "explore/shard.h"
#include "explore/strategies.h"
#include "sched/snapshot.h"

/* A state to be expanded: its snapshot, and the step that led to it. */
struct node {
	struct node *next;
	size_t size;		/* bytes of the node */
	struct fingerprint fp;
	uint32_t origin;	/* index into bfs.origin */
	_Alignas(16) char snapshot[];
};

/* The step by which a state was reached first. */
struct origin {
	uint32_t before;
	uint8_t task;
};

struct bfs {
	struct search *search;
	struct node *first, **last;
	uint64_t queued;
	size_t bytes;		/* of the queue */
	struct origin *origin;	/* origin[0] is the root */
	uint32_t nr, room;
	char *scratch;
	size_t scratch_size;
	unsigned int kinds;	/* violations still to be found, by bit */
	unsigned int level;	/* distance from the root of the states at the head of the queue */
	bool dealt;		/* other shards' states are gone from the queue */
	bool full;		/* a state was dropped for want of memory */
	bool tells_ends;	/* call ->at_end: no other strategy visits these states */
	struct visited *above;	/* collects the states of this and earlier levels; may be NULL */
	uint64_t steps, executions;
};

static bool add_origin(struct bfs *s, uint32_t before, int task)
{
	if (s->nr == s->room) {
		uint32_t room = s->room ? s->room * 2 : 1024;
		struct origin *origin = realloc(s->origin, room * sizeof(*origin));

		if (!origin)
			return false;
		s->origin = origin;
		s->room = room;
	}
	s->origin[s->nr++] = (struct origin){ .before = before, .task = task };
	return true;
}

static bool enqueue(struct bfs *s, uint32_t origin)
{
	size_t bound = snapshot_bound(s->search->sim), size;
	struct node *node;

	if (bound > s->scratch_size) {
		char *scratch = realloc(s->scratch, bound);

		if (!scratch)
			return false;
		s->scratch = scratch;
		s->scratch_size = bound;
	}
	size = snapshot_save(s->search->sim, s->scratch);
	node = malloc(sizeof(*node) + size);
	if (!node)
		return false;
	node->next = NULL;
	node->size = sizeof(*node) + size;
	node->fp = memory_fingerprint(s->search->sim);
	node->origin = origin;
	memcpy(node->snapshot, s->scratch, size);
	*s->last = node;
	s->last = &node->next;
	s->queued++;
	s->bytes += node->size;
	return true;
}

static struct node *dequeue(struct bfs *s)
{
	struct node *node = s->first;

	s->first = node->next;
	if (!s->first)
		s->last = &s->first;
	s->queued--;
	s->bytes -= node->size;
	return node;
}

static size_t length_of(const struct bfs *s, uint32_t origin)
{
	size_t length = 0;

	for (uint32_t i = origin; i; i = s->origin[i].before)
		length++;
	return length;
}

/* Write the @length steps that lead to @origin to @path. */
static void copy_path(const struct bfs *s, uint32_t origin, uint8_t *path, size_t length)
{
	for (uint32_t i = origin; i; i = s->origin[i].before)
		path[--length] = s->origin[i].task;
}

/* Note @v with the run that leads to @origin, unless its kind was found before. */
static bool note(struct bfs *s, const struct violation *v, uint32_t origin)
{
	size_t length = length_of(s, origin);
	struct mmref_found *found;
	uint8_t *path;
	bool ok;

	if (!(s->kinds & 1u << v->kind))
		return true;
	path = malloc(length + 1);
	if (!path)
		return false;
	copy_path(s, origin, path, length);
	found = search_found(s->search, v->kind);
	ok = found;
	if (found && (!found->schedule.tasks || found->schedule.length >= length))
		ok = search_note(s->search, found, v, path, length);
	free(path);
	s->kinds &= ~(1u << v->kind);
	return ok;
}

/* The current state is new. */
static bool arrive(struct bfs *s, uint32_t origin)
{
	struct mmref_sim *sim = s->search->sim;
	struct violation v;
	int sleeper;

	if (sim_enabled(sim))
		return enqueue(s, origin);
	s->executions++;
	if (sim_ends_badly(sim, &v, &sleeper))
		return note(s, &v, origin);
	if (sim->fault.end.reason)
		return !search_went_wrong(s->search, length_of(s, origin));
	if (s->tells_ends && s->search->at_end)
		s->search->at_end(s->search->cookie, sim);
	return true;
}

static bool expand(struct bfs *s, struct node *node, int task)
{
	struct search *search = s->search;
	enum visit visit;
	uint32_t origin;

	snapshot_restore(search->sim, node->snapshot);
	sim_step(search->sim, task);
	s->steps++;
	if (search->sim->fault.end.reason)
		return !search_went_wrong(search, length_of(s, node->origin) + 1);
	if (!add_origin(s, node->origin, task))
		return false;
	origin = s->nr - 1;

	if (search->sim->warning.kind && !note(s, &search->sim->warning, origin))
		return false;
	if (search->sim->fatal.kind) {
		s->executions++;
		return note(s, &search->sim->fatal, origin);
	}
	visit = visited_add(&search->visited, memory_fingerprint(search->sim));
	if (visit == VISIT_NEW)
		return arrive(s, origin);
	s->full |= visit == VISIT_NO_MEMORY;
	if (s->above && visited_has(s->above, memory_fingerprint(search->sim)))
		search->comes_back = true;
	s->executions++;
	s->nr--;
	return true;
}

static bool begin(struct bfs *s)
{
	struct mmref_sim *sim = s->search->sim;

	s->last = &s->first;
	sim_reset(sim);
	if (search_went_wrong(s->search, 0))
		return false;
	if (sim->fatal.kind)
		return note(s, &sim->fatal, 0);	/* at the root: the shortest run has no steps */
	visited_add(&s->search->visited, memory_fingerprint(sim));
	return add_origin(s, 0, 0) && arrive(s, 0);
}

static void end(struct bfs *s)
{
	while (s->first)
		free(dequeue(s));
	free(s->origin);
	free(s->scratch);
}

/* Is it over time, interrupted, or over the limit of memory? */
static bool is_cut_short(struct bfs *s)
{
	struct search *search = s->search;
	size_t most = search->options->max_memory;

	s->full |= most && search->visited.bytes + s->bytes + s->room * sizeof(*s->origin) > most;
	if (s->full && !search->result->bounded_by)
		search->result->bounded_by = "max-memory";
	return search_is_out_of_time(search);
}

static bool expand_first(struct bfs *s)
{
	struct node *node = dequeue(s);
	unsigned int enabled;
	bool ok = true;

	snapshot_restore(s->search->sim, node->snapshot);
	enabled = symmetry_enough(s->search->sim, sim_enabled(s->search->sim));
	for (; ok && s->kinds && enabled; enabled &= enabled - 1)
		ok = expand(s, node, __builtin_ctz(enabled));
	free(node);
	return ok;
}

/*
 * A run that reaches a state of this level again, from the level or from below it, may have gone
 * through a cycle: ->above tells such states.
 */
static bool keep_level(struct bfs *s)
{
	for (const struct node *node = s->first; s->above && node; node = node->next)
		if (visited_add(s->above, node->fp) == VISIT_NO_MEMORY)
			return false;
	return true;
}

/* Expand all states of one level. */
static bool walk_level(struct bfs *s)
{
	bool ok = keep_level(s);

	for (uint64_t rest = s->queued; ok && rest && s->kinds && !is_cut_short(s); rest--)
		ok = expand_first(s);
	s->level++;
	is_cut_short(s);	/* a state of the last node may have found no room */
	return ok;
}

/* Does this level have enough states for all shards? */
static bool is_to_be_dealt(const struct bfs *s)
{
	return s->search->options->shards && !s->dealt &&
	       s->queued >= search_prefixes_wanted(s->search);
}

static bool is_own(const struct bfs *s, const struct node *node, uint8_t *path)
{
	copy_path(s, node->origin, path, s->level);
	return search_owns_path(s->search, path, s->level);
}

/* Remove the states of other shards from the queue. */
static bool deal(struct bfs *s)
{
	uint8_t *path = malloc(s->level + 1);
	struct node *node = s->first, *next;

	if (!path || !keep_level(s)) {
		free(path);
		return false;
	}
	s->dealt = true;
	s->search->result->prefixes = s->queued;
	s->search->result->prefix_length = s->level;
	s->first = NULL;
	s->last = &s->first;
	for (; node; node = next) {
		next = node->next;
		node->next = NULL;
		if (is_own(s, node, path)) {
			*s->last = node;
			s->last = &node->next;
			continue;
		}
		s->queued--;
		s->bytes -= node->size;
		free(node);
	}
	free(path);
	return true;
}

static bool go(struct bfs *s, size_t most)
{
	bool ok = begin(s);

	while (ok && s->first && s->kinds && s->search->visited.states < most &&
	       !s->search->result->bounded_by)
		ok = is_to_be_dealt(s) ? deal(s) : walk_level(s);
	return ok;
}

bool search_bfs(struct search *search, unsigned int kinds, size_t most)
{
	struct bfs s = { .search = search, .kinds = kinds };
	bool ok = go(&s, most);

	end(&s);
	return ok;
}

static bool copy_frontier(const struct bfs *s, struct frontier *frontier)
{
	uint8_t *path;

	frontier->length = s->level;
	frontier->paths = path = malloc(s->queued * s->level + 1);
	if (!path)
		return false;
	for (const struct node *node = s->first; node; node = node->next) {
		copy_path(s, node->origin, path, s->level);
		path += s->level;
		frontier->nr++;
	}
	return true;
}

bool search_bfs_frontier(struct search *search, struct frontier *frontier)
{
	struct bfs s = {
		.search = search,
		.kinds = ~0u,
		.tells_ends = true,
		.above = &search->above,
	};
	struct mmref_result *result = search->result;
	bool ok = begin(&s);

	while (ok && s.first && !s.dealt && !search_is_cut_short(search) &&
	       !search_is_late(search))
		ok = is_to_be_dealt(&s) ? deal(&s) : walk_level(&s);
	result->steps += s.steps;
	result->executions += s.executions;
	if (ok && s.dealt)
		ok = copy_frontier(&s, frontier);
	end(&s);
	return ok;
}
