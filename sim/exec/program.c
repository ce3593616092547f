/* SPDX-License-Identifier: MIT */
/* Makes a simulation of a program. */
#include <mmref/explore.h>

#include <string.h>

#include <mmref/linux/rcupdate.h>
#include "exec/env.h"
#include "exec/thread.h"
#include "sched/sim.h"

/* Run @body as the only thread, to set the scene. False if it never returns. */
static bool run_alone(struct mmref_sim *sim, void (*body)(void *arg), void *arg)
{
	struct fiber *fiber = sim_add_fiber(sim, "scene", body, arg, false);
	struct fiber *rcu = sim_add_fiber(sim, "rcu", rcu_do_batch, NULL, true);
	unsigned int enabled;

	if (!fiber || !rcu)
		return false;
	sim_start_fiber(sim, fiber);
	sim_start_fiber(sim, rcu);
	while ((enabled = sim_enabled(sim)) && !sim->fatal.kind)
		sim_step(sim, __builtin_ctz(enabled));
	while (sim->nr_fibers)
		sim->world->tasks[--sim->nr_fibers] = NULL;
	return fiber->task.done && !sim->fatal.kind;
}

static bool set_scene(struct mmref_sim *sim, struct env *env)
{
	struct exec_thread *before = world_alloc(sim->world, sizeof(*before));

	if (!before)
		return false;
	*before = (struct exec_thread){ .env = env, .ops = &env->program->before };
	return !before->ops->nr || run_alone(sim, thread_run, before);
}

/* Does a thread send @thread a signal, by its name? Then it is symmetric to no other. */
static bool is_named(const struct mmref_program *program, const struct mmref_program_thread *thread)
{
	for (unsigned int i = 0; i < program->nr_threads; i++) {
		const struct mmref_ops *ops = &program->thread[i].ops;

		for (unsigned int k = 0; k < ops->nr; k++)
			if (ops->op[k].task && !strcmp(ops->op[k].task, thread->name))
				return true;
	}
	return false;
}

/* The first thread that is symmetric to the @i-th, which is @mine; or @i. */
static unsigned int find_symmetric(const struct mmref_program *program,
				   struct exec_thread *const *thread,
				   const struct exec_thread *mine, unsigned int i)
{
	if (is_named(program, &program->thread[i]))
		return i;
	for (unsigned int first = 0; first < i; first++)
		if (threads_are_symmetric(thread[first], mine) &&
		    !is_named(program, &program->thread[first]))
			return first;
	return i;
}

/* Symmetric threads share one struct exec_thread. */
static bool add_threads(struct mmref_sim *sim, struct env *env)
{
	const struct mmref_program *program = env->program;
	struct exec_thread *thread[MMREF_MAX_THREADS], mine;

	for (unsigned int i = 0; i < program->nr_threads; i++) {
		unsigned int first;

		thread_bind(&mine, env, i);
		first = find_symmetric(program, thread, &mine, i);
		thread[i] = first < i ? thread[first] : world_alloc(sim->world, sizeof(mine));
		if (!thread[i])
			return false;
		if (first == i)
			*thread[i] = mine;
		if (!mmref_thread(sim, program->thread[i].name, thread_run, thread[i]))
			return false;
		sim_set_symmetric(sim, i, first);
	}
	sim->foreign_bodies = false;
	return true;
}

struct setting {
	struct mmref_sim *sim;
	const struct mmref_program *program;
	const char *wrong;	/* NULL: the scene is set and the threads are there */
};

static void set_all(void *arg)
{
	struct setting *setting = arg;
	struct env *env = env_build(setting->sim->world, setting->program);

	if (!env)
		setting->wrong = "the scene does not fit into the world: it has too many pages, or "
				 "there is too little memory";
	else if (!set_scene(setting->sim, env))
		setting->wrong = "the scene cannot be set: one of its operations never returns, or "
				 "fails";
	else if (!add_threads(setting->sim, env))
		setting->wrong = "the threads do not fit into the world";
}

/* Functions of a rule set that is not mmref's own may go wrong. */
static void set_all_guarded(struct setting *setting)
{
	struct mmref_sim *sim = setting->sim;

	sim_forget_fault(sim);
	guard_watch(0, &sim->interrupted);
	if (!guard_call(set_all, setting) || sim->fault.end.reason)
		setting->wrong = "the scene cannot be set: a function of the rule set crashed, or "
				 "does not return";
	guard_unwatch();
}

struct mmref_sim *mmref_sim_program(const struct mmref_program *program,
				    const struct mmref_rules *rules, const char **error)
{
	struct setting setting = {
		.sim = program ? mmref_sim_new(rules) : NULL, .program = program,
	};

	if (!program)
		setting.wrong = "the program is NULL";
	else if (!setting.sim)
		setting.wrong = mmref_error(NULL);
	else if (setting.sim->foreign_rules)
		set_all_guarded(&setting);
	else
		set_all(&setting);
	if (error)
		*error = setting.wrong;
	if (!setting.wrong)
		return setting.sim;
	mmref_sim_free(setting.sim);
	return NULL;
}
