/* SPDX-License-Identifier: MIT */
#include "sched/sim.h"

#include <fenv.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/invariants.h"
#include <mmref/linux/bug.h>
#include <mmref/linux/rcupdate.h>
#include <mmref/linux/memremap.h>

static struct mmref_sim *sim_of(struct mmref_host *host)
{
	return (struct mmref_sim *)host;
}

static bool setting_the_scene(const struct mmref_sim *sim)
{
	return current == &sim->setting;
}

static struct fiber *running(void)
{
	return (struct fiber *)current;
}

/* --- a step, and what follows it -------------------------------------------- */

static bool can_run(const struct fiber *fiber)
{
	bool gone = fiber->task.done | fiber->task.dead, sleeps = fiber->sleep.ready;

	return !(gone | (sleeps & !fiber->notified));
}

unsigned int sim_enabled(const struct mmref_sim *sim)
{
	unsigned int enabled = 0;

	for (int i = 0; i < sim->nr_fibers; i++)
		enabled |= (unsigned int)can_run(sim->fiber[i]) << i;
	return enabled;
}

static bool is_ready(struct fiber *sleeper)
{
	struct task *before = current_task;
	bool ready;

	current_task = &sleeper->task;
	ready = sleeper->sleep.ready(sleeper->sleep.arg);
	current_task = before;
	return ready;
}

/* A sleeper that was woken for nothing looks as one that was not woken. */
static void forget_vain_wakes(struct mmref_sim *sim)
{
	for (int i = 0; i < sim->nr_fibers; i++) {
		struct fiber *fiber = sim->fiber[i];

		if (fiber->notified && !is_ready(fiber))
			fiber->notified = false;
	}
}

/* A page that the step has not changed is as right as it was; without a device there is none. */
static void check_last_step(struct mmref_sim *sim)
{
	struct changed changed[64];
	const struct memory_line *line;
	size_t nr;

	if (!sim->world->pgmaps[0])
		return;
	line = memory_changed(sim, &nr);
	if (nr > sizeof(changed) / sizeof(changed[0])) {
		check_step(sim->world, &sim->fatal);
		return;
	}
	for (size_t i = 0; i < nr; i++) {
		const char *start = sim->memory.base + line[i].number * MEMORY_LINE;

		changed[i] = (struct changed){ .start = start, .end = start + MEMORY_LINE };
	}
	check_changed(sim->world, changed, nr, &sim->fatal);
}

/* Code went wrong in a step of @task, or before its first. */
static void note_fault(struct mmref_sim *sim, int task)
{
	const struct mmref_site *site = sim->fiber[task]->pending.site;

	sim->fault = (struct sim_fault){ .end = *guard_last(), .task = task, .site = site };
	sim->warning.kind = MMREF_NONE;
	sim->fatal = (struct violation){
		.kind = MMREF_KERNEL_BUG,
		.site = site,
		.why = "a function crashed, or does not return",
	};
}

void sim_forget_fault(struct mmref_sim *sim)
{
	sim->fault.end.reason = GUARD_NOTHING;
	guard_forget();
}

static bool is_foreign(const struct mmref_sim *sim)
{
	return sim->foreign_rules || sim->foreign_bodies;
}

static void forget_vain_wakes_of(void *sim)
{
	forget_vain_wakes(sim);
}

static void check_last_step_of(void *sim)
{
	check_last_step(sim);
}

/* Both call functions of the rule set: conditions that tasks wait for, and what a check asks. */
static void guarded(struct mmref_sim *sim, int task, void (*function)(void *sim))
{
	struct task *before = current_task;

	if (!is_foreign(sim)) {
		function(sim);
		return;
	}
	if (guard_call(function, sim))
		return;
	current_task = before;
	mmref_peek_abandon();
	note_fault(sim, task);
}

static void begin_step(struct mmref_sim *sim)
{
	sim->nr_touched = 0;
	sim->warning.kind = MMREF_NONE;
	sim->fatal.kind = MMREF_NONE;
	sim->in_step = true;
}

static void end_step(struct mmref_sim *sim, int task)
{
	sim->in_step = false;
	if (!sim->fault.end.reason)
		guarded(sim, task, forget_vain_wakes_of);
	if (!sim->root)
		return;
	memory_after_step(sim, task);
	if (sim->ends_run && !sim->fatal.kind)
		guarded(sim, task, check_last_step_of);
}

/*
 * The task that runs has announced its next step. Does it take it without a switch? Out of
 * line, so that where nobody does the frame of its caller is as small as can be.
 */
static bool __attribute__((noinline)) runs_on(struct mmref_sim *sim)
{
	int task = current->id;

	if (!sim->in_step)
		return false;
	guard_leave();
	end_step(sim, task);
	if (sim->fatal.kind || sim->warning.kind || sim_enabled(sim) != 1u << task ||
	    !sim->runs_on(sim))
		return false;
	begin_step(sim);
	guard_enter(sim->fiber[task]->top, sim->fiber[task]->size);
	return true;
}

void sim_go_on(struct mmref_sim *sim, int task)
{
	begin_step(sim);
	if (!fiber_run(sim->fiber[task]))
		note_fault(sim, task);
	if (sim->in_step)
		end_step(sim, task);
	else
		memory_after_step(sim, task);	/* the switch, after runs_on() has seen to the step */
}

void sim_step(struct mmref_sim *sim, int task)
{
	if (sim->root)
		memory_before_step(sim, task);
	sim_go_on(sim, task);
}

/* --- the host ----------------------------------------------------------------- */

static void on_step(struct mmref_host *host, const struct mmref_step *step)
{
	struct mmref_sim *sim = sim_of(host);

	if (setting_the_scene(sim))
		return;
	running()->pending = *step;
	if (!sim->runs_on || !runs_on(sim))
		fiber_yield();
}

/* End the operation of the scene that is under way; no later one is carried out. */
static void __attribute__((noreturn)) abandon_scene(struct mmref_sim *sim, const char *what,
						    const struct mmref_site *site)
{
	struct set_up *scene = &sim->scene;

	scene_fails(scene, "%s, while the scene is set, %s, in %s() at %s:%d",
		    scene->operation ? scene->operation : "a call", what,
		    site ? mmref_site_function(site) : "?", site ? site->file : "?",
		    site ? site->line : 0);
	if (!scene->in_call) {
		fprintf(stderr, "mmref: %s\n", scene->error);
		abort();	/* the model's own code, called from outside of an operation */
	}
	scene->broken = true;
	longjmp(scene->end, 1);
}

static void on_sleep(struct mmref_host *host, const struct mmref_step *step,
		     const struct sleep *sleep)
{
	if (setting_the_scene(sim_of(host))) {
		if (sleep->ready(sleep->arg))
			return;
		abandon_scene(sim_of(host), "would wait for ever", step->site);
	}
	running()->pending = *step;
	running()->sleep = *sleep;
	running()->notified = true;
	fiber_yield();
	running()->sleep = (struct sleep){ 0 };
	running()->notified = false;
}

/* What does not fit any more makes a step that touches everything. */
static void on_touch(struct mmref_host *host, const volatile void *object, size_t size,
		     enum mmref_access access)
{
	struct mmref_sim *sim = sim_of(host);
	struct access *touch = sim->touched;
	const volatile char *start = object;

	if (setting_the_scene(sim))
		return;
	for (unsigned int i = 0; i < sim->nr_touched; i++, touch++) {
		if (touch->kind != access || start < touch->start || start > touch->end)
			continue;
		if (touch->end < start + size)
			touch->end = start + size;	/* an array, one after the other */
		return;
	}
	if (sim->nr_touched < MAX_TOUCHED)
		*touch = (struct access){ .start = start, .end = start + size, .kind = access };
	else
		sim->touched[0] = (struct access){
			.start = NULL, .end = (const char *)UINTPTR_MAX, .kind = MMREF_WRITE,
		};
	sim->nr_touched += sim->nr_touched < MAX_TOUCHED;
}

static void on_wake(struct mmref_host *host, const volatile void *object)
{
	struct mmref_sim *sim = sim_of(host);

	for (int i = 0; i < sim->nr_fibers; i++)
		if (sim->fiber[i]->sleep.ready && sim->fiber[i]->pending.object == object)
			sim->fiber[i]->notified = true;
	on_touch(host, object, 1, MMREF_WRITE);
}

static void on_violation(struct mmref_host *host, const struct violation *v)
{
	struct mmref_sim *sim = sim_of(host);

	if (!mmref_violation_ends_run(v->kind)) {
		if (!sim->warning.kind || v->kind <= sim->warning.kind)
			sim->warning = *v;
		return;
	}
	sim->fatal = *v;
	if (setting_the_scene(sim))
		scene_fails(&sim->scene, "%s violates %s, while the scene is set: %s",
			    sim->scene.operation ? sim->scene.operation : "a call",
			    mmref_violation_name(v->kind), v->why ? v->why : "?");
	if (sim->ends_run && !setting_the_scene(sim))
		fiber_yield();	/* and nobody will run this state again */
}

static void __attribute__((noreturn)) on_die(struct mmref_host *host)
{
	if (setting_the_scene(sim_of(host))) {
		abandon_scene(sim_of(host), "ends in an oops", sim_of(host)->fatal.site);
	}
	running()->pending = (struct mmref_step){ 0 };
	for (;;)
		fiber_yield();
}

static void on_operation(struct mmref_host *host, const char *name,
			 const struct mmref_outcome *outcome)
{
	struct mmref_sim *sim = sim_of(host);

	if (sim->observer && sim->observer->operation && !setting_the_scene(sim))
		sim->observer->operation(sim->observer->cookie, current->id, name, outcome);
}

static void make_setting_task(struct mmref_sim *sim)
{
	sim->setting.world = sim->world;
	sim->setting.host = &sim->host;
	sim->setting.name = "scene";
	sim->setting.id = MAX_TASKS - 1;
	sim->before = current_task;
	current_task = &sim->setting;
	sim->scene.task = &sim->setting;
	sim->scene_before = setting_up;
	setting_up = &sim->scene;
}

/* --- the simulations that exist ------------------------------------------------- */

static struct mmref_sim *existing;
static pthread_mutex_t existing_lock = PTHREAD_MUTEX_INITIALIZER;
/* Of a call without a simulation, in this thread of the using program. */
static _Thread_local char error_of_none[256];

void sim_fails(struct mmref_sim *sim, const char *format, ...)
{
	char *error = sim ? sim->scene.error : error_of_none;
	va_list args;

	if (sim && sim->scene.broken)
		return;
	va_start(args, format);
	vsnprintf(error, sizeof(error_of_none), format, args);
	va_end(args);
}

static bool is_among_existing(const struct mmref_sim *sim)
{
	const struct mmref_sim *at;

	pthread_mutex_lock(&existing_lock);
	for (at = existing; at && at != sim; at = at->next)
		;
	pthread_mutex_unlock(&existing_lock);
	return at;
}

bool sim_exists(const struct mmref_sim *sim)
{
	if (sim && is_among_existing(sim))
		return true;
	sim_fails(NULL, sim ? "the simulation was freed" : "the simulation is NULL");
	return false;
}

bool sim_is_outside(struct mmref_sim *sim)
{
	if (!sim_exists(sim))
		return false;
	if (!current_task || current_task->host != &sim->host || setting_the_scene(sim))
		return true;
	sim_fails(sim, "a thread of the simulation cannot add to it or explore it");
	return false;
}

const char *mmref_error(const struct mmref_sim *sim)
{
	const char *error = error_of_none;

	if (sim)
		error = is_among_existing(sim) ? sim->scene.error : "the simulation was freed";
	return *error ? error : NULL;
}

static void add_to_existing(struct mmref_sim *sim)
{
	pthread_mutex_lock(&existing_lock);
	sim->next = existing;
	existing = sim;
	pthread_mutex_unlock(&existing_lock);
}

/* Those made while @sim was set go back to what was before it. False where it is not there. */
static bool remove_from_existing(struct mmref_sim *sim)
{
	struct mmref_sim **at, *found;

	pthread_mutex_lock(&existing_lock);
	for (at = &existing; *at && *at != sim; at = &(*at)->next)
		;
	found = *at;
	if (found) {
		*at = sim->next;
		for (struct mmref_sim *other = existing; other; other = other->next) {
			if (other->before == &sim->setting)
				other->before = sim->before;
			if (other->scene_before == &sim->scene)
				other->scene_before = sim->scene_before;
		}
	}
	pthread_mutex_unlock(&existing_lock);
	return found;
}

struct mmref_sim *mmref_sim_new(const struct mmref_rules *rules)
{
	struct mmref_sim *sim;

	if (!rules || !rules->name) {
		sim_fails(NULL, rules ? "the rule set has no name" : "the rule set is NULL");
		return NULL;
	}
	sim = calloc(1, sizeof(*sim));
	if (!sim || !arena_map(&sim->arena) || !guard_hold()) {
		sim_fails(NULL, "not enough memory for a simulation");
		if (sim)
			arena_unmap(&sim->arena);
		free(sim);
		return NULL;
	}
	sim->host = (struct mmref_host){
		.step = on_step,
		.sleep = on_sleep,
		.touch = on_touch,
		.wake = on_wake,
		.violation = on_violation,
		.die = on_die,
		.operation = on_operation,
		.rcu = &modelled_rcu,
		.sim = sim,
	};
	sim->ends_run = true;
	sim->foreign_rules = mmref_rules_find(rules->name) != rules;
	mmref_rules_resolve(&sim->rules, rules);
	sim->world = world_init(sim->arena.base, ARENA_WORLD, &sim->rules);
	sim->world->debug_vm = true;
	make_setting_task(sim);
	add_to_existing(sim);
	return sim;
}

void mmref_sim_free(struct mmref_sim *sim)
{
	if (!sim || (current_task && current_task->host == &sim->host && !sim_is_outside(sim)) ||
	    !remove_from_existing(sim))
		return;
	if (current_task == &sim->setting)
		current_task = sim->before;
	if (setting_up == &sim->scene)
		setting_up = sim->scene_before;
	memory_unwatch(sim);
	guard_release();
	arena_unmap(&sim->arena);
	free(sim->root);
	free(sim);
}

/* In lines of its own. */
static struct fiber *alloc_fiber(struct world *world)
{
	char *at = world_alloc(world, sizeof(struct fiber) + MEMORY_LINE);
	size_t over = (uintptr_t)at % MEMORY_LINE;

	return at ? (struct fiber *)(over ? at + MEMORY_LINE - over : at) : NULL;
}

struct fiber *sim_add_fiber(struct mmref_sim *sim, const char *name, void (*body)(void *arg),
			    void *arg, bool kthread)
{
	int id = sim->nr_fibers;
	struct fiber *fiber;

	if (id == ARENA_STACKS - 1)
		return NULL;
	fiber = alloc_fiber(sim->world);
	if (!fiber)
		return NULL;
	fiber->task = (struct task){
		.world = sim->world,
		.host = &sim->host,
		.name = name,
		.id = id,
		.kthread = kthread,
	};
	fiber->body = body;
	fiber->arg = arg;
	sim->symmetric_to[id] = id;
	sim->fiber[sim->nr_fibers++] = fiber;
	sim->world->tasks[id] = &fiber->task;
	return fiber;
}

void sim_set_symmetric(struct mmref_sim *sim, int task, int first)
{
	sim->symmetric_to[task] = sim->symmetric_to[first];
}

static bool is_symmetric(const struct fiber *a, const struct fiber *b)
{
	return a->body == b->body && a->arg == b->arg && !strcmp(a->task.name, b->task.name);
}

/* The first thread with the body, argument and name of the last one is symmetric to it. */
static void find_symmetric(struct mmref_sim *sim)
{
	int last = sim->nr_threads - 1;

	for (int i = 0; i < last; i++)
		if (is_symmetric(sim->fiber[i], sim->fiber[last])) {
			sim_set_symmetric(sim, last, i);
			return;
		}
}

static bool add_thread(struct mmref_sim *sim, const char *name, void (*body)(void *arg), void *arg)
{
	if (!sim_is_outside(sim))
		return false;
	if (!name || !body)
		sim_fails(sim, "mmref_thread: the %s is NULL", name ? "body" : "name");
	else if (sim->root)
		sim_fails(sim, "mmref_thread: '%s' is added after a run; add all threads before", name);
	else if (sim->nr_threads == MMREF_MAX_THREADS)
		sim_fails(sim, "mmref_thread: '%s' is one too many; there are at most %d threads", name,
			  MMREF_MAX_THREADS);
	else if (!sim_add_fiber(sim, name, body, arg, false))
		sim_fails(sim, "mmref_thread: the world has no room for '%s'", name);
	else
		return true;
	return false;
}

bool mmref_thread(struct mmref_sim *sim, const char *name, void (*body)(void *arg), void *arg)
{
	if (!add_thread(sim, name, body, arg))
		return false;
	sim->nr_threads++;
	sim->foreign_bodies = true;
	find_symmetric(sim);
	return true;
}

void *mmref_alloc(struct mmref_sim *sim, size_t size)
{
	void *memory;

	if (!sim_exists(sim))
		return NULL;
	memory = world_alloc(sim->world, size);
	if (!memory && setting_the_scene(sim))
		sim_fails(sim, "mmref_alloc: the world has no room for %zu bytes", size);
	return memory;
}

void mmref_assert_failed(const char *why, const char *file, int line)
{
	(void)file;
	(void)line;
	violation(MMREF_KERNEL_BUG, SITE("mmref_assert"), NULL, why);
}

void sim_start_fiber(struct mmref_sim *sim, struct fiber *fiber)
{
	fiber_prepare(fiber, arena_stack_top(&sim->arena, fiber->task.id),
		      ARENA_STACK - ARENA_STACK_GUARD);
	if (!fiber_run(fiber))
		note_fault(sim, fiber->task.id);
	else
		guarded(sim, fiber->task.id, forget_vain_wakes_of);
}

bool sim_start(struct mmref_sim *sim)
{
	if (sim->root)
		return true;
	if (!sim_add_fiber(sim, "rcu", rcu_do_batch, NULL, true))
		return false;
	sim->root_used = (sim->world->used + MEMORY_PAGE - 1) & ~(size_t)(MEMORY_PAGE - 1);
	sim->root = malloc(sim->root_used);
	if (!sim->root)
		return false;
	memcpy(sim->root, sim->world, sim->root_used);
	return memory_watch(sim);
}

/* A switch of fibers saves the sticky flags of floating point; they start out clear. */
void sim_reset(struct mmref_sim *sim)
{
	feclearexcept(FE_ALL_EXCEPT);
	sim->nr_touched = 0;
	guard_listen();
	memory_reset(sim);
	sim->warning.kind = MMREF_NONE;
	sim->fatal.kind = MMREF_NONE;
	for (int i = 0; i < sim->nr_fibers && !sim->fatal.kind; i++)
		sim_start_fiber(sim, sim->fiber[i]);
	memory_begin_run(sim);
}

struct bad_end {
	struct mmref_sim *sim;
	struct violation v;
	int task, asked;
	bool bad;
};

static void find_bad_end(void *arg)
{
	struct bad_end *end = arg;
	struct mmref_sim *sim = end->sim;
	struct task *before = current_task;

	for (int i = 0; i < sim->nr_fibers; i++) {
		struct task *sleeper = &sim->fiber[i]->task;
		enum mmref_violation kind;

		if (sleeper->done || sleeper->dead || sleeper->kthread)
			continue;
		end->asked = i;
		current_task = sleeper;
		kind = check_sleeper(sleeper);
		if (end->v.kind && end->v.kind <= kind)
			continue;
		end->v = (struct violation){ .kind = kind, .site = sleeper->asleep,
					     .why = "nobody is left to run" };
		end->task = i;
	}
	current_task = before;
	end->bad = end->v.kind || !check_quiescent(sim->world, &end->v);
}

bool sim_ends_badly(struct mmref_sim *sim, struct violation *v, int *task)
{
	struct bad_end end = { .sim = sim, .task = -1 };
	struct task *before = current_task;

	if (!is_foreign(sim)) {
		find_bad_end(&end);
	} else if (!guard_call(find_bad_end, &end)) {
		current_task = before;
		mmref_peek_abandon();
		note_fault(sim, end.asked);
		return false;
	}
	*v = end.v;
	*task = end.task;
	return end.bad;
}
