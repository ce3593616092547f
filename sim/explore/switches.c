/* SPDX-License-Identifier: MIT */
/*
 * Makes a shortest run easier to follow: as many steps, but fewer context switches.
 *
 * Moves consecutive steps of one task ahead, to where the task ran before, as long as the result
 * is a run that ends in the same violation.
 */
#include <stdlib.h>
#include <string.h>

#include "explore/limits.h"
#include "explore/run.h"
#include "explore/strategies.h"

/* Nobody reads a longer run; a random strategy may find one. */
#define LONGEST	300

struct order {
	struct search *search;
	struct mmref_sim *sim;
	const struct mmref_found *found;
	size_t length;
	uint8_t tasks[LONGEST], other[LONGEST];
};

static size_t nr_switches(const uint8_t *tasks, size_t length)
{
	size_t switches = 0;

	for (size_t i = 1; i < length; i++)
		switches += tasks[i] != tasks[i - 1];
	return switches;
}

/* ->other: ->tasks with the steps from @from to @to moved ahead to @at. */
static void move_ahead(struct order *order, size_t at, size_t from, size_t to)
{
	size_t moved = to - from;

	memcpy(order->other, order->tasks, order->length);
	memcpy(order->other + at, order->tasks + from, moved);
	memcpy(order->other + at + moved, order->tasks + at, from - at);
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Does ->other have fewer switches, and the same violation at the same site? */
static bool other_will_do(const struct order *order)
{
	const struct mmref_found *found = order->found;
	struct violation v;

	return nr_switches(order->other, order->length) <
		       nr_switches(order->tasks, order->length) &&
	       search_run_shows(order->sim, order->other, order->length, found->violation, &v) &&
	       v.site == found->site && is_same(v.why, found->why) &&
	       mmref_sim_page_of(order->sim, v.page) == found->page;
}

static size_t end_of_block(const struct order *order, size_t from)
{
	size_t to = from;

	while (to < order->length && order->tasks[to] == order->tasks[from])
		to++;
	return to;
}

/* Move the consecutive steps that begin at @from, or as many of them as possible, ahead to @at. */
static bool moves(struct order *order, size_t at, size_t from)
{
	for (size_t to = end_of_block(order, from); to > from; to--) {
		if (search_time_is_up(order->search))
			return false;
		move_ahead(order, at, from, to);
		if (!other_will_do(order))
			continue;
		memcpy(order->tasks, order->other, order->length);
		return true;
	}
	return false;
}

static bool has_fewer(struct order *order)
{
	for (size_t at = 0; at < order->length; at = end_of_block(order, at))
		for (size_t from = end_of_block(order, at); from < order->length;
		     from = end_of_block(order, from))
			if (moves(order, at, from))
				return true;
	return false;
}

/* A livelock names the step at which its loop begins: it stays as it is. */
static bool is_to_be_ordered(const struct mmref_found *found)
{
	return found->violation != MMREF_LIVELOCK && found->schedule.length <= LONGEST;
}

bool search_fewer_switches(struct search *search)
{
	struct mmref_result *result = search->result;
	struct order *order = malloc(sizeof(*order));

	if (!order)
		return false;
	order->search = search;
	order->sim = search->sim;
	search->phase = "removing context switches";
	for (unsigned int i = 0; i < result->nr_found; i++) {
		struct mmref_schedule *schedule = &result->found[i].schedule;

		if (!is_to_be_ordered(&result->found[i]))
			continue;
		order->found = &result->found[i];
		order->length = schedule->length;
		memcpy(order->tasks, schedule->tasks, schedule->length);
		while (has_fewer(order))
			continue;
		memcpy(schedule->tasks, order->tasks, schedule->length);
	}
	free(order);
	return true;
}
