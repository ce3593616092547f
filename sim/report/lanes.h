/* SPDX-License-Identifier: MIT */
/* A run as lanes; see <mmref/report.h>. */
#ifndef REPORT_LANES_H
#define REPORT_LANES_H

#include <mmref/report.h>

struct run_told {
	enum mmref_violation violation;	/* that showed, or MMREF_NONE */
	size_t steps;			/* that could be taken */
};

/*
 * Replay @schedule in @sim and print it. Steps that are of no interest (see
 * report/interest.h) are folded, unless @all_steps.
 */
struct run_told print_lanes(FILE *out, struct mmref_sim *sim,
			    const struct mmref_schedule *schedule, bool all_steps);

/* @path as it stands in the source tree, whatever the compiler was given. */
const char *source_path(const char *path);

#endif
