/* SPDX-License-Identifier: MIT */
/*
 * The states seen: a set of keys, in memory of its own.
 *
 * It lies in parts, each of which grows by a quarter when four fifths of it are in
 * use: at most 25 bytes a state, and no moment at which all of it is there twice.
 *
 * Processes that share one lock a part at a time. What they keep of a key besides is how
 * far from the start the state was first come to, in place of its last 16 bits.
 */
#ifndef EXPLORE_VISITED_H
#define EXPLORE_VISITED_H

#include <stdatomic.h>

#include "sched/memory.h"

#define VISITED_PARTS	16

struct visited_part {
	struct state_key *slot;		/* both words 0: empty */
	size_t slots;
	size_t states;
	/* where it is shared */
	atomic_flag locked;
	char *half;			/* room for slots twice over, in turns */
};

struct visited {
	unsigned int heap;		/* a jemalloc arena, dropped whole */
	struct visited_part own[VISITED_PARTS];
	struct visited_part *part;	/* ->own, or memory that processes share */
	uint64_t mask;			/* of the bits of ->high that are the key's */
	size_t states;
	size_t bytes;
	size_t max_bytes;		/* 0: no bound */
};

enum visit {
	VISIT_NEW,
	VISIT_KNOWN,
	VISIT_NO_MEMORY,
};

bool visited_init(struct visited *visited, size_t max_bytes);
/* The same, for this process and those that it forks. */
bool visited_init_shared(struct visited *visited, size_t max_bytes);
/*
 * Room for @states that come in any order. Without it those that come in the order
 * of their slots crowd the beginning of each part. False where that is too much.
 */
bool visited_reserve(struct visited *visited, size_t states);
/* @key will be asked for soon. */
void visited_expect(const struct visited *visited, struct state_key key);
enum visit visited_add(struct visited *visited, struct state_key key);
/* Of a shared set: *@length is how far the state is from the start; of a known one, it was. */
enum visit visited_add_shared(struct visited *visited, struct state_key key, uint16_t *length);
/* ->states and ->bytes of a shared set, as they are now. */
void visited_count(struct visited *visited);
bool visited_has(const struct visited *visited, struct state_key key);
void visited_free(struct visited *visited);

#endif
