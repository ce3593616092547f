/* SPDX-License-Identifier: MIT */
/*
 * What must hold of a world: after each step, and at the end of a run. Checks
 * look without taking steps, and say what they found; the host decides what
 * becomes of the run.
 */
#ifndef CHECK_INVARIANTS_H
#define CHECK_INVARIANTS_H

#include "kernel/host.h"
#include "world.h"

/*
 * Each count equals its ledger, what is mapped is counted, and a page is what its words
 * say. False, and *@v, where not.
 */
bool check_step(const struct world *world, struct violation *v);

/* A stretch of the world that a step has written to. */
struct changed {
	const char *start, *end;
};

/* The same where all was right before the @nr stretches at @changed were written to. */
bool check_changed(const struct world *world, const struct changed *changed, size_t nr,
		   struct violation *v);
/* Every task has returned: nothing is held that nobody can give back. */
bool check_quiescent(const struct world *world, struct violation *v);
/* @task sleeps, and nobody is left to run: what is that to a user? */
enum mmref_violation check_sleeper(const struct task *task);

#endif
