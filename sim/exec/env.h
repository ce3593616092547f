/* SPDX-License-Identifier: MIT */
/*
 * The environment of a program that runs: what each of its objects is now.
 *
 * It lies in the world, because it changes during a run and is part of the state. The program
 * never changes and stays outside.
 */
#ifndef EXEC_ENV_H
#define EXEC_ENV_H

#include <mmref/program.h>

#include "world.h"

struct env {
	const struct mmref_program *program;
	struct world *world;
	void *object[MMREF_MAX_OBJECTS];	/* NULL before an object is made, and once it is gone */
};

/*
 * Make the objects that @program has from the start. The calling task makes them. NULL: the world
 * is full.
 */
struct env *env_build(struct world *world, const struct mmref_program *program);

#endif
