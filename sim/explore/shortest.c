/* SPDX-License-Identifier: MIT */
/*
 * By distance from the start, for the shortest run to a violation, and for the level at
 * which the search is dealt out to shards.
 *
 * A shard goes on from its own states of that level alone. Each run goes through the level;
 * if it is a shortest one, by the path by which its state there was first come to, or by
 * another of that length. So the shortest of all that the shards find has no shorter.
 */
#include <stdlib.h>
#include <string.h>

#include "explore/search.h"
#include "sched/snapshot.h"

/* A state to be expanded: its snapshot, and the step that led to it. */
struct node {
	struct node *next;
	struct state_key key;
	uint32_t origin;	/* index of the step into it */
	_Alignas(16) char snapshot[];
};

/* How a state was first come to: from where, and by which task. */
struct origin {
	uint32_t before;
	uint8_t task;
};

struct shortest {
	struct search *search;
	struct node *first, **last;
	uint64_t queued;
	struct origin *origin;	/* origin[0] is the start */
	uint32_t nr, room;
	char *scratch;
	size_t scratch_size;
	unsigned int kinds;	/* still to be met, by bit */
	unsigned int level;	/* distance of the states at the head of the queue */
	bool dealt;		/* of them we have our own alone */
	bool full;		/* a state was left out for want of memory */
	bool tells_ends;	/* nobody else explores what we come to */
	struct visited *above;	/* for the states of the levels up to the one at hand, or NULL */
	uint64_t steps, executions;
};

static bool add_origin(struct shortest *s, uint32_t before, int task)
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

static bool enqueue(struct shortest *s, uint32_t origin)
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
	node->key = memory_key(s->search->sim);
	node->origin = origin;
	memcpy(node->snapshot, s->scratch, size);
	*s->last = node;
	s->last = &node->next;
	s->queued++;
	return true;
}

static struct node *dequeue(struct shortest *s)
{
	struct node *node = s->first;

	s->first = node->next;
	if (!s->first)
		s->last = &s->first;
	s->queued--;
	return node;
}

static size_t length_of(const struct shortest *s, uint32_t origin)
{
	size_t length = 0;

	for (uint32_t i = origin; i; i = s->origin[i].before)
		length++;
	return length;
}

/* The @length steps that end in the last one of @origin. */
static void copy_path(const struct shortest *s, uint32_t origin, uint8_t *path, size_t length)
{
	for (uint32_t i = origin; i; i = s->origin[i].before)
		path[--length] = s->origin[i].task;
}

/* The path that ends in the last step of @origin. */
static bool note(struct shortest *s, const struct violation *v, uint32_t origin)
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

/* The state at hand, that nobody has come to before. */
static bool arrive(struct shortest *s, uint32_t origin)
{
	struct mmref_sim *sim = s->search->sim;
	struct violation v;
	int sleeper;

	if (sim_enabled(sim))
		return enqueue(s, origin);
	s->executions++;
	if (sim_ends_badly(sim, &v, &sleeper))
		return note(s, &v, origin);
	if (s->tells_ends && s->search->at_end)
		s->search->at_end(s->search->cookie, sim);
	return true;
}

static bool expand(struct shortest *s, struct node *node, int task)
{
	struct search *search = s->search;
	enum visit visit;
	uint32_t origin;

	snapshot_restore(search->sim, node->snapshot);
	sim_step(search->sim, task);
	s->steps++;
	if (!add_origin(s, node->origin, task))
		return false;
	origin = s->nr - 1;

	if (search->sim->warning.kind && !note(s, &search->sim->warning, origin))
		return false;
	if (search->sim->fatal.kind) {
		s->executions++;
		return note(s, &search->sim->fatal, origin);
	}
	visit = visited_add(&search->visited, memory_key(search->sim));
	if (visit == VISIT_NEW)
		return arrive(s, origin);
	s->full |= visit == VISIT_NO_MEMORY;
	if (s->above && visited_has(s->above, memory_key(search->sim)))
		search->comes_back = true;
	s->executions++;
	s->nr--;
	return true;
}

static bool begin(struct shortest *s)
{
	struct mmref_sim *sim = s->search->sim;

	s->last = &s->first;
	sim_reset(sim);
	if (sim->fatal.kind)
		return note(s, &sim->fatal, 0);	/* before the first step: no run is shorter */
	visited_add(&s->search->visited, memory_key(sim));
	return add_origin(s, 0, 0) && arrive(s, 0);
}

static void end(struct shortest *s)
{
	while (s->first)
		free(dequeue(s));
	free(s->origin);
	free(s->scratch);
}

static bool expand_first(struct shortest *s)
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
 * Whatever comes to a state of the level at hand from this one or from below may have gone
 * round: its way is longer than the shortest.
 */
static bool keep_level(struct shortest *s)
{
	for (const struct node *node = s->first; s->above && node; node = node->next)
		if (visited_add(s->above, node->key) == VISIT_NO_MEMORY)
			return false;
	return true;
}

/* From the states of a level to those of the next. */
static bool walk_level(struct shortest *s)
{
	bool ok = keep_level(s);

	for (uint64_t rest = s->queued; ok && rest && s->kinds; rest--)
		ok = expand_first(s);
	s->level++;
	return ok;
}

/* Is there something to deal out, and enough for all? */
static bool is_to_be_dealt(const struct shortest *s)
{
	return s->search->options->shards && !s->dealt &&
	       s->queued >= search_prefixes_wanted(s->search);
}

static bool is_own(const struct shortest *s, const struct node *node, uint8_t *path)
{
	copy_path(s, node->origin, path, s->level);
	return search_owns_path(s->search, path, s->level);
}

/* The states of the level at hand that are another shard's leave the queue. */
static bool deal(struct shortest *s)
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
		free(node);
	}
	free(path);
	return true;
}

static bool go(struct shortest *s, size_t most)
{
	bool ok = begin(s);

	while (ok && s->first && s->kinds && s->search->visited.states < most)
		ok = is_to_be_dealt(s) ? deal(s) : walk_level(s);
	return ok;
}

bool search_shortest(struct search *search, unsigned int kinds, size_t most)
{
	struct shortest s = { .search = search, .kinds = kinds };
	bool ok = go(&s, most);

	end(&s);
	return ok;
}

static bool copy_frontier(const struct shortest *s, struct frontier *frontier)
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

bool search_frontier(struct search *search, struct frontier *frontier)
{
	struct shortest s = {
		.search = search,
		.kinds = ~0u,
		.tells_ends = true,
		.above = &search->above,
	};
	struct mmref_result *result = search->result;
	bool ok = begin(&s);

	while (ok && s.first && !s.dealt && !search_is_cut_short(search) &&
	       !search_is_late(search)) {
		ok = is_to_be_dealt(&s) ? deal(&s) : walk_level(&s);
		if (s.full)
			result->bounded_by = "max-memory";
	}
	result->steps += s.steps;
	result->executions += s.executions;
	if (ok && s.dealt)
		ok = copy_frontier(&s, frontier);
	end(&s);
	return ok;
}
