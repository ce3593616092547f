/* SPDX-License-Identifier: MIT */
/*
 * The visited set: fingerprints of states, in memory of its own.
 *
 * It consists of parts. A part that is four fifths full grows by a quarter: at most 25 bytes for
 * each state, and never two copies of the whole set.
 *
 * Processes that share the set lock one part at a time. Then the last 16 bits of a fingerprint
 * are replaced by the distance from the root at which its state was first reached.
 */
#ifndef EXPLORE_VISITED_H
#define EXPLORE_VISITED_H

#include <pthread.h>

#include "sched/memory.h"

#define VISITED_PARTS	16

struct visited_part {
	struct fingerprint *slot;		/* both words 0: empty */
	size_t slots;
	size_t states;
	/* of a shared set */
	pthread_mutex_t lock;		/* robust: its next owner learns that a process died */
	char *half;			/* address space for two arrays of slots, used in turn */
};

struct visited {
	unsigned int heap;		/* a jemalloc arena, dropped as a whole */
	struct visited_part own[VISITED_PARTS];
	struct visited_part *part;	/* ->own, or memory that processes share */
	uint64_t mask;			/* the bits of ->high that belong to the fingerprint */
	size_t states;
	size_t bytes;
	size_t max_bytes;		/* 0: no limit */
};

enum visit {
	VISIT_NEW,
	VISIT_KNOWN,
	VISIT_NO_MEMORY,
	VISIT_BROKEN,		/* a process died while it wrote to a shared set */
};

bool visited_init(struct visited *visited, size_t max_bytes);
/* The same, shared with the processes that this one forks. */
bool visited_init_shared(struct visited *visited, size_t max_bytes);
/*
 * Make room for @states. Needed before states are added in the order of their slots: they would
 * crowd the beginning of each part. False if that exceeds the limit.
 */
bool visited_reserve(struct visited *visited, size_t states);
/* Prefetch: @fp will be looked up soon. */
void visited_expect(const struct visited *visited, struct fingerprint fp);
enum visit visited_add(struct visited *visited, struct fingerprint fp);
/*
 * For a shared set. *@length is the distance of the state from the root; for a known state it
 * becomes the one recorded first.
 */
enum visit visited_add_shared(struct visited *visited, struct fingerprint fp, uint16_t *length);
/* Bring ->states and ->bytes of a shared set up to date. */
void visited_count(struct visited *visited);
bool visited_has(const struct visited *visited, struct fingerprint fp);
void visited_free(struct visited *visited);

#endif
