/* SPDX-License-Identifier: MIT */
/*
 * One exploration of one of the programs, and its figures on one line:
 * "states N executions N steps N seconds S bytes N".
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs.h"

static int usage(void)
{
	fprintf(stderr, "usage: bench_search gup|ref|pure THREADS ROUNDS MODE "
			"[WORLD-KIB [WORKERS [SECONDS]]]\n"
			"MODE: states, symmetry, dpor or commuting\n"
			"SECONDS: go no further after so many; without them, to the end\n");
	return 2;
}

/* A word of @words, which are separated by blanks. */
static int is_one_of(const char *word, const char *words)
{
	const char *at = strstr(words, word);
	size_t length = strlen(word);

	return at && length && (at[length] == ' ' || !at[length]) && (at == words || at[-1] == ' ');
}

/* All of it, or what there was time for. */
static int is_as_asked(const struct mmref_options *options, const struct mmref_result *result)
{
	return result->complete ||
	       (options->max_seconds > 0 && !strcmp(result->bounded_by, "max-seconds"));
}

int main(int argc, char **argv)
{
	struct mmref_options options = { .strategy = MMREF_STATES };
	struct mmref_result result;
	struct mmref_sim *sim;

	if (argc < 5 || argc > 8 || !is_one_of(argv[1], "gup ref pure") ||
	    !is_one_of(argv[4], "states symmetry dpor commuting"))
		return usage();
	if (!is_one_of(argv[4], "states symmetry"))
		options.strategy = MMREF_DPOR;
	options.no_symmetry = !strcmp(argv[4], "states");
	options.workers = argc > 6 ? atoi(argv[6]) : 0;
	options.max_seconds = argc > 7 ? atof(argv[7]) : 0;
	options.no_livelocks = true;	/* as its peers */
	options.commuting = !strcmp(argv[4], "commuting");
	sim = counted_program(argv[1], atoi(argv[2]), atoi(argv[3]),
			      argc > 5 ? (size_t)atoi(argv[5]) << 10 : 0);
	if (!sim || mmref_explore(sim, &options, &result) || !is_as_asked(&options, &result)) {
		fprintf(stderr, "bench_search: not explored: %s\n",
			sim && result.error ? result.error : "cut short, or no memory");
		return 1;
	}
	printf("states %" PRIu64 " executions %" PRIu64 " steps %" PRIu64 " seconds %.6f bytes %" PRIu64
	       "\n",
	       result.states, result.executions, result.steps, result.seconds, result.bytes);
	mmref_result_free(&result);
	mmref_sim_free(sim);
	return 0;
}
