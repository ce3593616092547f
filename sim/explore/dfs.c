/* SPDX-License-Identifier: MIT */
/*
 * Depth first, each state once.
 *
 * With a limit on preemptions the runs that follow a state depend on how many preemptions are
 * left, and on which task may go on without one. Both then belong to the state's fingerprint.
 */
#include <errno.h>
#include <stdlib.h>

#include "explore/checkpoint.h"
#include "explore/determinism.h"
#include "explore/fault.h"
#include "explore/limits.h"
#include "explore/result.h"
#include "explore/sleep_set.h"
#include "explore/strategies.h"
#include "explore/workers.h"

struct dfs {
	struct search *search;
	struct path path;
	struct sleep_set sleep;	/* of the states on the path */
	bool sleep_sets;			/* the search uses sleep sets */
	bool preemptions_cut;		/* the limit on preemptions kept a task from running */
};

static const struct sched_ctx root_ctx = { .runner = NOBODY };

/* The scheduling context after the last step from the top, where the tasks @enabled can run. */
static struct sched_ctx next_ctx(const struct path *path, unsigned int enabled)
{
	const struct sched_ctx *top = &path->ctx[path->depth - 1];
	int task = path->tasks[path->depth - 1];

	return (struct sched_ctx){
		.preemptions = top->preemptions + (top->runner != NOBODY && top->runner != task),
		.runner = enabled & 1u << task ? task : NOBODY,
	};
}

/* The tasks of @enabled to be explored in context @ctx. */
static unsigned int allowed(struct dfs *dfs, unsigned int enabled, struct sched_ctx ctx)
{
	const struct mmref_options *options = dfs->search->options;
	unsigned int runner;

	if (!options->few_preemptions || ctx.runner == NOBODY ||
	    ctx.preemptions < options->preemptions)
		return symmetry_enough(dfs->search->sim, enabled);
	runner = 1u << ctx.runner;
	dfs->preemptions_cut |= enabled != runner;
	return runner;
}

/* The fingerprint of the current state; includes @ctx if preemptions are limited. */
static struct fingerprint fingerprint_of(const struct dfs *dfs, struct sched_ctx ctx)
{
	struct fingerprint fp = memory_fingerprint(dfs->search->sim);
	uint64_t number = (uint64_t)ctx.preemptions << 8 | ctx.runner;

	if (dfs->search->options->few_preemptions) {
		fp.low += number * UINT64_C(0x9e3779b97f4a7c15);
		fp.high += number * UINT64_C(0xbf58476d1ce4e5b9);
	}
	return fp;
}

/* Push the current state, which has fingerprint @fp. */
static bool push(struct dfs *dfs, struct fingerprint fp, unsigned int untried, struct sched_ctx ctx)
{
	return sleep_set_push(&dfs->sleep) && path_push(&dfs->path, fp, untried, ctx);
}

/* The same, for a state that the last step led to: inherits from the sleep set below. */
static bool follow(struct dfs *dfs, struct fingerprint fp, unsigned int untried,
		   struct sched_ctx ctx)
{
	return sleep_set_push_after(&dfs->sleep, dfs->path.tasks[dfs->path.depth - 1]) &&
	       path_push(&dfs->path, fp, untried & ~sleep_set_tasks(&dfs->sleep), ctx);
}

static void drop(struct dfs *dfs)
{
	path_pop(&dfs->path);
	sleep_set_pop(&dfs->sleep);
}

/*
 * The search has backtracked over the last step from the top: add its task to the sleep set. The
 * step is finished unless there was a cycle, or other workers may still explore below it.
 */
static void add_to_sleep_set(struct dfs *dfs)
{
	const struct path *path = &dfs->path;
	bool finished = !dfs->search->comes_back && !dfs->search->workers;

	if (dfs->sleep_sets)
		sleep_set_add(&dfs->sleep, path->tasks[path->depth - 1], finished);
}

/* The top has no untried step left: back to the state before it. */
static void pop(struct dfs *dfs)
{
	drop(dfs);
	if (!dfs->path.depth)
		return;
	memory_undo(dfs->search->sim);
	add_to_sleep_set(dfs);
}

static bool note(struct dfs *dfs, const struct violation *v)
{
	return search_add_found(dfs->search, v, dfs->path.tasks, dfs->path.depth);
}

/* No task can run: the run is complete. */
static bool end_of_run(struct dfs *dfs)
{
	struct search *search = dfs->search;
	struct violation v;
	int task;

	search->result->executions++;
	if (sim_ends_badly(search->sim, &v, &task))
		return note(dfs, &v);
	if (search_went_wrong(search, dfs->path.depth))
		return false;
	if (search->at_end)
		search->at_end(search->cookie, search->sim);
	return true;
}

/* The state @fp was visited before. Can it be an ancestor of the top? */
static bool comes_back(const struct dfs *dfs, struct fingerprint fp)
{
	const struct search *search = dfs->search;

	return path_has(&dfs->path, fp) ||
	       (search->options->shards && visited_has(&search->above, fp));
}

/* Add the current state to the visited set. */
static enum visit visit(struct dfs *dfs, struct fingerprint fp)
{
	struct search *search = dfs->search;
	uint16_t length = dfs->path.depth, known = length;
	enum visit visit;

	if (search->workers) {
		visit = visited_add_shared(&search->visited, fp, &known);
		search->comes_back |= visit == VISIT_KNOWN && known != length;
	} else {
		visit = visited_add(&search->visited, fp);
		search->comes_back |= visit == VISIT_KNOWN && comes_back(dfs, fp);
	}
	return visit;
}

/* Look at the state that the last step led to. *@on: explore it. False without memory. */
static bool arrive(struct dfs *dfs, bool *on)
{
	struct search *search = dfs->search;
	unsigned int enabled = sim_enabled(search->sim);
	struct sched_ctx ctx = next_ctx(&dfs->path, enabled);
	struct fingerprint fp = fingerprint_of(dfs, ctx);

	visited_expect(&search->visited, fp);
	if (!note(dfs, &search->sim->warning) || !note(dfs, &search->sim->fatal))
		return false;
	if (search->sim->fatal.kind) {
		search->result->executions++;
		return true;
	}

	switch (visit(dfs, fp)) {
	case VISIT_KNOWN:
		search->result->executions++;
		add_to_sleep_set(dfs);
		return true;
	case VISIT_NO_MEMORY:
		search->result->bounded_by = "max-memory";
		return true;
	case VISIT_BROKEN:
		search->result->error = "one of the workers died";
		return false;
	case VISIT_NEW:
		break;
	}

	if (!enabled) {
		add_to_sleep_set(dfs);
		return end_of_run(dfs);
	}
	*on = true;
	return follow(dfs, fp, allowed(dfs, enabled, ctx), ctx) &&
	       search_check_left_out(search, &dfs->path, sleep_set_finished(&dfs->sleep));
}

static bool step(struct dfs *dfs, int task)
{
	struct search *search = dfs->search;

	bool ok = search_step(search, task);

	return !search_went_wrong(search, dfs->path.depth) && ok;
}

static bool take_step(struct dfs *dfs, int task)
{
	struct search *search = dfs->search;
	struct access_set accesses;

	if (!dfs->sleep_sets)
		return step(dfs, task);
	access_set_begin(&accesses, search->sim, task);
	if (!step(dfs, task))
		return false;
	access_set_end(&accesses, search->sim);
	return sleep_set_record(&dfs->sleep, task, &accesses);
}

/* Take one untried step from the top. */
static bool advance(struct dfs *dfs)
{
	struct search *search = dfs->search;
	struct path *path = &dfs->path;
	uint16_t *untried = &path->untried[path->depth - 1];
	int task = __builtin_ctz(*untried);
	bool on = false, ok;

	*untried &= *untried - 1;
	path->tasks[path->depth - 1] = task;
	if (!take_step(dfs, task))
		return false;
	search->result->steps++;
	ok = arrive(dfs, &on);
	if (!on)
		memory_undo(search->sim);
	if (search->result->bounded_by) {
		/* no room for its state: a search that resumes here takes the step again */
		path->untried[path->depth - 1] |= 1u << task;
		search->result->steps--;
	}
	return ok;
}

static bool begin(struct dfs *dfs)
{
	struct search *search = dfs->search;
	struct fingerprint fp;

	if (!search_begin(search) || search_went_wrong(search, 0))
		return false;
	if (search->sim->fatal.kind)
		return note(dfs, &search->sim->fatal);
	fp = fingerprint_of(dfs, root_ctx);
	visit(dfs, fp);
	if (!sim_enabled(search->sim))
		return end_of_run(dfs);
	return push(dfs, fp, allowed(dfs, sim_enabled(search->sim), root_ctx), root_ctx);
}

/* Write the checkpoint, if there is to be one. */
static bool save(struct dfs *dfs)
{
	const struct mmref_checkpoint *checkpoint = dfs->search->options->checkpoint;
	struct mmref_result *result = dfs->search->result;

	if (!checkpoint || !checkpoint->file ||
	    checkpoint_write(dfs->search, &dfs->path, &dfs->sleep))
		return true;
	result->error = "the checkpoint cannot be written";
	result->error_file = checkpoint->file;
	result->error_number = errno;
	result->refused = true;
	return false;
}

/* Writes a checkpoint at once, so that a file that cannot be written fails at the start. */
static bool begin_or_go_on(struct dfs *dfs)
{
	struct search *search = dfs->search;
	const struct mmref_checkpoint *checkpoint = search->options->checkpoint;
	bool goes_on = checkpoint && checkpoint->resume;

	if (!(goes_on ? checkpoint_read(search, &dfs->path, &dfs->sleep) : begin(dfs)))
		return false;
	if (save(dfs))
		return true;
	search->result->refused = true;
	return false;
}

/* Random runs, and back to the state at the top. */
static bool random_first(struct dfs *dfs)
{
	struct search *search = dfs->search;
	const struct path *path = &dfs->path;

	if (!search_random_first(search))
		return false;
	sim_reset(search->sim);
	for (size_t i = 0; i + 1 < path->depth; i++)
		sim_step(search->sim, path->tasks[i]);
	return true;
}

/* Explore all that the path has left to try. */
static bool explore_path(struct dfs *dfs)
{
	struct search *search = dfs->search;
	struct path *path = &dfs->path;

	while (path->depth && !search_is_cut_short(search)) {
		if (search_wants_random_runs(search) && !random_first(dfs))
			return false;
		if (checkpoint_is_due(search) && !save(dfs))
			return false;
		if (workers_want_work(search))
			workers_give_work(search, path);
		if (!path->untried[path->depth - 1])
			pop(dfs);
		else if (!advance(dfs))
			return false;
	}
	if (dfs->preemptions_cut && !search->result->bounded_by)
		search->result->bounded_by = "preemptions";
	return save(dfs);
}

/* Replay the path of @item; only the steps of @item are untried on it. */
static bool go_to_item(struct dfs *dfs, const struct work_item *item)
{
	struct search *search = dfs->search;
	struct path *path = &dfs->path;

	while (path->depth)
		drop(dfs);
	if (!search_begin(search))
		return false;
	for (size_t i = 0; i < item->length; i++) {
		if (!push(dfs, memory_fingerprint(search->sim), item->untried[i], root_ctx))
			return false;
		path->tasks[i] = item->tasks[i];
		if (!search_step(search, item->tasks[i]) || search_went_wrong(search, i + 1))
			return false;
	}
	return push(dfs, memory_fingerprint(search->sim), item->untried[item->length], root_ctx);
}

static bool go(struct dfs *dfs)
{
	struct work_item item;
	bool ok = !workers_is_first(dfs->search) || begin_or_go_on(dfs);

	ok = ok && explore_path(dfs);
	while (ok && !dfs->search->result->bounded_by &&
	       workers_take_work(dfs->search, &item, search_is_cut_short))
		ok = go_to_item(dfs, &item) && explore_path(dfs);
	return ok;
}

static bool go_from(struct dfs *dfs, const uint8_t *prefix, size_t length)
{
	struct search *search = dfs->search;
	struct work_item prefixed = {
		.tasks = prefix,
		.untried = calloc(length + 1, sizeof(*prefixed.untried)),
		.length = length,
	};
	bool ok = prefixed.untried && go_to_item(dfs, &prefixed);

	free((void *)prefixed.untried);
	if (!ok)
		return false;
	search->result->steps += length;
	dfs->path.untried[length] = allowed(dfs, sim_enabled(search->sim), root_ctx);
	return explore_path(dfs);
}

/*
 * With limited preemptions, two independent steps in the other order may cost another number of
 * preemptions: sleep sets would be wrong.
 */
static bool may_use_sleep_sets(const struct search *search)
{
	return !search->options->few_preemptions;
}

static void free_path(struct dfs *dfs)
{
	path_free(&dfs->path);
	sleep_set_free(&dfs->sleep);
}

static bool search_alone(struct search *search)
{
	struct dfs dfs = { .search = search, .sleep_sets = may_use_sleep_sets(search) };
	bool ok;

	search->path = &dfs.path;
	ok = go(&dfs);
	search->path = NULL;
	free_path(&dfs);
	return ok;
}

bool search_dfs(struct search *search)
{
	return workers_run(search, search_alone);
}

bool search_dfs_from(struct search *search, const uint8_t *prefix, size_t length)
{
	struct dfs dfs = { .search = search, .sleep_sets = may_use_sleep_sets(search) };
	bool ok = go_from(&dfs, prefix, length);

	free_path(&dfs);
	return ok;
}
