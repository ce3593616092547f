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
 * Thread bodies are ordinary C functions that run many times. They may write to the world
 * (mmref_alloc()) and to their own stack, and use no stdio, malloc or static variables. mmref_explore()
 * checks samples of their steps, and of functions of your own rule set. It returns an error if a
 * step differs when taken again, crashes, or takes 2 s of CPU or 10 s in all: see mmref_result.fault.
 * While a simulation exists, mmref handles SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT and
 * SIGVTALRM; signals from other code go to the previous handlers.
 *
 * One simulation at a time in each thread of the using program.
 */
#ifndef MMREF_EXPLORE_H
#define MMREF_EXPLORE_H

#include <mmref/check.h>
#include <mmref/introspect.h>
#include <mmref/outcome.h>
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

/*
 * No call of this header or of ops.h ends the using program: each returns the error value that
 * stands beside it, and mmref_error() says in words what was wrong. A NULL or freed @sim is an error too.
 *
 * What the last failed call on @sim was about: "punch: Invalid argument". NULL where none has failed.
 * The text of a broken scene stays: an operation of the scene that would sleep for ever, or that dies
 * in an oops, returns -EDEADLK or NULL; so do all later ones, and @sim cannot be explored any more.
 * @sim NULL: of the last call of this thread that had no simulation, as mmref_sim_new() when it fails.
 * The text is valid until the next call on @sim. Errors of thread bodies are not kept.
 */
const char *mmref_error(const struct mmref_sim *sim);

/* A world under @rules with nothing in it. NULL when @rules or its name is NULL, or memory is short. */
struct mmref_sim *mmref_sim_new(const struct mmref_rules *rules);
/*
 * The world that @program describes, its scene set and its threads added. NULL
 * and *@error (may be NULL) where memory is short, or the scene cannot be set
 * under @rules. @program must outlive it.
 */
struct mmref_sim *mmref_sim_program(const struct mmref_program *program,
				    const struct mmref_rules *rules, const char **error);
/*
 * NULL is let pass, and so is @sim when it was freed before: simulations are known by their address,
 * which a later one may get.
 */
void mmref_sim_free(struct mmref_sim *sim);

/*
 * @body(@arg) is one of the threads. False beyond MMREF_MAX_THREADS, once @sim has been explored or
 * run, or when @name or @body is NULL. @name must outlive @sim.
 * Threads of one name, body and argument are one another's equals: of states that
 * differ in nothing but which of them is where, one is explored.
 */
bool mmref_thread(struct mmref_sim *sim, const char *name, void (*body)(void *arg), void *arg);
/* @size zeroed bytes of the world, which thread bodies share; NULL when it is full. */
void *mmref_alloc(struct mmref_sim *sim, size_t size);
/* Inside a thread body: report a violation, kernel-bug, with the text @why. */
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
	/* not all, but as many runs as are asked for, drawn by chance */
	MMREF_RANDOM,	/* a random walk */
	MMREF_PCT,	/* random priorities, and few changes of them */
	MMREF_POS,	/* random priorities, drawn anew where steps race */
	MMREF_SURW,	/* even chances for all orders of the steps that touch one object */
	MMREF_PORTFOLIO,	/* these four in turn */
	MMREF_NR_STRATEGIES,
};

#define MMREF_RUNS	10000	/* where none are asked for */
#define MMREF_MAX_DEPTH	64

/* What MMREF_SURW looks at. */
enum mmref_focus_object {
	MMREF_FOCUS_MOST,	/* the page or pgmap that several threads touch most at first */
	MMREF_FOCUS_PAGE,	/* the struct page of a pfn */
	MMREF_FOCUS_PGMAP,	/* that of a device */
};

struct mmref_focus {
	enum mmref_focus_object object;
	unsigned long number;	/* the pfn, or that of the device */
};

/*
 * A search of states that is kept in a file while it goes on. What ->resume goes
 * on from must have been written of the same version, scenario and so on, by the
 * same program with everything at the same addresses (see personality(2),
 * ADDR_NO_RANDOMIZE); anything else is refused.
 */
struct mmref_checkpoint {
	const char *file;	/* written at the start, in between, and at the end; or NULL */
	double seconds;		/* how often in between; 0: never */
	const char *resume;	/* the one to go on from, maybe ->file; or NULL */
	const char *version, *scenario, *rules;
	const void *content;	/* of the scenario */
	size_t content_size;	/* bytes */
};

/* How far a search has come. */
struct mmref_progress {
	uint64_t nanoseconds;		/* since it began */
	uint64_t left;			/* nanoseconds, at most; 0 where nobody knows */
	uint64_t states, steps, executions;
	uint64_t runs;			/* the executions that there will be; 0 where nobody knows */
	uint64_t bytes;			/* that the states seen take */
	size_t depth;			/* steps to the state at hand; 0 where no states are kept */
	size_t untried;			/* ways on from the states up to it that are left to take */
	const char *phase;		/* "looking for shortest runs"; NULL: the search itself */
	enum mmref_violation found;	/* the gravest found so far; MMREF_NONE: none */
};

struct mmref_options {
	enum mmref_strategy strategy;
	bool no_symmetry;	/* MMREF_STATES: no symmetry reduction */
	/*
	 * MMREF_STATES, MMREF_DPOR: the number of processes that explore; 0: this one alone.
	 * Not of a shard, nor with a checkpoint, few preemptions or a check of determinism.
	 */
	unsigned int workers;
	bool no_livelocks;	/* MMREF_STATES: do not look for livelocks */
	/*
	 * MMREF_STATES: no random runs. Otherwise the search takes 100,000 steps of MMREF_PORTFOLIO after
	 * a million of its own, and again a tenth of its own each time that these have grown fourfold.
	 * Random runs add violations to the result, but no states, steps or executions.
	 */
	bool no_random_runs;
	bool commuting;		/* MMREF_DPOR: additions to a counter commute if no put acts */
	bool few_preemptions;	/* MMREF_STATES: at most ->preemptions in a run */
	unsigned int preemptions;	/* switches away from a task that could continue */
	uint64_t max_states;	/* 0: no bound */
	double max_seconds;	/* 0: no bound */
	size_t max_memory;	/* bytes of the search itself; 0: no bound */
	/* of random runs */
	uint64_t seed;		/* the same seed takes the same runs; 0: 1 */
	uint64_t runs;		/* 0: MMREF_RUNS */
	unsigned int depth;	/* of MMREF_PCT, up to MMREF_MAX_DEPTH; 0: 3 */
	struct mmref_focus focus;
	/* called about ten times a second, between two steps; uses no floating point; may be NULL */
	void (*progress)(void *cookie, const struct mmref_progress *progress);
	void *progress_cookie;
	/* of MMREF_STATES alone */
	const struct mmref_checkpoint *checkpoint;	/* NULL: none */
	bool check_determinism;	/* take each step twice, and hold the states against each other */
	/* explore the @shard-th part, from 1, of @shards; 0: all */
	unsigned int shard, shards;
};

#define MMREF_MAX_SHARDS	4096
#define MMREF_MAX_WORKERS	64


/*
 * One kind of violation that was found, with a shortest run to it: of all where states
 * were explored to the end, else of those that were met.
 */
struct mmref_found {
	enum mmref_violation violation;
	struct mmref_schedule schedule;
	const struct mmref_site *site;	/* the step at which it showed; NULL at the end of a run */
	const char *why;
	int page;			/* index for mmref_sim_page(), or -1 */
	size_t loop;			/* MMREF_LIVELOCK: the steps after so many repeat for ever */
	enum mmref_strategy strategy;	/* that found the run */
};

/*
 * Code that is not mmref's went wrong: a function of a rule set of one's own or a thread's body
 * crashed, does not return, or leads elsewhere when a step is taken again.
 */
struct mmref_fault {
	int task;			/* whose step it was; -1: there was no such fault */
	uint64_t step;			/* of the run, from 1; 0: before the first */
	char functions[128];		/* of the rule set, in which it happened: "folio_put, ..."; or "" */
	struct mmref_stack stack;	/* the calls under way, innermost first; may be empty */
};

struct mmref_result {
	enum mmref_verdict verdict;
	enum mmref_violation violation;	/* the gravest found */
	bool complete;			/* every interleaving was explored */
	/* "max-states", "runs", ...; NULL where complete; "shard" of a whole part */
	const char *bounded_by;
	const char *error;		/* NULL unless MMREF_ERROR */
	enum mmref_strategy strategy;
	uint64_t seed;			/* of random runs; 0 where there were none */
	const struct mmref_site *error_site;	/* of the step that went wrong, or NULL */
	struct mmref_fault fault;
	bool refused;			/* the error is of the checkpoint: exit status 2 */
	const char *error_file;		/* the checkpoint that the error is of, or NULL */
	int error_number;		/* errno of that file, or 0 */
	uint64_t states;		/* visited; 0 if the strategy keeps none */
	uint64_t steps;			/* taken, in all runs */
	double collision;		/* probability that two states had one fingerprint */
	uint64_t executions;		/* runs, to their end or to a known state */
	double seconds;
	uint64_t bytes;			/* of the visited set */
	uint64_t max_rss_kb;
	/* of a shard: the work that all shards share */
	uint64_t prefixes;		/* beginnings of runs; 0: all runs end before */
	unsigned int prefix_length;	/* of each, in steps */
	struct mmref_found *found;	/* gravest first */
	unsigned int nr_found;
};

/*
 * Explore all interleavings. 0, or -1 with ->verdict MMREF_ERROR and ->error: @sim has no threads, its
 * scene is broken or violates something, @options do not fit together, or memory is short. ->error is
 * valid as long as the text of mmref_error(). @options may be NULL. Afterwards the simulation is unchanged
 * and can be explored or replayed.
 */
int mmref_explore(struct mmref_sim *sim, const struct mmref_options *options,
		  struct mmref_result *result);
void mmref_result_free(struct mmref_result *result);

const char *mmref_verdict_name(enum mmref_verdict verdict);
const char *mmref_strategy_name(enum mmref_strategy strategy);
/* Does it draw runs by chance? What it has not found may be there all the same. */
bool mmref_strategy_is_random(enum mmref_strategy strategy);

/* --- a run, looked at ------------------------------------------------- */

/* What happens in a run, as it happens; members may be NULL. */
struct mmref_observer {
	void *cookie;
	/* @task begins @operation; or (NULL) ends the one it was in, with @outcome. */
	void (*operation)(void *cookie, int task, const char *operation,
			  const struct mmref_outcome *outcome);
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

/* A run leaves the world as it ends: back to before the first step, to look at that. */
void mmref_rewind(struct mmref_sim *sim);

/*
 * Run the threads one after another, in the order they were added: each until its
 * body returns, or until it sleeps and nobody awake can wake it. A sleeping thread continues,
 * before any later thread begins, as soon as it can; the model's own kernel threads run
 * whenever no thread can. mmref calls @observer as mmref_replay() does, and a violation that would end
 * a replay ends this run too. Returns the number of steps taken.
 */
size_t mmref_run_in_order(struct mmref_sim *sim, const struct mmref_observer *observer);

/*
 * End the exploration of @sim that is under way, which is then bounded by
 * "interrupted"; one begun later ends at once. For signal handlers.
 */
void mmref_interrupt(struct mmref_sim *sim);

/* The @i-th device page of the world as it stands; false past the last. */
bool mmref_sim_page(struct mmref_sim *sim, unsigned int i, struct mmref_page *page);
/* Call @visit for each table entry of the world that is not empty, by table, owner and index. */
void mmref_sim_entries(struct mmref_sim *sim,
		       void (*visit)(void *cookie, const struct mmref_entry *entry), void *cookie);
/* Where @task sleeps; NULL if it does not sleep, or has been woken. */
const struct mmref_site *mmref_sim_asleep(struct mmref_sim *sim, int task);
const char *mmref_sim_task_name(struct mmref_sim *sim, int task);
unsigned int mmref_sim_nr_tasks(struct mmref_sim *sim);
/* What @object is part of, in words: "page 1 refcount"; into @text of @size bytes. */
void mmref_sim_describe(struct mmref_sim *sim, const volatile void *object, char *text,
			size_t size);
/*
 * The index for mmref_sim_page() of the device page that @object belongs to: it
 * lies in the page's struct page, or is a page table entry that names the page.
 * -1 where it is neither, and for NULL.
 */
int mmref_sim_page_of(struct mmref_sim *sim, const volatile void *object);

/* --- sequential steps --------------------------------------------------- */

/* Callbacks of a sequential scenario; members may be NULL. */
struct mmref_teller {
	void *cookie;
	/* A watched page at @checkpoint; @name is "page+5" for the sixth of its file. */
	void (*page)(void *cookie, const char *checkpoint, const char *name,
		     const struct mmref_page *page);
	/* What came of @label, which was done after @checkpoint ("-" before the first). */
	void (*outcome)(void *cookie, const char *checkpoint, const char *label,
			const struct mmref_outcome *outcome);
};

/*
 * Take the steps of @program under @rules in their order. 0, or -1: no memory, no steps, or a function
 * of @rules crashed or does not return.
 */
int mmref_take_steps(const struct mmref_program *program, const struct mmref_rules *rules,
		     const struct mmref_teller *teller);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
