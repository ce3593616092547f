/* SPDX-License-Identifier: MIT */
/* The words of the list of operations: object:operation(...), and operation(...) of a hold. */
#include "script_api.h"

#include <lauxlib.h>
#include <mmref/ops.h>
#include <string.h>

#include "exec/op_type.h"

/* A page of the object that @op is done to. */
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

/* The first, where the script does not say; which pages the hold has is checked in check.c. */
static void read_hold_page(struct script *script, int index, struct mmref_op *op)
{
	if (!lua_isnoneornil(script->lua, index))
		op->page = script_number(script, index, "the page", 0, SCRIPT_MAX_PAGES);
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

static void read_argument(struct script *script, int index, enum op_argument argument,
			  struct mmref_op *op)
{
	const struct mmref_object *object = script->program->object;

	switch (argument) {
	case NO_ARGUMENT:
		break;
	case ARG_PAGE:
		read_page(script, index, op);
		break;
	case ARG_PAGES:
		read_pages(script, index, op);
		break;
	case ARG_HELD:
		read_held(script, index, op);
		break;
	case ARG_HOLD_PAGE:
		read_hold_page(script, index, op);
		break;
	case ARG_SIZE:
		op->page = script_number(script, index, "the size", 0,
					 object[object[op->object].of].pages);
		break;
	case ARG_VALUE:
		op->value = SCRIPT_VALUE;
		if (!lua_isnoneornil(script->lua, index))
			op->value = (uint8_t)script_number(script, index, "the value", 0, 255);
		break;
	case ARG_TO_PIPE:
		read_pipe(script, index, op);
		break;
	case ARG_OF_FILE:
		read_file(script, index, op);
		break;
	case ARG_TO_DEVICE:
		read_device(script, index, op);
		break;
	case ARG_TASK:
		op->task = script_text(script, index, "the thread");
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

/* What an operation makes must be declared so, or it would be made twice. */
static void check_making(struct script *script, const struct mmref_op *op)
{
	const struct mmref_object *object = &script->program->object[op->object];
	bool makes = op_types[op->kind].effect == OP_MAKES;

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

/* A hold has no variable in the script, only a name. */
static bool stands_alone(const struct op_type *type)
{
	return type->on == MMREF_HOLD || type->on == MMREF_NO_OBJECT;
}

/* The object that @type is done to is the first argument; the number of arguments it takes. */
static int read_object(struct script *script, const struct op_type *type, struct mmref_op *op)
{
	if (type->on == MMREF_NO_OBJECT)
		return 0;
	if (type->on == MMREF_HOLD) {
		op->object = script_hold(script, script_text(script, 1, "the hold"));
		return 1;
	}
	op->object = script_to_object(script->lua, 1);
	if (op->object < 0 || script->program->object[op->object].kind != type->on)
		script_error(script, "it is done to %s; call it with a colon on a %s",
			     script_describe(script->lua, 1), object_kind_name(type->on));
	check_file_system(script, op);
	check_making(script, op);
	return 1;
}

int script_operate(struct lua_State *lua, const struct op_type *type, const char *word)
{
	const char *on = stands_alone(type) ? NULL : object_kind_name(type->on);
	struct script *script = script_begin(lua, on, word);
	struct mmref_op op = { .kind = type->kind, .object = -1, .other = -1 };
	int nr = read_object(script, type, &op);
	struct script_item *item;

	for (int i = 0; i < MAX_ARGUMENTS && type->argument[i] != NO_ARGUMENT; i++)
		read_argument(script, ++nr, type->argument[i], &op);
	script_no_more(script, nr);

	item = script_new_item(script, 1);
	op.line = item->line;
	item->step[0].kind = MMREF_STEP_DO;
	item->step[0].op = op;
	if (type->effect == OP_RELEASES)
		script_note_release(script, &op, word);
	return 1;
}

static int operate(struct lua_State *lua)
{
	const struct op_type *type = lua_touserdata(lua, lua_upvalueindex(1));

	return script_operate(lua, type, type->word);
}

static void push_operation(struct lua_State *lua, const struct op_type *type)
{
	/* Lua hands the pointer back and never looks through it. */
	lua_pushlightuserdata(lua, (void *)type);
	lua_pushcclosure(lua, operate, 1);
}

bool script_push_operation(struct lua_State *lua, enum mmref_object_kind kind, const char *word)
{
	for (size_t i = 0; i < MMREF_NR_OPS; i++) {
		if (op_types[i].on != kind || strcmp(op_types[i].word, word) != 0)
			continue;
		push_operation(lua, &op_types[i]);
		return true;
	}
	return false;
}

void script_nearest_operation(struct nearest *nearest, enum mmref_object_kind kind)
{
	for (size_t i = 0; i < MMREF_NR_OPS; i++) {
		if (op_types[i].on == kind)
			nearest_try(nearest, op_types[i].word);
	}
}

/* To release a hold, scripts have one word for each way to take it: holds.c. */
static bool is_word(const struct op_type *type)
{
	return stands_alone(type) && type->kind != MMREF_OP_RELEASE;
}

void script_add_operations(struct lua_State *lua)
{
	for (size_t i = 0; i < MMREF_NR_OPS; i++) {
		if (!is_word(&op_types[i]))
			continue;
		push_operation(lua, &op_types[i]);
		lua_setfield(lua, -2, op_types[i].word);
	}
}

void script_nearest_word(struct nearest *nearest)
{
	for (size_t i = 0; i < MMREF_NR_OPS; i++) {
		if (is_word(&op_types[i]))
			nearest_try(nearest, op_types[i].word);
	}
}
