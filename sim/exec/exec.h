/* SPDX-License-Identifier: MIT */
/* The executor: carries operations out in the model. */
#ifndef EXEC_EXEC_H
#define EXEC_EXEC_H

#include <mmref/ops.h>
#include <mmref/outcome.h>

#include "exec/env.h"
#include "exec/thread.h"

/* Execute @op as @thread; *@outcome is what came of it. */
void exec_op(const struct exec_thread *thread, const struct mmref_op *op,
	     struct mmref_outcome *outcome);

/* mmap() of what the map @object is declared to be, in @process. ERR_PTR() on failure. */
struct mmref_map *exec_mmap(const struct exec_thread *thread, struct mmref_process *process,
			    const struct mmref_object *object);

#endif
