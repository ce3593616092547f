/* SPDX-License-Identifier: MIT */
#include "explore/crew.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Steps of a path that is given away, or told; longer ones are not. */
#define LONGEST	((size_t)1 << 16)

/* Branches that are worth going the way to them for. */
#define LEAST	4

/* What hand there is in the box between who gives and who takes. */
enum box {
	BOX_EMPTY,
	BOX_IN_HAND,
	BOX_FULL,
};

/* A run to a violation that a worker found. */
struct run {
	struct mmref_found found;	/* but for its schedule */
	size_t length;
	uint8_t tasks[LONGEST];
};

struct worker {
	pid_t pid;
	bool ok, comes_back;
	const char *bounded_by, *error;
	uint64_t steps, executions;
	unsigned int nr_runs;
	struct run run[MMREF_NR_VIOLATIONS];
};

struct crew {
	unsigned int workers;
	atomic_uint waiting;
	atomic_bool ended;
	atomic_uint_fast64_t claimed;	/* pieces of work, from the first on */
	atomic_int box;			/* enum box */
	size_t length;
	uint8_t tasks[LONGEST];
	uint16_t untried[LONGEST];
	struct worker worker[];
};

/* Which of the crew this process is. */
static unsigned int own_number;

static size_t size_of(unsigned int workers)
{
	return sizeof(struct crew) + workers * sizeof(struct worker);
}

static void crew_free(struct crew *crew)
{
	munmap(crew, size_of(crew->workers));
}

/* A crew for @search, whose visited set is shared then. NULL without memory. */
static struct crew *crew_new(struct search *search, unsigned int workers)
{
	struct crew *crew = mmap(NULL, size_of(workers), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (crew == MAP_FAILED)
		return NULL;
	crew->workers = workers;
	visited_free(&search->visited);
	if (visited_init_shared(&search->visited, search->options->max_memory))
		return crew;
	crew_free(crew);
	return NULL;
}

bool crew_begins(const struct search *search)
{
	return !search->crew || own_number == 0;
}

bool crew_claims(const struct search *search, uint64_t number)
{
	uint_fast64_t claimed = number;

	return atomic_compare_exchange_strong(&search->crew->claimed, &claimed, number + 1);
}

/* --- branches -------------------------------------------------------------------- */

bool crew_has_ended(const struct search *search)
{
	return search->crew && atomic_load_explicit(&search->crew->ended, memory_order_relaxed);
}

bool crew_waits(const struct search *search)
{
	const struct crew *crew = search->crew;

	return crew && atomic_load_explicit(&crew->waiting, memory_order_relaxed) &&
	       atomic_load_explicit(&crew->box, memory_order_relaxed) == BOX_EMPTY;
}

/* States on @path of which something is untried, and that are not the top. */
static size_t nr_open(const struct path *path)
{
	size_t nr = 0;

	for (size_t i = 0; i + 1 < path->depth; i++)
		nr += path->untried[i] != 0;
	return nr;
}

/* Every other one goes, the oldest first: it has most below it. The last is at ->length. */
static void split(struct crew *crew, struct path *path)
{
	bool goes = false;

	crew->length = 0;
	for (size_t i = 0; i + 1 < path->depth && i < LONGEST; i++) {
		goes ^= path->untried[i] != 0;
		crew->untried[i] = goes ? path->untried[i] : 0;
		if (!crew->untried[i])
			continue;
		path->untried[i] = 0;
		crew->length = i;
	}
	memcpy(crew->tasks, path->tasks, crew->length);
}

void crew_give(struct search *search, struct path *path)
{
	struct crew *crew = search->crew;
	int empty = BOX_EMPTY;

	if (nr_open(path) < LEAST ||
	    !atomic_compare_exchange_strong(&crew->box, &empty, BOX_IN_HAND))
		return;
	split(crew, path);
	atomic_store(&crew->box, BOX_FULL);
}

/* A worker that was killed will never wait for more. */
static bool somebody_died(struct crew *crew)
{
	int status;

	for (unsigned int i = 1; own_number == 0 && i < crew->workers; i++)
		if (crew->worker[i].pid && waitpid(crew->worker[i].pid, &status, WNOHANG) > 0) {
			crew->worker[i].pid = 0;
			if (!crew->worker[i].ok)
				return true;
		}
	return false;
}

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
}

/* Nobody has anything left when all wait, and there is nothing in the box. */
static bool is_over(struct crew *crew)
{
	if (somebody_died(crew))
		atomic_store(&crew->ended, true);
	return atomic_load(&crew->ended) ||
	       (atomic_load(&crew->waiting) == crew->workers &&
		atomic_load(&crew->box) == BOX_EMPTY);
}

/*
 * Who takes from the box no longer waits before it is empty again: so all wait and it is
 * empty only when nobody is at work.
 */
bool crew_take(struct search *search, struct branches *branches)
{
	static uint8_t tasks[LONGEST];
	static uint16_t untried[LONGEST];
	struct crew *crew = search->crew;
	int full = BOX_FULL;

	if (!crew)
		return false;
	atomic_fetch_add(&crew->waiting, 1);
	while (!atomic_compare_exchange_strong(&crew->box, &full, BOX_IN_HAND)) {
		full = BOX_FULL;
		if (is_over(crew))
			return false;
		nap();
	}
	atomic_fetch_sub(&crew->waiting, 1);
	memcpy(tasks, crew->tasks, crew->length);
	memcpy(untried, crew->untried, (crew->length + 1) * sizeof(untried[0]));
	*branches = (struct branches){
		.tasks = tasks,
		.untried = untried,
		.length = crew->length,
	};
	atomic_store(&crew->box, BOX_EMPTY);
	return true;
}

/* --- processes ------------------------------------------------------------------- */

static void put_runs(struct worker *worker, const struct mmref_result *result)
{
	for (unsigned int i = 0; i < result->nr_found; i++) {
		const struct mmref_schedule *schedule = &result->found[i].schedule;
		struct run *run = &worker->run[worker->nr_runs];

		if (schedule->length > LONGEST) {
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
		atomic_store(&search->crew->ended, true);
	worker->bounded_by = result->bounded_by;
	worker->error = result->error;
	worker->steps = result->steps;
	worker->executions = result->executions;
	worker->comes_back = search->comes_back;
	worker->ok = ok;
	put_runs(worker, result);
}

/* One of the others: it ends with who forked it, and tells what it found through the crew. */
static void __attribute__((noreturn)) work_for(struct search *search, pid_t parent,
					       unsigned int number, bool (*work)(struct search *))
{
	own_number = number;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	report(search, &search->crew->worker[number], work(search));
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
	return true;
}

static bool add_worker(struct search *search, const struct worker *worker)
{
	struct mmref_result *result = search->result;
	bool ok = worker->ok;

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
	struct crew *crew = search->crew;
	pid_t parent = getpid();

	for (unsigned int i = 1; i < crew->workers; i++) {
		pid_t pid = fork();

		if (pid == 0)
			work_for(search, parent, i, work);
		if (pid < 0) {
			atomic_store(&crew->ended, true);
			search->result->error = "no process for another worker";
			return false;
		}
		crew->worker[i].pid = pid;
	}
	return true;
}

static bool crew_run(struct search *search, bool (*work)(struct search *search))
{
	struct crew *crew = search->crew;
	bool ok;

	own_number = 0;
	ok = fork_others(search, work) && work(search);
	if (!ok || search->result->bounded_by)
		atomic_store(&crew->ended, true);
	for (unsigned int i = 1; i < crew->workers; i++)
		if (crew->worker[i].pid)
			waitpid(crew->worker[i].pid, NULL, 0);
	for (unsigned int i = 1; i < crew->workers; i++)
		ok &= add_worker(search, &crew->worker[i]);
	visited_count(&search->visited);
	return ok;
}

bool crew_search(struct search *search, bool (*work)(struct search *search))
{
	unsigned int workers = search->options->workers;
	bool ok;

	if (workers < 2)
		return work(search);
	search->crew = crew_new(search, workers);
	if (!search->crew)
		return false;
	ok = crew_run(search, work);
	crew_free(search->crew);
	search->crew = NULL;
	return ok;
}
