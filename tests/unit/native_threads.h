/* SPDX-License-Identifier: MIT */
/* Real threads on a world with nothing in it, for the primitives that kernel code stands on. */
#ifndef NATIVE_THREADS_H
#define NATIVE_THREADS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jemalloc/jemalloc.h>

#include "native/machine.h"

/* Bodies count what they see; what they counted is asserted when all have ended. */
typedef void (*thread_body)(void *arg);

/* Run @nr threads, one of each of @bodies, on @arg; what was wrong, in the model's words. */
static inline enum mmref_violation run_threads(const thread_body *bodies, unsigned int nr,
					       void *arg)
{
	static uint64_t seed = 88172645463325252ull;
	struct machine *machine = machine_new(&mmref_v7_2, 64 << 10, MALLOCX_TCACHE_NONE,
					      next_random(&seed));
	enum mmref_violation violation;

	assert_non_null(machine);
	machine->tireless = true;
	for (unsigned int i = 0; i < nr; i++)
		assert_true(machine_add_thread(machine, "thread", bodies[i], arg));
	assert_true(machine_run(machine));
	assert_int_equal(machine->nr_sleepers, 0);
	violation = machine->violation;
	machine_free(machine);
	return violation;
}

#define RUN(arg, ...)										\
	run_threads((const thread_body[]){ __VA_ARGS__ },					\
		    sizeof((const thread_body[]){ __VA_ARGS__ }) / sizeof(thread_body), arg)

#endif
