/* SPDX-License-Identifier: MIT */
/*
 * CMocka assertions on a simulation. The message of a failed test has the verdict and the run that
 * shows why, as `mmref explain` prints it; CMOCKA_MESSAGE_OUTPUT=xml or tap keeps all of it.
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
#include <strings.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every interleaving of @sim was explored, and none violated anything. */
#define assert_mmref_holds(sim)                                                                    \
	mmref_assert_verdict((sim), MMREF_NONE, __FILE__, __LINE__)
/* Some interleaving of @sim leads to @violation, and none to a graver one. */
#define assert_mmref_violates(sim, violation)                                                      \
	mmref_assert_verdict((sim), (violation), __FILE__, __LINE__)

/* The run of the gravest violation found goes to @out, as mmref_print_run() has it. */
static inline void mmref_write_found(FILE *out, struct mmref_sim *sim,
				     const struct mmref_result *result)
{
	if (result->nr_found)
		mmref_print_run(out, sim, &result->found[0]);
}

static inline const char *mmref_verdict_text(const struct mmref_result *result)
{
	if (result->verdict == MMREF_VIOLATES || result->verdict == MMREF_HANGS)
		return mmref_violation_name(result->violation);
	return mmref_verdict_name(result->verdict);
}

/* CMocka prints so much of a message on a terminal; its XML and TAP have all of it. */
#define MMREF_CMOCKA_MESSAGE	1000

/* "lost-wakeup, not holds", then why, as mmref_error() or the run tells it. To be freed. */
static inline char *mmref_failure_text(struct mmref_sim *sim, const struct mmref_result *result,
				       enum mmref_violation wanted)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s, not %s\n", mmref_verdict_text(result),
		wanted == MMREF_NONE ? "holds" : mmref_violation_name(wanted));
	if (result->verdict == MMREF_ERROR && result->error)
		fprintf(out, "%s\n", result->error);
	if (result->verdict == MMREF_BOUNDED && result->bounded_by)
		fprintf(out, "cut short by %s\n", result->bounded_by);
	mmref_write_found(out, sim, result);
	fclose(out);
	return text;
}

/*
 * Fail the test with @text as its message, which XML and TAP keep whole: only CMocka's own assertions
 * can write to it. _assert_true() leaves by a jump, so the next failure frees @text.
 */
static inline void mmref_fail(char *text, const char *file, int line)
{
	const char *output = getenv("CMOCKA_MESSAGE_OUTPUT");
	static char *kept;

	free(kept);
	kept = text;
	if (text && strlen(text) > MMREF_CMOCKA_MESSAGE && (!output || !strcasecmp(output, "stdout")))
		fputs(text, stderr);
	_assert_true(0, text ? text : "not enough memory for the report", file, line);
}

/* Explore @sim; fail the test at @file:@line unless it comes to @wanted (none: it holds). */
static inline void mmref_assert_verdict(struct mmref_sim *sim, enum mmref_violation wanted,
					const char *file, int line)
{
	struct mmref_result result;
	bool found, good;
	char *text = NULL;

	mmref_explore(sim, NULL, &result);
	found = result.verdict == MMREF_VIOLATES || result.verdict == MMREF_HANGS;
	good = wanted == MMREF_NONE ? result.verdict == MMREF_HOLDS :
				      found && result.violation == wanted;
	if (!good)
		text = mmref_failure_text(sim, &result, wanted);
	mmref_result_free(&result);
	if (!good)
		mmref_fail(text, file, line);
}

#ifdef __cplusplus
}
#endif

#endif
