/* SPDX-License-Identifier: MIT */
/* Items as values of the script: making them, naming them, placing them. */
#include "script_api.h"

#include <lauxlib.h>
#include <string.h>

#include "exec/op_type.h"

#define ITEM	"operation"

struct script_item *script_new_item(struct script *script, unsigned int nr)
{
	struct lua_State *lua = script->lua;
	struct script_item *item;

	item = script_alloc(script, sizeof(*item) + nr * sizeof(*item->step));
	item->line = script_line(lua);
	item->nr = nr;
	item->older = script->items;
	script->items = item;
	for (unsigned int i = 0; i < nr; i++) {
		item->step[i].op.object = -1;
		item->step[i].op.other = -1;
		item->step[i].op.line = item->line;
	}

	*(struct script_item **)lua_newuserdatauv(lua, sizeof(item), 0) = item;
	luaL_setmetatable(lua, ITEM);
	return item;
}

static struct script_item *to_item(struct lua_State *lua, int index)
{
	struct script_item **item = luaL_testudata(lua, index, ITEM);

	return item ? *item : NULL;
}

static bool is_operation(const struct script_item *item)
{
	return item->nr == 1 && item->step[0].kind == MMREF_STEP_DO;
}

struct script_item *script_operation(struct script *script, int index, const char *what)
{
	struct script_item *item = to_item(script->lua, index);

	if (!item)
		script_error(script, "%s is %s; give an operation", what,
			     script_describe(script->lua, index));
	if (!is_operation(item))
		script_error(script, "%s is another step; give an operation", what);
	return item;
}

/* The @i-th item of the list at @index. */
static struct script_item *list_item(struct script *script, int index, lua_Integer i)
{
	struct lua_State *lua = script->lua;
	struct script_item *item;

	lua_rawgeti(lua, index, i);
	item = to_item(lua, -1);
	if (!item)
		script_error(script, "item %lld is %s; give an operation", (long long)i,
			     script_describe(lua, -1));
	lua_pop(lua, 1);
	return item;
}

/* The length of the list at @index, which has nothing but items 1, 2, 3 and so on. */
static lua_Integer list_length(struct script *script, int index)
{
	struct lua_State *lua = script->lua;
	lua_Integer length, keys = 0;

	if (lua_type(lua, index) != LUA_TTABLE)
		script_error(script, "what to do is %s; give a list, { ... }",
			     script_describe(lua, index));

	lua_pushnil(lua);
	for (; lua_next(lua, index); lua_pop(lua, 1)) {
		if (lua_type(lua, -2) == LUA_TSTRING)
			script_error(script,
				     "the list has a name '%.40s' in it; give operations only",
				     lua_tostring(lua, -2));
		keys++;
	}
	length = (lua_Integer)lua_rawlen(lua, index);
	if (keys != length)
		script_error(script, "the list has holes; give one operation after the other");
	if (!length)
		script_error(script, "the list is empty; give at least one operation");
	return length;
}

#define MAX_STEPS	(1 << 24)	/* of a list, and what it holds */

struct script_list script_place(struct script *script, int index)
{
	lua_Integer length = list_length(script, index);
	struct script_list list = { .nr = 0 };
	struct script_item *item;
	unsigned int filled = 0;

	for (lua_Integer i = 1; i <= length; i++) {
		unsigned int more = list_item(script, index, i)->nr;

		if (more > MAX_STEPS - list.nr)
			script_error(script, "the list holds more than %d steps; a list of a list "
				     "counts as all that it holds", MAX_STEPS);
		list.nr += more;
	}

	list.step = script_alloc(script, list.nr * sizeof(*list.step));
	for (lua_Integer i = 1; i <= length; i++) {
		item = list_item(script, index, i);
		item->placed = true;
		memcpy(list.step + filled, item->step, item->nr * sizeof(*list.step));
		filled += item->nr;
	}
	return list;
}

struct mmref_ops script_place_ops(struct script *script, int index)
{
	struct script_list list = script_place(script, index);
	struct mmref_ops ops = { .nr = list.nr };

	ops.op = script_alloc(script, ops.nr * sizeof(*ops.op));
	for (unsigned int i = 0; i < ops.nr; i++) {
		if (list.step[i].kind != MMREF_STEP_DO)
			script_error_at(script, list.step[i].op.line,
					"only operations stand here; put this into steps { ... }");
		ops.op[i] = list.step[i].op;
	}
	return ops;
}

/* What an item says of itself is copied with it, so it must be said before. */
static struct script_item *unplaced(struct script *script)
{
	struct script_item *item = to_item(script->lua, 1);

	if (!item)
		script_error(script, "it belongs to an operation; write operation:%s(...)",
			     script->word);
	if (item->placed)
		script_error(script, "the operation is placed already; say it where it is made");
	return item;
}

/* operation:label "text": how a recording calls it. */
static int label(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "label");
	struct script_item *item = unplaced(script);
	const char *text = script_text(script, 2, "the label");

	script_no_more(script, 2);
	if (is_operation(item) || item->step[0].kind == MMREF_STEP_START)
		item->step[0].op.label = text;
	else if (item->step[0].kind == MMREF_STEP_WAIT)
		item->step[0].label = text;
	else
		script_error(script, "this step has no outcome; label an operation, start or wait");
	lua_settop(lua, 1);
	return 1;
}

/* get:as "name", and of pin and register: what is held is called so from here on. */
static int as(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "as");
	struct script_item *item = unplaced(script);
	struct mmref_op *op = &item->step[0].op;

	if (!is_operation(item) || op_types[op->kind].effect != OP_HOLDS)
		script_error(script, "nothing is held here; "
			     "name what map:get, map:pin or map:register holds");
	if (op->other >= 0)
		script_error(script, "the hold is called '%s' already; give it one name",
			     script->program->object[op->other].name);
	op->other = script_hold(script, script_text(script, 2, "the name"));
	script_no_more(script, 2);
	lua_settop(lua, 1);
	return 1;
}

static int item_index(struct lua_State *lua)
{
	struct script *script = script_of(lua);
	const char *word = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?";

	script->word[0] = '\0';
	if (strcmp(word, "label") == 0)
		lua_pushcfunction(lua, label);
	else if (strcmp(word, "as") == 0)
		lua_pushcfunction(lua, as);
	else
		script_error(script, "an operation has no '%.40s'; it has 'label' and 'as'", word);
	return 1;
}

void script_add_items(struct lua_State *lua)
{
	luaL_newmetatable(lua, ITEM);
	lua_pushcfunction(lua, item_index);
	lua_setfield(lua, -2, "__index");
	lua_pop(lua, 1);
}
