/* SPDX-License-Identifier: MIT */
#include "nearest.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* row[j]: the distance of the letters of @a so far from the first j of @b. */
size_t word_distance(const char *a, const char *b)
{
	size_t row[NEAREST_LONGEST + 1];
	size_t length = strlen(b);

	if (length > NEAREST_LONGEST)
		return SIZE_MAX;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < length; j++) {
			size_t changed = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			row[j + 1] = least(changed, least(row[j], row[j + 1]) + 1);
		}
	}
	return row[length];
}

/* A typing error changes at most a third of a word. */
void nearest_begin(struct nearest *nearest, const char *word)
{
	nearest->word = word;
	nearest->best = NULL;
	nearest->distance = (strlen(word) + 2) / 3 + 1;
	nearest->known[0] = '\0';
	nearest->more = false;
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
	size_t used = strlen(nearest->known);
	size_t far;

	/* no word is cut */
	if (used + strlen(", ") + strlen(candidate) < sizeof(nearest->known))
		snprintf(nearest->known + used, sizeof(nearest->known) - used, "%s%s",
			 used ? ", " : "", candidate);
	else
		nearest->more = true;
	if (strlen(nearest->word) > NEAREST_LONGEST || strlen(candidate) > NEAREST_LONGEST)
		return;

	far = word_distance(nearest->word, candidate);
	if (far < nearest->distance) {
		nearest->best = candidate;
		nearest->distance = far;
	}
}

const char *nearest_hint(struct nearest *nearest)
{
	if (nearest->best)
		snprintf(nearest->hint, sizeof(nearest->hint), "did you mean '%s'?", nearest->best);
	else
		snprintf(nearest->hint, sizeof(nearest->hint), "there is %s%s", nearest->known,
			 nearest->more ? ", ..." : "");
	return nearest->hint;
}
