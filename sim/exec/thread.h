/* SPDX-License-Identifier: MIT */
/*
 * A thread of a program: its operations, and the environment with the objects they work on.
 *
 * A thread that uses an object which another thread makes or releases finds it through memory that
 * both access. Such an access is a step.
 */
#ifndef EXEC_THREAD_H
#define EXEC_THREAD_H

#include <mmref/program.h>

#include <stdbool.h>
#include <stdint.h>

struct env;

struct exec_thread {
	struct env *env;
	const struct mmref_ops *ops;
	uint64_t shared;	/* objects that threads share and one of them changes, by bit */
};

/* Prepare thread number @number of @env's program. */
void thread_bind(struct exec_thread *thread, struct env *env, unsigned int number);
/* Do @a and @b execute the same operations? */
bool threads_are_symmetric(const struct exec_thread *a, const struct exec_thread *b);
/* The body of a thread: execute all operations of @arg, also after one has failed. */
void thread_run(void *arg);

#endif
