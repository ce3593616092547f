/* SPDX-License-Identifier: MIT */
/*
 * CMocka assertions on a simulation. A test that fails prints the run that shows
 * why, as `mmref explain` does.
 *
 *	assert_mmref_holds(sim);
 *	assert_mmref_violates(sim, MMREF_USE_AFTER_UNPLUG);
 *
 * To be included after <cmocka.h>.
 */
#ifndef MMREF_CMOCKA_H
#define MMREF_CMOCKA_H

#include <mmref/explore.h>
#include <mmref/report.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every interleaving of @sim was explored, and none violated anything. */
#define assert_mmref_holds(sim)                                                                    \
	mmref_assert_verdict((sim), MMREF_NONE, __FILE__, __LINE__)
/* Some interleaving of @sim leads to @violation, and none to a graver one. */
#define assert_mmref_violates(sim, violation)                                                      \
	mmref_assert_verdict((sim), (violation), __FILE__, __LINE__)

/* Line by line: CMocka cuts a longer message short. */
static inline void mmref_print_lines(char *text)
{
	for (char *line = text, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!end) {
			print_error("%s\n", line);
			return;
		}
		*end = '\0';
		print_error("%s\n", line);
	}
}

static inline void mmref_print_found(struct mmref_sim *sim, const struct mmref_result *result)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	if (!result->nr_found)
		return;
	out = open_memstream(&text, &size);
	if (!out)
		return;
	mmref_print_run(out, sim, &result->found[0]);
	fclose(out);
	mmref_print_lines(text);
	free(text);
}

static inline const char *mmref_verdict_text(const struct mmref_result *result)
{
	if (result->verdict == MMREF_VIOLATES || result->verdict == MMREF_HANGS)
		return mmref_violation_name(result->violation);
	return mmref_verdict_name(result->verdict);
}

/* Explore @sim; fail the test at @file:@line unless it comes to @wanted (none: it holds). */
static inline void mmref_assert_verdict(struct mmref_sim *sim, enum mmref_violation wanted,
					const char *file, int line)
{
	struct mmref_result result;
	bool found, good;

	mmref_explore(sim, NULL, &result);
	found = result.verdict == MMREF_VIOLATES || result.verdict == MMREF_HANGS;
	good = wanted == MMREF_NONE ? result.verdict == MMREF_HOLDS :
				      found && result.violation == wanted;
	if (!good) {
		print_error("%s, not %s\n", mmref_verdict_text(&result),
			    wanted == MMREF_NONE ? "holds" : mmref_violation_name(wanted));
		if (result.verdict == MMREF_ERROR && result.error)
			print_error("%s\n", result.error);
		mmref_print_found(sim, &result);
	}
	mmref_result_free(&result);
	if (!good)
		_fail(file, line);
}

#ifdef __cplusplus
}
#endif

#endif
