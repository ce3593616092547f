/* SPDX-License-Identifier: MIT */
/*
 * A checkpoint: a depth-first search in a file, which another process can resume.
 *
 * 	"mmref checkpoint 4\n"
 * 	version, scenario, rules	length and bytes of each
 * 	struct checkpoint_head
 * 	violations found		kind and strategy, length and tasks of each
 * 	path				untried, tasks, fingerprints, sleep sets
 * 	visited set			fingerprints
 * 	checksum			XXH3, of all before it
 *
 * The world itself is not saved. A resumed search replays the path, and checks that it reaches
 * the states that the file names.
 *
 * A fingerprint covers bytes that hold addresses, so it is comparable only if everything lies at
 * the same addresses: ->layout says whether it does.
 */
#ifndef EXPLORE_CHECKPOINT_H
#define EXPLORE_CHECKPOINT_H

#include "explore/path.h"
#include "explore/search.h"
#include "explore/sleep_set.h"

#define CHECKPOINT_MAGIC	"mmref checkpoint 4\n"
#define CHECKPOINT_WORDS	3

struct checkpoint_head {
	struct fingerprint layout, content;
	uint64_t steps, executions, nanoseconds;
	uint64_t states, depth;
	uint32_t nr_found, nr_fibers;
	uint64_t comes_back;
};

/* The sleep set of a state on the path, without its accesses. */
/* A violation, and the strategy that found it. */
struct checkpoint_found {
	uint32_t kind, strategy;
};

struct checkpoint_frame {
	uint16_t asleep, taken, finished;
};

/* What the file belongs to, in the order of the file. */
void checkpoint_words(const struct mmref_checkpoint *checkpoint,
		      const char *words[CHECKPOINT_WORDS]);
/*
 * Hashes all that addresses in a world depend on: the text of the program and its libraries,
 * where it is mapped, and the root of @sim.
 */
struct fingerprint checkpoint_layout(const struct mmref_sim *sim);
struct fingerprint checkpoint_content(const struct mmref_checkpoint *checkpoint);

/* Has the time between two checkpoints passed? */
bool checkpoint_is_due(const struct search *search);
/* Replace the file. False with errno on failure; then the old file stays. */
bool checkpoint_write(struct search *search, const struct path *path,
		      const struct sleep_set *sleep);
/*
 * Resume from ->resume: the simulation then stands at the end of @path. False, with the result
 * refused, if the file is not a checkpoint of this search. Each sleeping step is taken once and
 * undone, to record its accesses.
 */
bool checkpoint_read(struct search *search, struct path *path, struct sleep_set *sleep);

#endif
