/* SPDX-License-Identifier: MIT */
#include "perform/part.h"

#include <string.h>

#include "perform/perform.h"

/* --- who uses what ------------------------------------------------------------- */

/* Objects, by bit. */
typedef uint64_t objects_t;

_Static_assert(MMREF_MAX_OBJECTS <= 64, "a set of objects is a word");

static objects_t object_bit(int object)
{
	return object < 0 ? 0 : UINT64_C(1) << object;
}

/* The maps that the child @process has by its fork. */
static objects_t maps_in_child(const struct mmref_program *program, int process)
{
	objects_t maps = 0;

	for (unsigned int i = 0; i < program->nr_objects; i++)
		if (program->object[i].kind == MMREF_MAP && program->object[i].of == process &&
		    program->object[i].parent >= 0)
			maps |= object_bit(i);
	return maps;
}

/* What @op makes, or makes an end of. */
static objects_t changed_by(const struct mmref_program *program, const struct mmref_op *op)
{
	switch (op->kind) {
	case MMREF_OP_FORK:
		return object_bit(op->object) | maps_in_child(program, op->object);
	case MMREF_OP_CREATE:
	case MMREF_OP_MMAP:
	case MMREF_OP_RELEASE:
	case MMREF_OP_UNREGISTER:
	case MMREF_OP_FOLIO_PUT:
		return object_bit(op->object);
	case MMREF_OP_GET:
	case MMREF_OP_PIN:
	case MMREF_OP_REGISTER:
		return object_bit(op->other);
	default:
		return 0;
	}
}

/* What @made is made of, be it a file, a map or a process. */
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

	if (op->kind == MMREF_OP_CREATE || op->kind == MMREF_OP_MMAP || op->kind == MMREF_OP_FORK)
		used |= needed_for(program, op->object);
	return used;
}

/* What a thread uses, what others do, and what any of them changes. */
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

void part_cast(struct part *part, struct stage *stage, unsigned int thread)
{
	struct uses uses = uses_of(stage->program, thread);

	part->stage = stage;
	part->ops = &stage->program->thread[thread].ops;
	part->handed_over = uses.own & uses.others & uses.changed;
}

/* --- equals ------------------------------------------------------------------------- */

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

bool parts_are_alike(const struct part *a, const struct part *b)
{
	if (a->ops->nr != b->ops->nr)
		return false;
	for (unsigned int i = 0; i < a->ops->nr; i++)
		if (!is_same_op(&a->ops->op[i], &b->ops->op[i]))
			return false;
	return true;
}

/* --- the play ------------------------------------------------------------------------ */

void part_play(void *arg)
{
	const struct part *part = arg;

	for (unsigned int i = 0; i < part->ops->nr; i++) {
		struct mmref_outcome outcome;

		perform(part, &part->ops->op[i], &outcome);
	}
}
