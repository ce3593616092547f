/* SPDX-License-Identifier: MIT */
#include "perform/perform.h"

#include <errno.h>

#include "ops/ops.h"

/* --- where objects are found --------------------------------------------------- */

static bool is_handed_over(const struct part *part, int object)
{
	return part->handed_over >> object & 1;
}

static void *object_of(const struct part *part, int object)
{
	void **at = &part->stage->object[object];

	if (is_handed_over(part, object))
		announce(SITE("look for what is handed over"), at, sizeof(*at), MMREF_READ, true);
	return PEEK(*at);
}

/* What @object is from now on; others find it by the step that made it. */
static void put_object(const struct part *part, int object, void *made)
{
	void **at = &part->stage->object[object];

	if (is_handed_over(part, object))
		step_touches(at, sizeof(*at), MMREF_WRITE);
	POKE(*at, made);
}

/* Of several that let go of it, one does. */
static void *take_object(const struct part *part, int object)
{
	void **at = &part->stage->object[object];

	if (is_handed_over(part, object))
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

/* The maps that the child has by the fork. */
static void find_child_maps(const struct part *part, int child)
{
	const struct mmref_program *program = part->stage->program;
	struct mmref_process *process = part->stage->object[child];

	for (unsigned int i = 0; i < program->nr_objects; i++) {
		const struct mmref_object *object = &program->object[i];
		struct mmref_map *map;

		if (object->kind != MMREF_MAP || object->of != child || object->parent < 0)
			continue;
		map = object_of(part, object->parent);
		if (map)
			put_object(part, i, mmref_in_child(map, process));
	}
}

void *perform_mmap(const struct part *part, struct mmref_process *in,
		   const struct mmref_object *object)
{
	void *of;

	if (object->file < 0 && object->device < 0)
		return sys_mmap_anon(in, object->pages);
	of = object_of(part, object->file >= 0 ? object->file : object->device);
	if (!of)
		return ERR_PTR(-ENODEV);
	if (object->file < 0)
		return sys_mmap_p2pdma(in, of, object->pages);
	return sys_mmap(in, of, object->first, object->pages, object->shift,
			object->copy_on_write);
}

static struct mmref_outcome make(const struct part *part, const struct mmref_op *op)
{
	const struct mmref_object *object = &part->stage->program->object[op->object];
	void *of = object_of(part, object->of), *made;

	if (!of)
		made = ERR_PTR(-ENODEV);
	else if (op->kind == MMREF_OP_CREATE)
		made = sys_creat(of, object->pages, object->fill);
	else if (op->kind == MMREF_OP_MMAP)
		made = perform_mmap(part, of, object);
	else
		made = sys_fork(of);
	put_object(part, op->object, IS_ERR(made) ? NULL : made);
	if (op->kind == MMREF_OP_FORK && !IS_ERR(made))
		find_child_maps(part, op->object);
	return outcome_of_making(made);
}

static struct mmref_outcome take(const struct part *part, const struct mmref_op *op)
{
	void *map = object_of(part, op->object), *hold;
	int error;

	if (!map)
		return outcome_of(-ENODEV);
	if (op->kind == MMREF_OP_REGISTER)
		hold = mmref_register(map, op->page, op->pages, &error);
	else if (op->kind == MMREF_OP_PIN)
		hold = mmref_pin(map, op->page, op->pages, op->flags, &error);
	else
		hold = mmref_get(map, op->page, op->pages, op->flags, &error);
	put_object(part, op->other, hold);
	return outcome_of(error);
}

static struct mmref_outcome let_go(const struct part *part, const struct mmref_op *op)
{
	struct mmref_hold *hold = take_object(part, op->object);

	if (op->kind == MMREF_OP_UNREGISTER)
		return outcome_of(hold ? mmref_unregister(hold) : -ENXIO);
	return outcome_of(op->kind == MMREF_OP_RELEASE ? mmref_release(hold) :
							 mmref_folio_put_all(hold));
}

static struct mmref_outcome perform_on_map(void *map, void *other, const struct mmref_op *op,
					   unsigned int pages)
{
	switch (op->kind) {
	case MMREF_OP_READ:
		return outcome_of_load(mmref_read(map, op->page));
	case MMREF_OP_READ_ALL:
		return outcome_of_store(read_all(map, pages));
	case MMREF_OP_WRITE:
		return outcome_of_store(mmref_write(map, op->page, op->value));
	case MMREF_OP_MUNMAP:
		return outcome_of(mmref_munmap(map));
	case MMREF_OP_DONTNEED:
		return outcome_of(mmref_dontneed(map));
	case MMREF_OP_MSYNC:
		return outcome_of(mmref_msync(map));
	case MMREF_OP_MIGRATE_TO:
		return outcome_of(mmref_migrate_to(map, other, op->page));
	default:
		return outcome_of(mmref_vmsplice(other, map, op->page, op->pages));
	}
}

static struct mmref_outcome perform_on_file(void *file, void *other, const struct mmref_op *op)
{
	switch (op->kind) {
	case MMREF_OP_SPLICE:
		return outcome_of(mmref_splice(other, file, op->page));
	case MMREF_OP_OPEN:
		return outcome_of(mmref_open(file));
	case MMREF_OP_CLOSE:
		return outcome_of(mmref_close(file));
	case MMREF_OP_UNLINK:
		return outcome_of(mmref_unlink(file));
	case MMREF_OP_TRUNCATE:
		return outcome_of(mmref_truncate(file, op->page));
	case MMREF_OP_PUNCH:
		return outcome_of(mmref_punch(file, op->page, op->pages));
	case MMREF_OP_ZERO_RANGE:
		return outcome_of(mmref_zero_range(file, op->page, op->pages));
	case MMREF_OP_COLLAPSE:
		return outcome_of(mmref_collapse(file, op->page, op->pages));
	case MMREF_OP_ALLOCATE:
		return outcome_of(mmref_allocate(file, op->page, op->pages));
	case MMREF_OP_CLONE:
		return outcome_of(other ? mmref_clone(file, other) : -ENODEV);
	case MMREF_OP_PREAD:
		return outcome_of_byte(mmref_pread(file, op->page));
	case MMREF_OP_PWRITE:
		return outcome_of(mmref_pwrite(file, op->page, op->value));
	default:
		return outcome_of(mmref_fsync(file));
	}
}

static struct mmref_outcome perform_on_pipe(void *pipe, void *other, const struct mmref_op *op)
{
	switch (op->kind) {
	case MMREF_OP_TEE:
		return outcome_of(mmref_tee(pipe, other));
	case MMREF_OP_PIPE_CLOSE:
		return outcome_of(mmref_pipe_close(pipe));
	default:
		return outcome_of_byte(mmref_drain(pipe));
	}
}

static struct mmref_outcome perform_on_device(void *device, const struct mmref_op *op)
{
	switch (op->kind) {
	case MMREF_OP_SYNC:
		return outcome_of(mmref_sync(device));
	case MMREF_OP_DROP_CACHES:
		return outcome_of(mmref_drop_caches(device));
	case MMREF_OP_UMOUNT:
		return outcome_of(mmref_umount(device));
	case MMREF_OP_MOUNT:
		return outcome_of(mmref_mount(device));
	case MMREF_OP_UNBIND:
		return outcome_of(mmref_unbind(device));
	default:
		return outcome_of(mmref_rebind(device));
	}
}

static struct mmref_outcome perform_on_hold(void *hold, const struct mmref_op *op)
{
	if (op->kind == MMREF_OP_DMA_WRITE)
		return outcome_of(mmref_dma_write(hold, op->page, op->value));
	return outcome_of_byte(mmref_dma_read(hold, op->page));
}

/* An object that could not be made, or is gone, takes no operations but its release. */
static struct mmref_outcome perform_on(const struct part *part, const struct mmref_op *op)
{
	const struct mmref_object *object = &part->stage->program->object[op->object];
	void *on = object_of(part, op->object);
	void *other = op->other >= 0 ? object_of(part, op->other) : NULL;

	if (!on)
		return outcome_of(-ENODEV);
	switch (object->kind) {
	case MMREF_MAP:
		return perform_on_map(on, other, op, object->pages);
	case MMREF_FILE:
		return perform_on_file(on, other, op);
	case MMREF_PIPE:
		return perform_on_pipe(on, other, op);
	case MMREF_DEVICE:
		return perform_on_device(on, op);
	case MMREF_HOLD:
		return perform_on_hold(on, op);
	default:
		return outcome_of(mmref_exit(on));
	}
}

static void perform_kind(const struct part *part, const struct mmref_op *op,
			 struct mmref_outcome *outcome)
{
	switch (op->kind) {
	case MMREF_OP_CREATE:
	case MMREF_OP_MMAP:
	case MMREF_OP_FORK:
		*outcome = make(part, op);
		break;
	case MMREF_OP_GET:
	case MMREF_OP_PIN:
	case MMREF_OP_REGISTER:
		*outcome = take(part, op);
		break;
	case MMREF_OP_RELEASE:
	case MMREF_OP_UNREGISTER:
	case MMREF_OP_FOLIO_PUT:
		*outcome = let_go(part, op);
		break;
	case MMREF_OP_SIGNAL:
		*outcome = outcome_of(mmref_signal(op->task));
		break;
	default:
		*outcome = perform_on(part, op);
		break;
	}
}

void perform(const struct part *part, const struct mmref_op *op, struct mmref_outcome *outcome)
{
	bool begun = operation_begin(op->text ? op->text : mmref_op_name(op->kind));

	perform_kind(part, op, outcome);
	operation_end(begun, *outcome);
}
