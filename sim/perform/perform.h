/* SPDX-License-Identifier: MIT */
/*
 * A program carried out by the model: its objects made, its operations done.
 *
 * The stage lies in the world, since what a name stands for changes as a run
 * goes on; the program itself never changes, and stays outside.
 */
#ifndef PERFORM_PERFORM_H
#define PERFORM_PERFORM_H

#include <mmref/explore.h>
#include <mmref/ops.h>

#include "perform/part.h"
#include "sched/sim.h"

struct stage {
	const struct mmref_program *program;
	struct world *world;
	void *object[MMREF_MAX_OBJECTS];	/* what each is now; NULL before it is made */
};

/* Make what @program has from the start, on behalf of the calling task. NULL: no room. */
struct stage *stage_build(struct world *world, const struct mmref_program *program);

/* The map of process @in that @object is; ERR_PTR() where it cannot be had. */
void *perform_mmap(const struct part *part, struct mmref_process *in,
		   const struct mmref_object *object);

/* Do @op on behalf of @part, and say what came of it. */
void perform(const struct part *part, const struct mmref_op *op, struct mmref_outcome *outcome);

/* What the scene is set by: run @body as the only task. False if it never returns. */
bool perform_alone(struct mmref_sim *sim, void (*body)(void *arg), void *arg);

#endif
