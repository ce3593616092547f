/* SPDX-License-Identifier: MIT */
/*
 * A search of states in a file, to be gone on with by another process.
 *
 *	"mmref checkpoint 3\n"
 *	version, scenario, rules	each its length and its bytes
 *	struct checkpoint_head
 *	what was found			kind, length and tasks of each
 *	the path			untried, tasks, keys, who is asleep
 *	the keys of the states seen
 *	checksum			XXH3, of all before it
 *
 * Nothing of the world is in it: the path is taken again, and must come to the
 * states that it came to.
 *
 * Keys are of bytes with addresses in them, and compare only where everything lies
 * where it lay; the layout says whether it does.
 */
#ifndef EXPLORE_CHECKPOINT_H
#define EXPLORE_CHECKPOINT_H

#include "explore/path.h"
#include "explore/search.h"
#include "explore/sleepers.h"

#define CHECKPOINT_MAGIC	"mmref checkpoint 3\n"
#define CHECKPOINT_WORDS	3

struct checkpoint_head {
	struct state_key layout, content;
	uint64_t steps, executions, nanoseconds;
	uint64_t states, depth;
	uint32_t nr_found, nr_fibers;
	uint64_t comes_back;
};

/* Who sleeps at a state of the path. */
struct checkpoint_rest {
	uint16_t asleep, taken, finished;
};

/* What the file is of, in the order in which the words stand in it. */
void checkpoint_words(const struct mmref_checkpoint *checkpoint,
		      const char *words[CHECKPOINT_WORDS]);
/*
 * Names all that the addresses in a world depend on: the text of the program and
 * its libraries, where that lies, and the root of @sim.
 */
struct state_key checkpoint_layout(const struct mmref_sim *sim);
struct state_key checkpoint_content(const struct mmref_checkpoint *checkpoint);

/* Is the time come to write one? */
bool checkpoint_is_due(const struct search *search);
/* Write it, in place of the one that was there; false, with errno, where that cannot be done. */
bool checkpoint_write(struct search *search, const struct path *path,
		      const struct sleepers *sleepers);
/*
 * Go on from ->resume: the simulation stands at the end of @path. False, with
 * the result refused, where the file is not one of this search. What a step would do of
 * one that is asleep is found by taking it.
 */
bool checkpoint_read(struct search *search, struct path *path, struct sleepers *sleepers);

#endif
