/* SPDX-License-Identifier: MIT */
/* Operations on objects: each is one row of a table, its word is mmref_op_name()'s. */
#include "script_api.h"

#include <lauxlib.h>
#include <mmref/ops.h>
#include <string.h>

enum argument {
	NO_ARGUMENT,
	PAGE,		/* one of the receiver's */
	PAGES,		/* from that page on; 1 where it is left out */
	HELD,		/* the same, or a table of options */
	SIZE,		/* of a file, in pages */
	VALUE,		/* a byte; may be left out */
	TO_PIPE,
	OF_FILE,
	TO_DEVICE,	/* private or coherent */
};

struct operation {
	enum mmref_object_kind on;
	enum mmref_op_kind kind;
	enum argument argument[3];
};

static const struct operation operations[] = {
	{ MMREF_DEVICE,	 MMREF_OP_SYNC,		{ NO_ARGUMENT } },
	{ MMREF_DEVICE,	 MMREF_OP_DROP_CACHES,	{ NO_ARGUMENT } },
	{ MMREF_DEVICE,	 MMREF_OP_UMOUNT,	{ NO_ARGUMENT } },
	{ MMREF_DEVICE,	 MMREF_OP_MOUNT,	{ NO_ARGUMENT } },
	{ MMREF_DEVICE,	 MMREF_OP_UNBIND,	{ NO_ARGUMENT } },
	{ MMREF_DEVICE,	 MMREF_OP_REBIND,	{ NO_ARGUMENT } },

	{ MMREF_FILE,	 MMREF_OP_CREATE,	{ NO_ARGUMENT } },
	{ MMREF_FILE,	 MMREF_OP_OPEN,		{ NO_ARGUMENT } },
	{ MMREF_FILE,	 MMREF_OP_CLOSE,	{ NO_ARGUMENT } },
	{ MMREF_FILE,	 MMREF_OP_UNLINK,	{ NO_ARGUMENT } },
	{ MMREF_FILE,	 MMREF_OP_TRUNCATE,	{ SIZE } },
	{ MMREF_FILE,	 MMREF_OP_PUNCH,	{ PAGE, PAGES } },
	{ MMREF_FILE,	 MMREF_OP_ZERO_RANGE,	{ PAGE, PAGES } },
	{ MMREF_FILE,	 MMREF_OP_COLLAPSE,	{ PAGE, PAGES } },
	{ MMREF_FILE,	 MMREF_OP_ALLOCATE,	{ PAGE, PAGES } },
	{ MMREF_FILE,	 MMREF_OP_CLONE,	{ OF_FILE } },
	{ MMREF_FILE,	 MMREF_OP_PREAD,	{ PAGE } },
	{ MMREF_FILE,	 MMREF_OP_PWRITE,	{ PAGE, VALUE } },
	{ MMREF_FILE,	 MMREF_OP_FSYNC,	{ NO_ARGUMENT } },
	{ MMREF_FILE,	 MMREF_OP_SPLICE,	{ TO_PIPE, PAGE } },

	{ MMREF_PROCESS, MMREF_OP_FORK,		{ NO_ARGUMENT } },
	{ MMREF_PROCESS, MMREF_OP_EXIT,		{ NO_ARGUMENT } },

	{ MMREF_MAP,	 MMREF_OP_MMAP,		{ NO_ARGUMENT } },
	{ MMREF_MAP,	 MMREF_OP_MUNMAP,	{ NO_ARGUMENT } },
	{ MMREF_MAP,	 MMREF_OP_READ,		{ PAGE } },
	{ MMREF_MAP,	 MMREF_OP_READ_ALL,	{ NO_ARGUMENT } },
	{ MMREF_MAP,	 MMREF_OP_WRITE,	{ PAGE, VALUE } },
	{ MMREF_MAP,	 MMREF_OP_DONTNEED,	{ NO_ARGUMENT } },
	{ MMREF_MAP,	 MMREF_OP_MSYNC,	{ NO_ARGUMENT } },
	{ MMREF_MAP,	 MMREF_OP_MIGRATE_TO,	{ TO_DEVICE, PAGE } },
	{ MMREF_MAP,	 MMREF_OP_GET,		{ PAGE, HELD } },
	{ MMREF_MAP,	 MMREF_OP_PIN,		{ PAGE, HELD } },
	{ MMREF_MAP,	 MMREF_OP_REGISTER,	{ PAGE, PAGES } },
	{ MMREF_MAP,	 MMREF_OP_VMSPLICE,	{ TO_PIPE, PAGE, PAGES } },

	{ MMREF_PIPE,	 MMREF_OP_TEE,		{ TO_PIPE } },
	{ MMREF_PIPE,	 MMREF_OP_DRAIN,	{ NO_ARGUMENT } },
	{ MMREF_PIPE,	 MMREF_OP_PIPE_CLOSE,	{ NO_ARGUMENT } },
};

#define NR_OPERATIONS	(sizeof(operations) / sizeof(*operations))
#define MAX_ARGUMENTS	(sizeof(operations->argument) / sizeof(*operations->argument))

/* The @op was given a page of its receiver; is it there? */
static void read_page(struct script *script, int index, struct mmref_op *op)
{
	const struct mmref_object *object = &script->program->object[op->object];

	op->page = script_number(script, index, "the page", 0, SCRIPT_MAX_PAGES);
	if (op->page >= object->pages)
		script_error(script, "page %u is outside the %s; its pages are 0 to %u", op->page,
			     object_kind_name(object->kind), object->pages - 1);
}

static void read_pages(struct script *script, int index, struct mmref_op *op)
{
	const struct mmref_object *object = &script->program->object[op->object];

	op->pages = 1;
	if (!lua_isnoneornil(script->lua, index))
		op->pages = script_number(script, index, "the number of pages", 1,
					  SCRIPT_MAX_PAGES);
	if (op->pages > object->pages - op->page)
		script_error(script, "pages %u to %u are not all in the %s; its pages are 0 to %u",
			     op->page, op->page + op->pages - 1, object_kind_name(object->kind),
			     object->pages - 1);
}

struct held {
	unsigned int pages;
	bool write;
	bool longterm;
	bool fast;
	bool p2pdma;
	bool remote;
};

/* get_user_pages() and its like: how many, and in which way. */
static void read_held(struct script *script, int index, struct mmref_op *op)
{
	static const struct option options[] = {
		{ "pages", OPTION_NUMBER, .offset = offsetof(struct held, pages),
		  .min = 1, .max = SCRIPT_MAX_PAGES },
		{ "write", OPTION_FLAG, .offset = offsetof(struct held, write) },
		{ "longterm", OPTION_FLAG, .offset = offsetof(struct held, longterm) },
		{ "p2pdma", OPTION_FLAG, .offset = offsetof(struct held, p2pdma) },
		{ "fast", OPTION_FLAG, .offset = offsetof(struct held, fast) },
		{ "remote", OPTION_FLAG, .offset = offsetof(struct held, remote) },
		{ .key = NULL },
	};
	struct held held = { .pages = 1 };

	if (lua_type(script->lua, index) == LUA_TTABLE) {
		script_options(script, index, options, &held);
		lua_pushinteger(script->lua, held.pages);
		lua_replace(script->lua, index);
	}
	if (held.fast && held.remote)
		script_error(script, "'fast' and 'remote' are different walks; choose one");

	read_pages(script, index, op);
	if (op->pages > SCRIPT_MAX_HELD)
		script_error(script, "%u pages are more than can be held at once; give at most %d",
			     op->pages, SCRIPT_MAX_HELD);
	op->flags = (held.write ? MMREF_GUP_WRITE : 0) | (held.longterm ? MMREF_GUP_LONGTERM : 0) |
		    (held.fast ? MMREF_GUP_FAST_ONLY : 0) | (held.remote ? MMREF_GUP_REMOTE : 0) |
		    (held.p2pdma ? MMREF_GUP_P2PDMA : 0);
}

static void read_pipe(struct script *script, int index, struct mmref_op *op)
{
	op->other = script_object(script, index, "where to", MMREF_PIPE);
	if (op->other == op->object)
		script_error(script, "the pipe is the same on both ends; give another pipe");
}

/* Blocks are shared within a file system, between two files. */
static void read_file(struct script *script, int index, struct mmref_op *op)
{
	const struct mmref_object *object = script->program->object;

	op->other = script_object(script, index, "whose blocks to share", MMREF_FILE);
	if (op->other == op->object)
		script_error(script, "a file shares no blocks with itself; give another file");
	if (object[op->other].of != object[op->object].of)
		script_error(script, "that file is on another device; give one of the same");
}

/* What is moved is anonymous memory, which has no other place to go. */
static void read_device(struct script *script, int index, struct mmref_op *op)
{
	const struct mmref_object *object = script->program->object;

	op->other = script_object(script, index, "where to", MMREF_DEVICE);
	if (object[op->other].type != MMREF_PRIVATE && object[op->other].type != MMREF_COHERENT)
		script_error(script, "nothing moves to a '%s'; give a device of type 'private' or "
			     "'coherent'", device_type_name(object[op->other].type));
	if (object[op->object].file >= 0 || object[op->object].device >= 0)
		script_error(script, "the map is no anonymous memory; map it with { anon = true }");
}

static void read_argument(struct script *script, int index, enum argument argument,
			  struct mmref_op *op)
{
	const struct mmref_object *object = script->program->object;

	switch (argument) {
	case NO_ARGUMENT:
		break;
	case PAGE:
		read_page(script, index, op);
		break;
	case PAGES:
		read_pages(script, index, op);
		break;
	case HELD:
		read_held(script, index, op);
		break;
	case SIZE:
		op->page = script_number(script, index, "the size", 0,
					 object[object[op->object].of].pages);
		break;
	case VALUE:
		op->value = SCRIPT_VALUE;
		if (!lua_isnoneornil(script->lua, index))
			op->value = (uint8_t)script_number(script, index, "the value", 0, 255);
		break;
	case TO_PIPE:
		read_pipe(script, index, op);
		break;
	case OF_FILE:
		read_file(script, index, op);
		break;
	case TO_DEVICE:
		read_device(script, index, op);
		break;
	}
}

/* What is no fsdax has no file system; in devdax mode its file is the device itself. */
static void check_file_system(struct script *script, const struct mmref_op *op)
{
	const struct mmref_object *object = script->program->object;
	int of = object[op->object].kind == MMREF_FILE ? object[op->object].of : op->object;

	if (object[of].kind != MMREF_DEVICE || object[of].type == MMREF_FSDAX)
		return;
	switch (op->kind) {
	case MMREF_OP_UNBIND:
	case MMREF_OP_REBIND:
	case MMREF_OP_CREATE:
	case MMREF_OP_OPEN:
	case MMREF_OP_CLOSE:
		return;
	default:
		script_error(script, "a '%s' has no file system; do it under a device of type "
			     "'fsdax'", device_type_name(object[of].type));
	}
}

/* What is made by an operation must have been declared so, or it would be made twice. */
static void check_making(struct script *script, const struct mmref_op *op)
{
	const struct mmref_object *object = &script->program->object[op->object];
	bool makes = op->kind == MMREF_OP_CREATE || op->kind == MMREF_OP_MMAP ||
		     op->kind == MMREF_OP_FORK;

	if (makes && object->parent >= 0)
		script_error(script, "the child has this map by its fork; leave the mmap out");
	if (!makes || object->later)
		return;

	if (op->kind == MMREF_OP_FORK)
		script_error(script,
			     "this process is nobody's child; declare it with process:child()");
	script_error(script, "the %s is there from the start; declare it with later = true",
		     object_kind_name(object->kind));
}

/* object:operation(...) */
static int operate(struct lua_State *lua)
{
	const struct operation *operation = lua_touserdata(lua, lua_upvalueindex(1));
	const char *on = object_kind_name(operation->on);
	struct script *script = script_begin(lua, on, mmref_op_name(operation->kind));
	struct mmref_op op = { .kind = operation->kind, .other = -1 };
	struct script_item *item;
	int nr = 0;

	op.object = script_to_object(lua, 1);
	if (op.object < 0 || script->program->object[op.object].kind != operation->on)
		script_error(script, "it is done to %s; call it with a colon on a %s",
			     script_describe(lua, 1), on);

	while (nr < (int)MAX_ARGUMENTS && operation->argument[nr] != NO_ARGUMENT) {
		read_argument(script, 2 + nr, operation->argument[nr], &op);
		nr++;
	}
	script_no_more(script, 1 + nr);
	check_file_system(script, &op);
	check_making(script, &op);

	item = script_new_item(script, 1);
	op.line = item->line;
	item->step[0].kind = MMREF_STEP_DO;
	item->step[0].op = op;
	return 1;
}

/* signal "thread" */
static int signal_thread(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "signal");
	const char *task = script_text(script, 1, "the thread");
	struct script_item *item;

	script_no_more(script, 1);
	item = script_new_item(script, 1);
	item->step[0].kind = MMREF_STEP_DO;
	item->step[0].op.kind = MMREF_OP_SIGNAL;
	item->step[0].op.task = task;
	return 1;
}

const struct script_word operation_words[] = {
	{ "signal", signal_thread },
	{ .name = NULL },
};

bool script_push_operation(struct lua_State *lua, enum mmref_object_kind kind, const char *word)
{
	for (size_t i = 0; i < NR_OPERATIONS; i++) {
		if (operations[i].on != kind ||
		    strcmp(mmref_op_name(operations[i].kind), word) != 0)
			continue;
		/* Lua hands the pointer back and never looks through it. */
		lua_pushlightuserdata(lua, (void *)&operations[i]);
		lua_pushcclosure(lua, operate, 1);
		return true;
	}
	return false;
}

void script_nearest_operation(struct nearest *nearest, enum mmref_object_kind kind)
{
	for (size_t i = 0; i < NR_OPERATIONS; i++) {
		if (operations[i].on == kind)
			nearest_try(nearest, mmref_op_name(operations[i].kind));
	}
}
