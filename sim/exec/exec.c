/* SPDX-License-Identifier: MIT */
#include "exec/exec.h"

#include <errno.h>

#include "exec/op_type.h"
#include "ops/ops.h"

/* --- objects --------------------------------------------------------------------- */

static bool is_shared(const struct exec_thread *thread, int object)
{
	return thread->shared >> object & 1;
}

static void *get_object(const struct exec_thread *thread, int object)
{
	void **at = &thread->env->object[object];

	if (is_shared(thread, object))
		announce(SITE("look for what is handed over"), at, sizeof(*at), MMREF_READ, true);
	return PEEK(*at);
}

/* From now on @object is @made. The step that made it also writes the environment. */
static void put_object(const struct exec_thread *thread, int object, void *made)
{
	void **at = &thread->env->object[object];

	if (is_shared(thread, object))
		step_touches(at, sizeof(*at), MMREF_WRITE);
	POKE(*at, made);
}

/* Of several threads that release @object, one gets it and the others get NULL. */
static void *take_object(const struct exec_thread *thread, int object)
{
	void **at = &thread->env->object[object];

	if (is_shared(thread, object))
		announce(SITE("take what is handed over"), at, sizeof(*at), MMREF_RMW, true);
	return __atomic_exchange_n(at, NULL, __ATOMIC_SEQ_CST);
}

/* --- operations ------------------------------------------------------------------ */

static int read_all(struct mmref_map *map, unsigned int pages)
{
	for (unsigned int i = 0; i < pages; i++) {
		int byte = mmref_read(map, i);

		if (byte < 0)
			return byte;
	}
	return 0;
}

/* The maps that the process @child, just forked, has inherited. */
static void find_child_maps(const struct exec_thread *thread, int child)
{
	const struct mmref_program *program = thread->env->program;
	struct mmref_process *process = thread->env->object[child];

	for (unsigned int i = 0; i < program->nr_objects; i++) {
		const struct mmref_object *object = &program->object[i];
		struct mmref_map *map;

		if (object->kind != MMREF_MAP || object->of != child || object->parent < 0)
			continue;
		map = get_object(thread, object->parent);
		if (map)
			put_object(thread, i, mmref_in_child(map, process));
	}
}

struct mmref_map *exec_mmap(const struct exec_thread *thread, struct mmref_process *process,
			    const struct mmref_object *object)
{
	void *of;

	if (object->file < 0 && object->device < 0)
		return sys_mmap_anon(process, object->pages);
	of = get_object(thread, object->file >= 0 ? object->file : object->device);
	if (!of)
		return ERR_PTR(-ENODEV);
	if (object->file < 0)
		return sys_mmap_p2pdma(process, of, object->pages);
	return sys_mmap(process, of, object->first, object->pages, object->shift,
			object->copy_on_write);
}

/* @made is an object, or ERR_PTR(). */
static struct mmref_outcome put_made(const struct exec_thread *thread, const struct mmref_op *op,
				     void *made)
{
	put_object(thread, op->object, IS_ERR(made) ? NULL : made);
	if (op->kind == MMREF_OP_FORK && !IS_ERR(made))
		find_child_maps(thread, op->object);
	return outcome_of_making(made);
}

static const struct mmref_object *object_of(const struct exec_thread *thread,
					    const struct mmref_op *op)
{
	return op->object >= 0 ? &thread->env->program->object[op->object] : NULL;
}

/* The objects that an operation works on, under the names that the list has for them. */
struct operands {
	void *on, *other, *of;
};

/* Find the operands of @op. False where one of them could not be made, or is gone. */
static bool get_operands(const struct exec_thread *thread, const struct mmref_op *op,
			 struct operands *operands)
{
	const struct op_type *type = &op_types[op->kind];

	*operands = (struct operands){ .on = NULL };
	if (type->on == MMREF_NO_OBJECT)
		return true;
	switch (type->effect) {
	case OP_MAKES:
		operands->of = get_object(thread, object_of(thread, op)->of);
		return operands->of;
	case OP_RELEASES:
		operands->on = take_object(thread, op->object);
		return true;		/* the calls accept NULL */
	case OP_HOLDS:
		operands->on = get_object(thread, op->object);
		return operands->on;
	case OP_USES:
		break;
	}
	operands->on = get_object(thread, op->object);
	if (op->other >= 0)
		operands->other = get_object(thread, op->other);
	return operands->on && (op->other < 0 || operands->other);
}

#define STATUS(call)		(*outcome = outcome_of(call))
#define BYTE(call)		(*outcome = outcome_of_byte(call))
#define LOAD(call)		(*outcome = outcome_of_load(call))
#define STORE(call)		(*outcome = outcome_of_store(call))
#define NEW_OBJECT(call)	(*outcome = put_made(thread, op, call))
#define NEW_HOLD(call)		(put_object(thread, op->other, call), *outcome = outcome_of(error))
#define RELEASED(call)		STATUS(call)

static void execute(const struct exec_thread *thread, const struct mmref_op *op,
		    const struct operands *operands, struct mmref_outcome *outcome)
{
	const struct mmref_object *object = object_of(thread, op);
	void *on = operands->on, *other = operands->other, *of = operands->of;
	unsigned int page = op->page, pages = op->pages, flags = op->flags;
	const char *task = op->task;
	uint8_t value = op->value;
	int error;

	switch (op->kind) {
#define MMREF_OP(NAME, word, OBJECT, arguments, RESULT, call)                                      \
	case MMREF_OP_##NAME:                                                                    \
		RESULT(call);                                                                      \
		break;
#include <mmref/operations.def>
	case MMREF_NR_OPS:
		break;
	}
}

static void find_and_call(const struct exec_thread *thread, const struct mmref_op *op,
			  struct mmref_outcome *outcome)
{
	struct operands operands;

	if (get_operands(thread, op, &operands))
		execute(thread, op, &operands, outcome);
	else if (op_types[op->kind].effect == OP_MAKES)
		*outcome = put_made(thread, op, ERR_PTR(-ENODEV));
	else
		*outcome = outcome_of(-ENODEV);
}

void exec_op(const struct exec_thread *thread, const struct mmref_op *op,
	     struct mmref_outcome *outcome)
{
	bool begun = operation_begin(op->text ? op->text : mmref_op_name(op->kind));

	find_and_call(thread, op, outcome);
	operation_end(begun, *outcome);
}
