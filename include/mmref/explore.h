/* SPDX-License-Identifier: MIT */
/*
 * The simulation: one world under one rule set, the threads that run in it, and
 * the search through every order in which their steps can be taken.
 *
 *	sim = mmref_sim_new(&mmref_v7_2);
 *	device = mmref_fsdax(sim, 4);		the scene: ops.h, before the exploring
 *	mmref_thread(sim, "admin", unbind, device);
 *	mmref_explore(sim, NULL, &result);
 *	mmref_sim_free(sim);
 *
 * Thread bodies are ordinary C functions, run many times over: what they change
 * must lie in the world or on their own stack. They use no stdio, no malloc, no
 * statics; what they need to keep they get from mmref_alloc().
 *
 * One simulation at a time in each thread of the using program.
 */
#ifndef MMREF_EXPLORE_H
#define MMREF_EXPLORE_H

#include <mmref/check.h>
#include <mmref/program.h>
#include <mmref/rules.h>
#include <mmref/trace.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct mmref_sim;

/* A world under @rules with nothing in it, or NULL when memory is short. */
struct mmref_sim *mmref_sim_new(const struct mmref_rules *rules);
/*
 * The world that @program describes, its scene set and its threads added. NULL
 * and *@error (may be NULL) where memory is short, or the scene cannot be set
 * under @rules. @program must outlive it.
 */
struct mmref_sim *mmref_sim_program(const struct mmref_program *program,
				    const struct mmref_rules *rules, const char **error);
void mmref_sim_free(struct mmref_sim *sim);

/* @body(@arg) is one of the threads. At most MMREF_MAX_THREADS; false beyond that. */
bool mmref_thread(struct mmref_sim *sim, const char *name, void (*body)(void *arg), void *arg);
/* @size zeroed bytes of the world, for what thread bodies share; NULL when it is full. */
void *mmref_alloc(struct mmref_sim *sim, size_t size);
/* Inside a thread body: the run is wrong as @why says; told as a kernel-bug. */
#define mmref_assert(condition)                                                                    \
	do {                                                                                       \
		if (!(condition))                                                                  \
			mmref_assert_failed(#condition, __FILE__, __LINE__);                       \
	} while (0)
void mmref_assert_failed(const char *why, const char *file, int line);

enum mmref_verdict {
	MMREF_HOLDS,	/* every interleaving was explored, and none violated anything */
	MMREF_VIOLATES,
	MMREF_HANGS,	/* the violation is that the removal of a device never returns */
	MMREF_BOUNDED,	/* nothing found, but not everything explored; see ->bounded_by */
	MMREF_ERROR,	/* the exploring itself failed; see ->error */
};

enum mmref_strategy {
	MMREF_STATES,	/* every state once */
	MMREF_DPOR,	/* every execution once, and no states kept */
};

struct mmref_options {
	enum mmref_strategy strategy;
	bool commuting;		/* MMREF_DPOR: additions to a counter change places where they may */
	bool few_preemptions;	/* MMREF_STATES: at most ->preemptions in a run */
	unsigned int preemptions;	/* switches away from a task that could go on */
	uint64_t max_states;	/* 0: no bound */
	double max_seconds;	/* 0: no bound */
	size_t max_memory;	/* bytes of the search itself; 0: no bound */
};

/* One kind of violation that was found, with a shortest run to it. */
struct mmref_found {
	enum mmref_violation violation;
	struct mmref_schedule schedule;
	const struct mmref_site *site;	/* the step at which it showed; NULL at the end of a run */
	const char *why;
	int page;			/* index for mmref_sim_page(), or -1 */
	size_t loop;			/* MMREF_LIVELOCK: the steps after so many repeat for ever */
};

struct mmref_result {
	enum mmref_verdict verdict;
	enum mmref_violation violation;	/* the gravest found */
	bool complete;			/* every interleaving was explored */
	const char *bounded_by;		/* "max-states", ...; NULL where complete */
	const char *error;		/* NULL unless MMREF_ERROR */
	uint64_t states;		/* different ones */
	uint64_t steps;			/* taken, in all runs */
	uint64_t executions;		/* runs told apart, to their end or to a known state */
	double seconds;
	uint64_t bytes;			/* that the states seen took */
	uint64_t max_rss_kb;
	struct mmref_found *found;	/* gravest first */
	unsigned int nr_found;
};

/*
 * Explore all interleavings. 0, or -1 with ->verdict MMREF_ERROR. @options may be
 * NULL. The simulation is as before afterwards and can be explored or replayed.
 */
int mmref_explore(struct mmref_sim *sim, const struct mmref_options *options,
		  struct mmref_result *result);
void mmref_result_free(struct mmref_result *result);

const char *mmref_verdict_name(enum mmref_verdict verdict);

/* --- a run, looked at ------------------------------------------------- */

/* A device page as it stands. */
struct mmref_page {
	unsigned long pfn;
	int device;			/* number of its device */
	bool present;			/* the memmap is there */
	char kind;			/* '0' of order 0, 'H' head or 'T' tail of a compound */
	int refcount;
	int mapcount;
	int mapping;			/* inode number of its mapping, 0 for none, -1 for ANON */
	unsigned long index;		/* or share, of a page that several files share */
	bool referenced, dirty;
	/* of a head */
	unsigned int order;
	int large_mapcount, entire_mapcount, nr_pages_mapped, pincount;
	int mapped;			/* page table entries that name it */
	int held[MMREF_NR_HOLDERS];	/* in units of the count */
};

/* What happens in a run, as it happens; members may be NULL. */
struct mmref_observer {
	void *cookie;
	/* @task begins @operation (NULL: ends the one it was in). */
	void (*operation)(void *cookie, int task, const char *operation);
	/* @task took @step, the @number-th from 1. The world is as it left it. */
	void (*step)(void *cookie, size_t number, int task, const struct mmref_step *step);
	/* A violation showed; @task is -1 at the end of the run. */
	void (*violation)(void *cookie, int task, const struct mmref_found *found);
	/* The run is over; @task sleeps at @site, where it will for ever. */
	void (*asleep)(void *cookie, int task, const struct mmref_site *site);
};

/*
 * Take the steps of @schedule. The number of steps taken; fewer than it has when
 * a task that should run could not, or when a violation ended the run before.
 */
size_t mmref_replay(struct mmref_sim *sim, const struct mmref_schedule *schedule,
		    const struct mmref_observer *observer);

/*
 * Let the threads run one after another, in the order they were added: each
 * until its body returns or it sleeps with nobody awake to wake it. One that was
 * left asleep goes on, before any later thread begins, as soon as it can; the
 * model's own kernel threads run whenever no thread can. @observer is told as by
 * mmref_replay(), and a violation that would end a replay ends this run too.
 * The number of steps taken.
 */
size_t mmref_run_in_order(struct mmref_sim *sim, const struct mmref_observer *observer);

/*
 * End the exploration of @sim that is under way, which is then bounded by
 * "interrupted"; one begun later ends at once. For signal handlers.
 */
void mmref_interrupt(struct mmref_sim *sim);

/* The @i-th device page of the world as it stands; false past the last. */
bool mmref_sim_page(struct mmref_sim *sim, unsigned int i, struct mmref_page *page);
const char *mmref_sim_task_name(struct mmref_sim *sim, int task);
unsigned int mmref_sim_nr_tasks(struct mmref_sim *sim);
/* What @object is, in words: "pfn 1 refcount"; into @text of @size bytes. */
void mmref_sim_describe(struct mmref_sim *sim, const volatile void *object, char *text,
			size_t size);
/*
 * The index for mmref_sim_page() of the device page that @object belongs to: it
 * lies in the page's struct page, or is a page table entry that names the page.
 * -1 where it is neither, and for NULL.
 */
int mmref_sim_page_of(struct mmref_sim *sim, const volatile void *object);
/* Is a step of the model, a warning or an oops written in a function named @func? */
bool mmref_has_function(const char *func);
const char *mmref_holder_name(enum mmref_holder holder);

/* --- sequential steps --------------------------------------------------- */

enum mmref_outcome_kind {
	MMREF_OUTCOME_DONE,	/* value: what it returned */
	MMREF_OUTCOME_READ,	/* value: the byte read */
	MMREF_OUTCOME_WROTE,
	MMREF_OUTCOME_ERROR,	/* value: -errno */
	MMREF_OUTCOME_SIGBUS,
	MMREF_OUTCOME_BLOCKED,	/* asleep, and nobody left to wake it */
	MMREF_OUTCOME_DIED,	/* in an oops */
	MMREF_OUTCOME_WARNING,	/* kernel log */
	MMREF_OUTCOME_OOPS,	/* kernel log */
};

struct mmref_outcome {
	enum mmref_outcome_kind kind;
	int value;
	char state;			/* BLOCKED: 'S', 'D', or 'R' for who spins */
	const struct mmref_site *site;	/* where it sleeps, warned or died */
};

/* What is told of a sequential scenario as it goes; members may be NULL. */
struct mmref_teller {
	void *cookie;
	/* A watched page at @checkpoint; @name is "page+5" for the sixth of its file. */
	void (*page)(void *cookie, const char *checkpoint, const char *name,
		     const struct mmref_page *page);
	/* What came of @label, which was done after @checkpoint ("-" before the first). */
	void (*outcome)(void *cookie, const char *checkpoint, const char *label,
			const struct mmref_outcome *outcome);
};

/* Take the steps of @program under @rules in their order. 0, or -1: no memory, or no steps. */
int mmref_take_steps(const struct mmref_program *program, const struct mmref_rules *rules,
		     const struct mmref_teller *teller);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
