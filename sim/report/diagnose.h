/* SPDX-License-Identifier: MIT */
/*
 * Finds the causes of a violation in the run that shows it: see cause.h.
 *
 * Each kind of violation has a function of its own in diagnose.c. A cause is a fact of the run.
 * Where two tasks could be meant, none is named.
 */
#ifndef REPORT_DIAGNOSE_H
#define REPORT_DIAGNOSE_H

#include "report/cause.h"
#include "report/history.h"
#include "report/run_end.h"

/* Call at the end of a run, before the world is reset. */
void find_causes(struct causes *causes, const struct run_end *end, const struct holders *holders,
		 const struct history *history);

/* Replay @schedule in @sim, and find the causes of its violation. */
void find_causes_of_run(struct causes *causes, struct mmref_sim *sim,
			const struct mmref_schedule *schedule);

#endif
