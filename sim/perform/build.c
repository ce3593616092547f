/* SPDX-License-Identifier: MIT */
/* From a program to a simulation of it. */
#include "perform/perform.h"

#include <string.h>

#include <mmref/linux/rcupdate.h>
#include "ops/ops.h"

static void *build_device(const struct mmref_object *object)
{
	switch (object->type) {
	case MMREF_DEVDAX:
		return mmref_devdax(NULL, object->pages);
	case MMREF_PRIVATE:
		return mmref_private(NULL, object->pages, !object->keeps);
	case MMREF_COHERENT:
		return mmref_coherent(NULL, object->pages, !object->keeps);
	case MMREF_P2PDMA:
		return mmref_p2pdma(NULL, object->pages);
	default:
		return mmref_fsdax_with(NULL, object->pages, object->fs);
	}
}

static void *build_object(struct stage *stage, const struct mmref_object *object)
{
	const struct part scene = { .stage = stage };
	void *of = object->of >= 0 ? stage->object[object->of] : NULL, *made;

	switch (object->kind) {
	case MMREF_DEVICE:
		return build_device(object);
	case MMREF_FILE:
		return mmref_create(of, object->pages, object->fill);
	case MMREF_PROCESS:
		return mmref_process(NULL);
	case MMREF_MAP:
		made = perform_mmap(&scene, of, object);
		return IS_ERR(made) ? NULL : made;
	case MMREF_PIPE:
		return mmref_pipe(NULL);
	case MMREF_HOLD:
		break;
	}
	return NULL;
}

/* Of a kernel that has no p2pmem/allocate yet: what is done to the map fails. */
static bool is_map_of_no_file(const struct mmref_object *object, const struct mmref_rules *rules)
{
	return object->kind == MMREF_MAP && object->file < 0 && object->device >= 0 &&
	       !MMREF_HAS(*rules, p2pmem_alloc_mmap);
}

struct stage *stage_build(struct world *world, const struct mmref_program *program)
{
	struct stage *stage = world_alloc(world, sizeof(*stage));

	if (!stage)
		return NULL;
	stage->program = program;
	stage->world = world;
	if (program->pmd_order)
		world->pmd_order = program->pmd_order;
	world->debug_vm = !program->no_debug_vm;
	world->tlb_broadcast = program->tlb_broadcast;
	for (unsigned int i = 0; i < program->nr_objects; i++) {
		const struct mmref_object *object = &program->object[i];

		if (object->later || object->kind == MMREF_HOLD)
			continue;
		stage->object[i] = build_object(stage, object);
		if (!stage->object[i] && !is_map_of_no_file(object, world->rules))
			return NULL;
	}
	return stage;
}

bool perform_alone(struct mmref_sim *sim, void (*body)(void *arg), void *arg)
{
	struct fiber *fiber = sim_add_fiber(sim, "scene", body, arg, false);
	struct fiber *rcu = sim_add_fiber(sim, "rcu", rcu_callbacks_thread, NULL, true);
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

static bool set_scene(struct mmref_sim *sim, struct stage *stage)
{
	struct part *before = world_alloc(sim->world, sizeof(*before));

	if (!before)
		return false;
	*before = (struct part){ .stage = stage, .ops = &stage->program->before };
	return !before->ops->nr || perform_alone(sim, part_play, before);
}

/* Does a thread send @thread a signal, or wait for it, by its name? */
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

/*
 * The first thread that does what the @i-th does, whose part is @mine, where nothing tells
 * them apart; or @i.
 */
static unsigned int find_equal(const struct mmref_program *program, struct part *const *part,
			       const struct part *mine, unsigned int i)
{
	if (is_named(program, &program->thread[i]))
		return i;
	for (unsigned int first = 0; first < i; first++)
		if (parts_are_alike(part[first], mine) &&
		    !is_named(program, &program->thread[first]))
			return first;
	return i;
}

/* Equals have one part between them. */
static bool add_threads(struct mmref_sim *sim, struct stage *stage)
{
	const struct mmref_program *program = stage->program;
	struct part *part[MMREF_MAX_THREADS], mine;

	for (unsigned int i = 0; i < program->nr_threads; i++) {
		unsigned int first;

		part_cast(&mine, stage, i);
		first = find_equal(program, part, &mine, i);
		part[i] = first < i ? part[first] : world_alloc(sim->world, sizeof(mine));
		if (!part[i])
			return false;
		if (first == i)
			*part[i] = mine;
		if (!mmref_thread(sim, program->thread[i].name, part_play, part[i]))
			return false;
		sim_are_alike(sim, i, first);
	}
	return true;
}

struct mmref_sim *mmref_sim_program(const struct mmref_program *program,
				    const struct mmref_rules *rules, const char **error)
{
	struct mmref_sim *sim = mmref_sim_new(rules);
	struct stage *stage = sim ? stage_build(sim->world, program) : NULL;
	const char *wrong = NULL;

	if (!stage)
		wrong = "the scene does not fit into the world: it has too many pages, or there is "
			"too little memory";
	else if (!set_scene(sim, stage))
		wrong = "the scene cannot be set: one of its operations never returns, or fails";
	else if (!add_threads(sim, stage))
		wrong = "the threads do not fit into the world";
	if (error)
		*error = wrong;
	if (!wrong)
		return sim;
	mmref_sim_free(sim);
	return NULL;
}
