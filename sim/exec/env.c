/* SPDX-License-Identifier: MIT */
#include "exec/env.h"

#include "exec/exec.h"
#include "kernel/host.h"
#include "ops/ops.h"

static void *build_device(struct mmref_sim *sim, const struct mmref_object *object)
{
	switch (object->type) {
	case MMREF_DEVDAX:
		return mmref_devdax(sim, object->pages);
	case MMREF_PRIVATE:
		return mmref_private(sim, object->pages, !object->keeps);
	case MMREF_COHERENT:
		return mmref_coherent(sim, object->pages, !object->keeps);
	case MMREF_P2PDMA:
		return mmref_p2pdma(sim, object->pages);
	default:
		return mmref_fsdax_with(sim, object->pages, object->fs);
	}
}

static void *build_object(struct env *env, const struct mmref_object *object)
{
	const struct exec_thread scene = { .env = env };
	void *of = object->of >= 0 ? env->object[object->of] : NULL, *made;
	struct mmref_sim *sim = current->host->sim;

	switch (object->kind) {
	case MMREF_DEVICE:
		return build_device(sim, object);
	case MMREF_FILE:
		return mmref_create(of, object->pages, object->fill);
	case MMREF_PROCESS:
		return mmref_process(sim);
	case MMREF_MAP:
		made = exec_mmap(&scene, of, object);
		return IS_ERR(made) ? NULL : made;
	case MMREF_PIPE:
		return mmref_pipe(sim);
	case MMREF_HOLD:
		break;
	}
	return NULL;
}

/* A kernel without p2pmem/allocate cannot make this map; operations on it fail. */
static bool is_map_of_no_file(const struct mmref_object *object, const struct mmref_rules *rules)
{
	return object->kind == MMREF_MAP && object->file < 0 && object->device >= 0 &&
	       !MMREF_HAS(*rules, p2pmem_alloc_mmap);
}

struct env *env_build(struct world *world, const struct mmref_program *program)
{
	struct env *env = world_alloc(world, sizeof(*env));

	if (!env)
		return NULL;
	env->program = program;
	env->world = world;
	if (program->pmd_order)
		world->pmd_order = program->pmd_order;
	world->debug_vm = !program->no_debug_vm;
	world->tlb_broadcast = program->tlb_broadcast;
	for (unsigned int i = 0; i < program->nr_objects; i++) {
		const struct mmref_object *object = &program->object[i];

		if (object->later || object->kind == MMREF_HOLD)
			continue;
		env->object[i] = build_object(env, object);
		if (!env->object[i] && !is_map_of_no_file(object, world->rules))
			return NULL;
	}
	return env;
}
