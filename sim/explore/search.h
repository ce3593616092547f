/* SPDX-License-Identifier: MIT */
/*
 * The searches, and what they share.
 *
 * search_all() goes deep first and visits every state once; search_dpor() keeps no
 * states, and takes every execution once; search_random() takes runs by chance, and is
 * never complete. search_shortest() goes by distance and stops when it has met every
 * kind of violation that it was asked for; the paths it finds have no shorter.
 * search_livelocks() keeps the whole graph of states, and looks for runs in it that
 * never end.
 *
 * A shard explores the runs that begin with its own part of the prefixes that are dealt out.
 */
#ifndef EXPLORE_SEARCH_H
#define EXPLORE_SEARCH_H

#include "explore/visited.h"
#include "sched/sim.h"

struct crew;
struct path;

struct search {
	struct mmref_sim *sim;
	const struct mmref_options *options;
	struct mmref_result *result;
	struct visited visited;
	struct crew *crew;		/* of several processes that share ->visited, or NULL */
	struct visited above;		/* of a shard: the states up to those that were dealt out */
	bool comes_back;		/* some run comes to a state twice */
	uint64_t started;		/* by search_clock(); earlier by what was spent before */
	uint64_t deadline;		/* 0 for none */
	uint64_t asked;			/* how often, whether it is out of time */
	uint64_t checkpoint_every;	/* nanoseconds; 0 for at the end alone */
	uint64_t checkpoint_due;
	uint64_t progress_due, progress_at;	/* by the clock; by steps */
	const struct path *path;	/* of a search of states */
	uint64_t runs;			/* of random ones, how many there will be */
	/* called at the end of each run that violated nothing; may be NULL */
	void (*at_end)(void *cookie, struct mmref_sim *sim);
	void *cookie;
	unsigned int prefixes;		/* to be dealt out for each shard; 0: enough to even out */
};

/* All of mmref_explore() but the room it leaves behind: 0, or -1 with the result an error. */
int search_run(struct search *search);

bool search_all(struct search *search);
bool search_shard(struct search *search);
bool search_dpor(struct search *search);
bool search_random(struct search *search);
/* It gives up at @most states: what was found before stays where it is shorter. */
bool search_shortest(struct search *search, unsigned int kinds, size_t most);
bool search_livelocks(struct search *search);
/* Of the runs found, ones of the same length that change tasks less often. */
bool search_fewer_switches(struct search *search);

/* Progress, to who asked for it, where some time has passed. */
void search_tells(struct search *search);

/* All that can come after @prefix, of @length steps. */
bool search_from(struct search *search, const uint8_t *prefix, size_t length);

/* The prefixes that are a shard's own, one after the other. */
struct frontier {
	uint8_t *paths;
	size_t nr, length;
};

/*
 * Go by distance to the first level with states enough for all shards, and keep of its
 * states those that are our own; of what leads to it, what is violated is noted.
 */
bool search_frontier(struct search *search, struct frontier *frontier);

/* How many prefixes there are to be before they are dealt out. */
uint64_t search_prefixes_wanted(const struct search *search);
/* Is the @number-th piece of work ours? All are where there are no shards. */
bool search_owns(const struct search *search, uint64_t number);
/* The same of all that begins with @path. The same in each shard, on any machine. */
bool search_owns_path(const struct search *search, const uint8_t *path, size_t length);

/*
 * Nanoseconds of the monotonic clock. No floating point while fibers run: its
 * sticky flags are saved on their stacks, and would tell equal states apart.
 */
uint64_t search_clock(void);
/* sim_reset() and sim_step(), taken twice where that is asked for: false where they differ. */
bool search_begin(struct search *search);
bool search_step(struct search *search, int task);
/*
 * Where that is asked for: do the steps of the tasks @left_out, from the state at hand, lead to
 * what is finished? Equals are told apart then, as what is known is known of one of them.
 */
bool search_checks(struct search *search, const struct path *path, unsigned int left_out);
/* What was found, and what it was bounded by, as a verdict. */
void search_judge(struct mmref_result *result);
/* Can @task take the next step? It does; not beyond what ends a run. */
bool search_steps_on(struct mmref_sim *sim, unsigned int task);
/*
 * Do @tasks make a run that ends in a violation of this @kind? *@v tells of it, and the
 * simulation is left there.
 */
bool search_run_shows(struct mmref_sim *sim, const uint8_t *tasks, size_t length,
		      enum mmref_violation kind, struct violation *v);
/* Has the time come, or an interrupt? Notes which in the result. Not each time is looked. */
bool search_is_out_of_time(struct search *search);
/* Has the time come? For who asks seldom: it is looked. */
bool search_is_late(struct search *search);
/* Has any bound been reached? */
bool search_is_cut_short(struct search *search);
/* The entry for @kind, made where there is none; NULL without memory. */
struct mmref_found *search_found(struct search *search, enum mmref_violation kind);
/* Is there none in @found yet, or a longer one than @path, or one as long that comes after it? */
bool search_is_sooner(const struct mmref_found *found, const uint8_t *path, size_t length);
/* Put what @v says, and the path to it, into @found; false without memory. */
bool search_note(struct search *search, struct mmref_found *found, const struct violation *v,
		 const uint8_t *path, size_t length);

#endif
