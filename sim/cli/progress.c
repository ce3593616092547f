/* SPDX-License-Identifier: MIT */
/* A line on the terminal while a search goes on, gone when it is done. */
#include "cli/cli.h"
#include "report/terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* Back to the beginning of the line, and nothing in it. */
#define CLEAR "\r\033[K"

static bool shown;

bool progress_is_wanted(const struct options *options)
{
	return !options->quiet && !options->json && isatty(STDERR_FILENO);
}

/* "12345 states", or "678 of 10000 runs". */
static void amount(char *text, size_t size, const struct mmref_progress *progress)
{
	if (progress->states)
		snprintf(text, size, "%" PRIu64 " states", progress->states);
	else if (progress->runs)
		snprintf(text, size, "%" PRIu64 " of %" PRIu64 " runs", progress->executions,
			 progress->runs);
	else
		snprintf(text, size, "%" PRIu64 " runs", progress->executions);
}

static void left(char *text, size_t size, const struct mmref_progress *progress)
{
	text[0] = '\0';
	if (progress->left)
		snprintf(text, size, ", %" PRIu64 " s left", progress->left / 1000000000 + 1);
}

/* Between two steps of fibers: whole numbers alone, and a line that is cut where the screen ends.
 */
void progress_show(void *cookie, const struct mmref_progress *progress)
{
	const struct verdict *of = cookie;
	uint64_t done = progress->states ? progress->states : progress->executions;
	uint64_t milliseconds = progress->nanoseconds / 1000000 + 1;
	char what[64], when[32], where[64] = "", line[256];

	amount(what, sizeof(what), progress);
	left(when, sizeof(when), progress);
	if (progress->depth)
		snprintf(where, sizeof(where), ", depth %zu, %zu untried, %" PRIu64 " MB",
			 progress->depth, progress->untried, progress->bytes >> 20);
	snprintf(line, sizeof(line), "%s under %s: %s, %" PRIu64 "/s%s%s", of->program->name,
		 of->rules->name, what, done * 1000 / milliseconds, when, where);
	fprintf(stderr, CLEAR "%.*s", (int)terminal_columns(stderr) - 1, line);
	fflush(stderr);
	shown = true;
}

void progress_clear(void)
{
	if (shown)
		fputs(CLEAR, stderr);
	shown = false;
}
