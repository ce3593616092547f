/* SPDX-License-Identifier: MIT */
#include "explore/workers.h"

#include "explore/fault.h"
#include "explore/result.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Longer paths are not given away, and longer runs cannot be reported by a worker. */
#define LONGEST_PATH	((size_t)1 << 16)

/* States with untried steps that make a path worth dividing: the taker replays the whole path. */
#define LEAST_OPEN	4

/* The mailbox through which a work item passes from one worker to another. */
enum box {
	BOX_EMPTY,
	BOX_BUSY,
	BOX_FULL,
};

/* A run to a violation, found by a worker. */
struct run {
	struct mmref_found found;	/* ->schedule is not valid: see ->tasks */
	size_t length;
	uint8_t tasks[LONGEST_PATH];
};

struct worker {
	pid_t pid;
	bool ok, comes_back;
	const char *bounded_by, *error;
	struct sim_fault fault;
	size_t fault_step;
	uint64_t steps, executions;
	unsigned int nr_runs;
	struct run run[MMREF_NR_VIOLATIONS];
};

struct workers {
	unsigned int nr;
	atomic_uint waiting;
	atomic_bool ended;
	atomic_uint_fast64_t claimed;	/* pieces of work taken so far */
	atomic_int box;			/* enum box */
	size_t length;
	uint8_t tasks[LONGEST_PATH];
	uint16_t untried[LONGEST_PATH];
	struct worker worker[];
};

/* The number of this process among the workers; 0 is the one that forked the others. */
static unsigned int own_number;

static size_t size_of(unsigned int nr)
{
	return sizeof(struct workers) + nr * sizeof(struct worker);
}

static void workers_free(struct workers *workers)
{
	munmap(workers, size_of(workers->nr));
}

/* Shared memory for @nr workers; makes the visited set of @search shared. NULL without memory. */
static struct workers *workers_new(struct search *search, unsigned int nr)
{
	struct workers *workers = mmap(NULL, size_of(nr), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (workers == MAP_FAILED)
		return NULL;
	workers->nr = nr;
	visited_free(&search->visited);
	if (visited_init_shared(&search->visited, search->options->max_memory))
		return workers;
	search->result->error = "several workers need 64 GiB of address space; see ulimit -v";
	search->result->refused = true;
	workers_free(workers);
	return NULL;
}

bool workers_is_first(const struct search *search)
{
	return !search->workers || own_number == 0;
}

bool workers_claim(const struct search *search, uint64_t number)
{
	uint_fast64_t claimed = number;

	return atomic_compare_exchange_strong(&search->workers->claimed, &claimed, number + 1);
}

/* --- work items --------------------------------------------------------------- */

/* A worker that was killed never waits for work, so nobody would notice the end. */
static bool somebody_died(struct workers *workers)
{
	int status;

	for (unsigned int i = 1; own_number == 0 && i < workers->nr; i++)
		if (workers->worker[i].pid &&
		    waitpid(workers->worker[i].pid, &status, WNOHANG) > 0) {
			workers->worker[i].pid = 0;
			if (!workers->worker[i].ok)
				return true;
		}
	return false;
}

bool workers_stopped(const struct search *search)
{
	static unsigned int asked;
	struct workers *workers = search->workers;

	if (!workers)
		return false;
	/* a call of the system at each step would cost more than the step */
	if (++asked % 4096 == 0 && somebody_died(workers))
		atomic_store(&workers->ended, true);
	return atomic_load_explicit(&workers->ended, memory_order_relaxed);
}

bool workers_want_work(const struct search *search)
{
	const struct workers *workers = search->workers;

	return workers && atomic_load_explicit(&workers->waiting, memory_order_relaxed) &&
	       atomic_load_explicit(&workers->box, memory_order_relaxed) == BOX_EMPTY;
}

/* States on @path, below the top, that have untried steps. */
static size_t nr_open(const struct path *path)
{
	size_t nr = 0;

	for (size_t i = 0; i + 1 < path->depth; i++)
		nr += path->untried[i] != 0;
	return nr;
}

/*
 * Move the untried steps of every other open state into the mailbox, oldest first: an old state
 * has most work below it. ->length is the depth of the last such state.
 */
static void split(struct workers *workers, struct path *path)
{
	bool goes = false;

	workers->length = 0;
	for (size_t i = 0; i + 1 < path->depth && i < LONGEST_PATH; i++) {
		goes ^= path->untried[i] != 0;
		workers->untried[i] = goes ? path->untried[i] : 0;
		if (!workers->untried[i])
			continue;
		path->untried[i] = 0;
		workers->length = i;
	}
	memcpy(workers->tasks, path->tasks, workers->length);
}

void workers_give_work(struct search *search, struct path *path)
{
	struct workers *workers = search->workers;
	int empty = BOX_EMPTY;

	if (nr_open(path) < LEAST_OPEN ||
	    !atomic_compare_exchange_strong(&workers->box, &empty, BOX_BUSY))
		return;
	split(workers, path);
	atomic_store(&workers->box, BOX_FULL);
}

static void pause_briefly(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
}

/* All work is done when all workers wait and the mailbox is empty. */
static bool is_over(struct workers *workers)
{
	if (somebody_died(workers))
		atomic_store(&workers->ended, true);
	return atomic_load(&workers->ended) ||
	       (atomic_load(&workers->waiting) == workers->nr &&
		atomic_load(&workers->box) == BOX_EMPTY);
}

/*
 * A taker stops counting as waiting before it empties the mailbox. So "all wait, and the mailbox
 * is empty" is true only when no worker has work.
 */
bool workers_take_work(struct search *search, struct work_item *item,
		       bool (*is_cut_short)(struct search *search))
{
	static uint8_t tasks[LONGEST_PATH];
	static uint16_t untried[LONGEST_PATH];
	struct workers *workers = search->workers;
	int full = BOX_FULL;

	if (!workers)
		return false;
	atomic_fetch_add(&workers->waiting, 1);
	while (!atomic_compare_exchange_strong(&workers->box, &full, BOX_BUSY)) {
		full = BOX_FULL;
		if (is_over(workers))
			return false;
		if (is_cut_short(search)) {
			atomic_store(&workers->ended, true);
			return false;
		}
		pause_briefly();
	}
	atomic_fetch_sub(&workers->waiting, 1);
	memcpy(tasks, workers->tasks, workers->length);
	memcpy(untried, workers->untried, (workers->length + 1) * sizeof(untried[0]));
	*item = (struct work_item){
		.tasks = tasks,
		.untried = untried,
		.length = workers->length,
	};
	atomic_store(&workers->box, BOX_EMPTY);
	return true;
}

/* --- processes ------------------------------------------------------------------- */

static void put_runs(struct worker *worker, const struct mmref_result *result)
{
	for (unsigned int i = 0; i < result->nr_found; i++) {
		const struct mmref_schedule *schedule = &result->found[i].schedule;
		struct run *run = &worker->run[worker->nr_runs];

		if (schedule->length > LONGEST_PATH) {
			worker->ok = false;
			worker->error = "a run is too long to be told by one of several workers";
			continue;
		}
		run->found = result->found[i];
		run->length = schedule->length;
		if (run->length)
			memcpy(run->tasks, schedule->tasks, run->length);
		worker->nr_runs++;
	}
}

static void report(struct search *search, struct worker *worker, bool ok)
{
	const struct mmref_result *result = search->result;

	if (result->bounded_by || !ok)
		atomic_store(&search->workers->ended, true);
	worker->bounded_by = result->bounded_by;
	worker->error = result->error;
	worker->fault = search->sim->fault;
	worker->fault_step = search->fault_step;
	worker->steps = result->steps;
	worker->executions = result->executions;
	worker->comes_back = search->comes_back;
	worker->ok = ok;
	put_runs(worker, result);
}

/* Runs in a forked worker; it reports through shared memory, and dies with its parent. */
static void __attribute__((noreturn)) work_for(struct search *search, pid_t parent,
					       unsigned int number, bool (*work)(struct search *))
{
	own_number = number;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	search_watch(search);
	report(search, &search->workers->worker[number], work(search));
	_exit(0);
}

static bool add_run(struct search *search, const struct run *run)
{
	struct mmref_found *found = search_found(search, run->found.violation);
	struct violation v = {
		.kind = run->found.violation,
		.site = run->found.site,
		.why = run->found.why,
	};
	int page = run->found.page;

	if (!found)
		return false;
	if (!search_is_sooner(found, run->tasks, run->length))
		return true;
	if (!search_note(search, found, &v, run->tasks, run->length))
		return false;
	found->page = page;
	found->strategy = run->found.strategy;
	return true;
}

static bool add_worker(struct search *search, const struct worker *worker)
{
	struct mmref_result *result = search->result;
	bool ok = worker->ok;

	if (worker->fault.end.reason && !search->sim->fault.end.reason) {
		search->sim->fault = worker->fault;
		search->fault_step = worker->fault_step;
	}
	result->steps += worker->steps;
	result->executions += worker->executions;
	search->comes_back |= worker->comes_back;
	if (!result->bounded_by)
		result->bounded_by = worker->bounded_by;
	for (unsigned int i = 0; ok && i < worker->nr_runs; i++)
		ok = add_run(search, &worker->run[i]);
	if (!ok && !result->error)
		result->error = worker->error ? worker->error : "one of the workers died";
	return ok;
}

static bool fork_others(struct search *search, bool (*work)(struct search *search))
{
	struct workers *workers = search->workers;
	pid_t parent = getpid();

	for (unsigned int i = 1; i < workers->nr; i++) {
		pid_t pid = fork();

		if (pid == 0)
			work_for(search, parent, i, work);
		if (pid < 0) {
			atomic_store(&workers->ended, true);
			search->result->error = "no process for another worker";
			return false;
		}
		workers->worker[i].pid = pid;
	}
	return true;
}

static bool run_all(struct search *search, bool (*work)(struct search *search))
{
	struct workers *workers = search->workers;
	bool ok;

	own_number = 0;
	ok = fork_others(search, work) && work(search);
	if (!ok || search->result->bounded_by)
		atomic_store(&workers->ended, true);
	for (unsigned int i = 1; i < workers->nr; i++)
		if (workers->worker[i].pid)
			waitpid(workers->worker[i].pid, NULL, 0);
	for (unsigned int i = 1; i < workers->nr; i++)
		ok &= add_worker(search, &workers->worker[i]);
	visited_count(&search->visited);
	return ok;
}

bool workers_run(struct search *search, bool (*work)(struct search *search))
{
	unsigned int nr = search->options->workers;
	bool ok;

	if (nr < 2)
		return work(search);
	search->workers = workers_new(search, nr);
	if (!search->workers)
		return false;
	ok = run_all(search, work);
	workers_free(search->workers);
	search->workers = NULL;
	return ok;
}
