/* SPDX-License-Identifier: MIT */
/* A run as lanes; see <mmref/report.h>. */
#ifndef REPORT_LANES_H
#define REPORT_LANES_H

#include <mmref/report.h>

struct run_summary {
	enum mmref_violation violation;	/* the gravest, or MMREF_NONE */
	size_t steps;			/* how many could be taken */
};

/*
 * Replay @schedule in @sim and print it. Steps that report/step_filter.h does not show are
 * folded, unless @all_steps.
 */
struct run_summary print_lanes(FILE *out, struct mmref_sim *sim,
			    const struct mmref_schedule *schedule, bool all_steps);

#endif
