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
	fprintf(stderr, "usage: bench_search gup|ref THREADS ROUNDS states|dpor [WORLD-KIB]\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct mmref_options options = { .strategy = MMREF_STATES };
	struct mmref_result result;
	struct mmref_sim *sim;

	if (argc < 5 || argc > 6 || (strcmp(argv[1], "gup") != 0 && strcmp(argv[1], "ref") != 0))
		return usage();
	if (!strcmp(argv[4], "dpor"))
		options.strategy = MMREF_DPOR;
	sim = counted_program(argv[1], atoi(argv[2]), atoi(argv[3]),
			      argc == 6 ? (size_t)atoi(argv[5]) << 10 : 0);
	if (!sim || mmref_explore(sim, &options, &result) || !result.complete) {
		fprintf(stderr, "bench_search: not explored\n");
		return 1;
	}
	printf("states %" PRIu64 " executions %" PRIu64 " steps %" PRIu64 " seconds %.6f bytes %" PRIu64
	       "\n",
	       result.states, result.executions, result.steps, result.seconds, result.bytes);
	mmref_result_free(&result);
	mmref_sim_free(sim);
	return 0;
}
