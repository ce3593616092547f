/* SPDX-License-Identifier: MIT */
/* "Did you mean": the known word that an unknown one most likely stands for. */
#ifndef SCRIPT_NEAREST_H
#define SCRIPT_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

/* Longer words are not compared. */
#define NEAREST_LONGEST	32

/*
 * Levenshtein's distance: how many letters to add, drop or change to make one word of the other.
 * SIZE_MAX if @b is longer than NEAREST_LONGEST.
 */
size_t word_distance(const char *a, const char *b);

/* An unknown word, and the known ones it was compared with. */
struct nearest {
	const char *word;
	const char *best;	/* NULL: none is near */
	size_t distance;	/* of ->best; before: one more than may differ */
	char known[320];
	bool more;		/* ->known had no room for all */
	char hint[360];
};

void nearest_begin(struct nearest *nearest, const char *word);
void nearest_try(struct nearest *nearest, const char *candidate);
/* "did you mean 'device'?", or all known words if none is near: "there is a, b". */
const char *nearest_hint(struct nearest *nearest);

#endif
