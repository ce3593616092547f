/* SPDX-License-Identifier: MIT */
/*
 * How far a search has come, on standard error: on a terminal in one line, gone when the search is
 * done; elsewhere in a line every ten seconds.
 */
#include "cli/cli.h"
#include "report/terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Back to the beginning of the line, and nothing in it. */
#define CLEAR "\r\033[K"

#define LINE_EVERY	10	/* seconds, where no terminal is */

static bool shown;
static time_t line_due;		/* the next line where no terminal is; 0: on a terminal */

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

bool progress_is_wanted(const struct options *options)
{
	line_due = isatty(STDERR_FILENO) ? 0 : seconds() + LINE_EVERY;
	return !options->quiet && !options->json;
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

/* The search itself: "12345 states, 6789/s, 3 s left, depth 40, 12 untried, 5 MB". */
static void search_text(char *text, size_t size, const struct mmref_progress *progress)
{
	uint64_t done = progress->states ? progress->states : progress->executions;
	uint64_t milliseconds = progress->nanoseconds / 1000000 + 1;
	char what[64], when[32], where[64] = "";

	amount(what, sizeof(what), progress);
	left(when, sizeof(when), progress);
	if (progress->depth)
		snprintf(where, sizeof(where), ", depth %zu, %zu untried, %" PRIu64 " MB",
			 progress->depth, progress->untried, progress->bytes >> 20);
	snprintf(text, size, "%s, %" PRIu64 "/s%s%s", what, done * 1000 / milliseconds, when, where);
}

static void line_text(char *line, size_t size, const struct verdict *of,
		      const struct mmref_progress *progress)
{
	char text[192], found[48] = "";

	if (progress->phase)
		snprintf(text, sizeof(text), "%s, after %" PRIu64 " s", progress->phase,
			 progress->nanoseconds / 1000000000);
	else
		search_text(text, sizeof(text), progress);
	if (progress->found)
		snprintf(found, sizeof(found), ", found %s", mmref_violation_name(progress->found));
	snprintf(line, size, "%s under %s: %s%s", of->program->name, of->rules->name, text, found);
}

/*
 * Between two steps of fibers: integers only. A terminal gets a line that ends where the screen
 * ends.
 */
void progress_show(void *cookie, const struct mmref_progress *progress)
{
	char line[320];

	if (line_due && seconds() < line_due)
		return;
	line_text(line, sizeof(line), cookie, progress);
	if (line_due) {
		line_due = seconds() + LINE_EVERY;
		fprintf(stderr, "mmref: %s\n", line);
		return;
	}
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
