/* SPDX-License-Identifier: MIT */
#include "exec/thread.h"

#include <string.h>

#include "exec/exec.h"
#include "exec/op_type.h"

/* A set of objects, by bit. */
typedef uint64_t objects_t;

_Static_assert(MMREF_MAX_OBJECTS <= 64, "a set of objects is a word");

static objects_t object_bit(int object)
{
	return object < 0 ? 0 : UINT64_C(1) << object;
}

/* The maps that the child @process inherits. */
static objects_t maps_in_child(const struct mmref_program *program, int process)
{
	objects_t maps = 0;

	for (unsigned int i = 0; i < program->nr_objects; i++)
		if (program->object[i].kind == MMREF_MAP && program->object[i].of == process &&
		    program->object[i].parent >= 0)
			maps |= object_bit(i);
	return maps;
}

/* The objects that @op makes or releases. */
static objects_t changed_by(const struct mmref_program *program, const struct mmref_op *op)
{
	switch (op_types[op->kind].effect) {
	case OP_MAKES:
		return object_bit(op->object) | maps_in_child(program, op->object);
	case OP_RELEASES:
		return object_bit(op->object);
	case OP_HOLDS:
		return object_bit(op->other);
	default:
		return 0;
	}
}

/* The objects that the file, map or process @made is made from. */
static objects_t needed_for(const struct mmref_program *program, int made)
{
	const struct mmref_object *object = &program->object[made];
	objects_t needed = object_bit(object->of);

	if (object->kind == MMREF_MAP)
		needed |= object_bit(object->file >= 0 ? object->file : object->device);
	for (unsigned int i = 0; object->kind == MMREF_PROCESS && i < program->nr_objects; i++)
		if (maps_in_child(program, made) & object_bit(i))
			needed |= object_bit(i) | object_bit(program->object[i].parent);
	return needed;
}

static objects_t used_by(const struct mmref_program *program, const struct mmref_op *op)
{
	objects_t used = object_bit(op->object) | object_bit(op->other);

	if (op_types[op->kind].effect == OP_MAKES)
		used |= needed_for(program, op->object);
	return used;
}

/* The objects that a thread uses, that the others use, and that any thread changes. */
struct uses {
	objects_t own, others, changed;
};

static struct uses uses_of(const struct mmref_program *program, unsigned int thread)
{
	struct uses uses = { 0 };

	for (unsigned int i = 0; i < program->nr_threads; i++) {
		const struct mmref_ops *ops = &program->thread[i].ops;
		objects_t *by = i == thread ? &uses.own : &uses.others;

		for (unsigned int k = 0; k < ops->nr; k++) {
			*by |= used_by(program, &ops->op[k]);
			uses.changed |= changed_by(program, &ops->op[k]);
		}
	}
	return uses;
}

void thread_bind(struct exec_thread *thread, struct env *env, unsigned int number)
{
	struct uses uses = uses_of(env->program, number);

	thread->env = env;
	thread->ops = &env->program->thread[number].ops;
	thread->shared = uses.own & uses.others & uses.changed;
}

static bool is_same_task(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool is_same_op(const struct mmref_op *a, const struct mmref_op *b)
{
	return a->kind == b->kind && a->object == b->object && a->other == b->other &&
	       a->page == b->page && a->pages == b->pages && a->flags == b->flags &&
	       a->value == b->value && is_same_task(a->task, b->task);
}

bool threads_are_symmetric(const struct exec_thread *a, const struct exec_thread *b)
{
	if (a->ops->nr != b->ops->nr)
		return false;
	for (unsigned int i = 0; i < a->ops->nr; i++)
		if (!is_same_op(&a->ops->op[i], &b->ops->op[i]))
			return false;
	return true;
}

void thread_run(void *arg)
{
	const struct exec_thread *thread = arg;

	for (unsigned int i = 0; i < thread->ops->nr; i++) {
		struct mmref_outcome outcome;

		exec_op(thread, &thread->ops->op[i], &outcome);
	}
}
