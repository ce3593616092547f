/* SPDX-License-Identifier: MIT */
/*
 * A machine: a world in memory of its own and the real threads that run in it.
 *
 *	awake = threads that run + RCU callbacks under way
 *
 * A thread counts as awake until it has found its condition false under the
 * machine's lock, and is made awake again by its waker, not by itself. So where
 * awake comes to 0 nothing can change any more, and whoever still sleeps sleeps
 * for ever: no clock is asked. Then the sleepers are judged and sent home, which
 * is how every thread always ends.
 */
#ifndef NATIVE_MACHINE_H
#define NATIVE_MACHINE_H

#include <mmref/program.h>

#include <pthread.h>
#include <setjmp.h>

#include "kernel/host.h"
#include <mmref/linux/sched.h>
#include "world.h"

/* After the program's threads two of the machine's: who runs RCU callbacks, who sets the scene. */
enum {
	CALLBACKS = MMREF_MAX_THREADS,
	SCENE,
	NR_THREADS,
};

struct thread {
	struct task task;	/* first: the running thread is found by its task */
	struct machine *machine;
	void (*body)(void *arg);
	void *arg;
	pthread_t pthread;
	jmp_buf end;			/* where it goes when it dies or is sent home */

	const volatile void *waits_at;	/* under the machine's lock, as is asleep */
	bool asleep;
	pthread_cond_t woken;

	unsigned int rcu_nesting;
	uint64_t steps;
	uint64_t random;
	uint32_t pace;			/* a pause each so many steps, a power of two minus 1 */
	uint64_t nap_at;		/* the step before which it sleeps a while; 0 for none */
	double nap;			/* seconds */
};

struct machine {
	struct mmref_host host;	/* first: the host finds its machine by it */
	struct mmref_rules rules;	/* resolved */
	struct world *world;
	int mallocx_flags;		/* whose memory all of it is */
	uint64_t random;

	struct thread thread[NR_THREADS];	/* by task id */
	unsigned int nr_threads;	/* of the program */
	unsigned int not_there;		/* threads that have not come to the start yet */
	bool tireless;			/* its threads may take any number of steps */

	pthread_mutex_t lock;
	pthread_cond_t quiet;		/* awake came to 0 */
	unsigned int awake;
	unsigned int nr_sleepers;	/* that look, or have looked, at their conditions */
	bool over;			/* nobody can run any more: sleepers go home */
	enum mmref_violation violation;	/* the gravest so far */
	const char *why;
};

/* A machine with an empty world of @size bytes under @rules, or NULL. @random is its seed. */
struct machine *machine_new(const struct mmref_rules *rules, size_t size, int mallocx_flags,
			    uint64_t random);
void machine_free(struct machine *machine);

/* @body(@arg) is one of the threads. At most MMREF_MAX_THREADS; false beyond that. */
bool machine_add_thread(struct machine *machine, const char *name, void (*body)(void *arg),
			void *arg);
/* Start the threads together; back when all have ended. False if they could not be started. */
bool machine_run(struct machine *machine);
/*
 * Run @body(@arg) as the only thread, on the calling pthread, which is not
 * registered with liburcu. False if it dies or sleeps for ever.
 */
bool machine_run_alone(struct machine *machine, void (*body)(void *arg), void *arg);

/* Keep @kind if it is the gravest so far. */
void machine_note(struct machine *machine, enum mmref_violation kind, const char *why);

/* host.c: who the model announces its steps to. */
extern const struct mmref_host native_host;
/* rcu.c */
extern const struct rcu_flavour native_rcu;

static inline struct thread *running(void)
{
	return (struct thread *)current;
}

/* One thread or callback less that can run; under the lock. */
void machine_one_less_awake(struct machine *machine);
/* Let the calling thread take its time now and then, so that no two rounds are alike. */
void thread_dawdle(struct thread *thread);
void thread_nap(double seconds);
/* It ends here, whatever it holds. */
void thread_end(struct thread *thread) __attribute__((noreturn));
/* Run @func(@arg) as the task of @thread, on the calling pthread. False if it ended early. */
bool thread_call(struct thread *thread, void (*func)(void *arg), void *arg);

static inline uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif
