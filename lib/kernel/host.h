/* SPDX-License-Identifier: MIT */
/*
 * Who schedules. The model asks its host for three things only: it announces a
 * step before it makes it, it sleeps until a condition holds, and it says when
 * something changed that a sleeper may be waiting for. sim/sched answers by
 * switching fibers, sim/native by letting real threads run on.
 *
 * A host may bring its own RCU (liburcu does); one that brings none gets the
 * model's, in rcu.c.
 */
#ifndef KERNEL_HOST_H
#define KERNEL_HOST_H

#include <mmref/check.h>
#include <mmref/linux/sched.h>
#include <mmref/trace.h>

struct mmref_outcome;
struct mmref_sim;
struct page;
struct rcu_head;
struct task;

struct rcu_flavour {
	void (*read_lock)(const struct mmref_site *site);
	void (*read_unlock)(const struct mmref_site *site);
	void (*synchronize)(const struct mmref_site *site);
	void (*call)(const struct mmref_site *site, struct rcu_head *head,
		     void (*func)(struct rcu_head *head));
};

/* A violation as the model sees it happen; the words are found by the report. */
struct violation {
	enum mmref_violation kind;
	const struct mmref_site *site;
	const struct page *page;	/* or NULL */
	const char *why;
};

struct mmref_host {
	/* The calling task is about to make @step. Others may run before it does. */
	void (*step)(struct mmref_host *host, const struct mmref_step *step);
	/* As step(), but not before @sleep->ready() holds. */
	void (*sleep)(struct mmref_host *host, const struct mmref_step *step,
		      const struct sleep *sleep);
	/*
	 * The step under way comes to @size bytes at @object besides what it announced: to
	 * others it is not independent of theirs. May be NULL.
	 */
	void (*touch)(struct mmref_host *host, const volatile void *object, size_t size,
		      enum mmref_access access);
	/* Sleepers on @object should look at their conditions again. */
	void (*wake)(struct mmref_host *host, const volatile void *object);
	/* @v has happened. Returns unless the host ends the run there. */
	void (*violation)(struct mmref_host *host, const struct violation *v);
	/* The calling task has died in the kernel; does not return. */
	void (*die)(struct mmref_host *host) __attribute__((noreturn));
	/* An operation of the calling task begins (@name), or ends (NULL) with @outcome; may be NULL. */
	void (*operation)(struct mmref_host *host, const char *name,
			  const struct mmref_outcome *outcome);
	const struct rcu_flavour *rcu;
	struct mmref_sim *sim;	/* the simulation that the tasks belong to; NULL: real threads */
};

/*
 * While a check evaluates a kernel function it takes no steps, wakes nobody and warns of nothing.
 * The function runs as a task of @world that nobody schedules. These nest.
 */
struct peek {
	struct task as;
	struct task *was;
	bool was_peeking;
};

void mmref_peek_begin(struct peek *peek, const struct world *world);
void mmref_peek_end(const struct peek *peek);
/* The check that peeked was abandoned: end all peeks. */
void mmref_peek_abandon(void);

/* Has come what @task waits for in ___wait_var_event()? False where it does not wait so. */
bool wait_is_over_peek(const struct task *task);

#endif
