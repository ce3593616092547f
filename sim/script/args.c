/* SPDX-License-Identifier: MIT */
/* Arguments of words and options in tables: everything is checked, nothing is converted. */
#include "script_api.h"
#include "utf8.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#define TEXT_LONGEST	100

struct script *script_begin(struct lua_State *lua, const char *on, const char *word)
{
	struct script *script = script_of(lua);

	snprintf(script->word, sizeof(script->word), "%s%s%s", on ? on : "", on ? ":" : "", word);
	return script;
}

void *script_alloc(struct script *script, size_t size)
{
	void *memory = region_alloc(script->region, size);

	if (!memory)
		script_error(script, "the scenario is too big; make fewer operations");
	return memory;
}

const char *script_copy(struct script *script, const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(script_alloc(script, size), text, size);
}

const char *script_describe(struct lua_State *lua, int index)
{
	static const char *const described[] = {
		"a device", "a file", "a process", "a map", "a pipe", "an operation",
		"an expectation",
	};
	int type = lua_type(lua, index);

	switch (type) {
	case LUA_TNONE:
	case LUA_TNIL:
		return "nothing";
	case LUA_TBOOLEAN:
		return lua_toboolean(lua, index) ? "true" : "false";
	case LUA_TNUMBER:
		return "a number";
	case LUA_TSTRING:
		return "a string";
	case LUA_TTABLE:
		return "a table";
	case LUA_TFUNCTION:
		return "a function";
	}
	for (size_t i = 0; i < sizeof(described) / sizeof(*described); i++) {
		if (luaL_testudata(lua, index, strchr(described[i], ' ') + 1))
			return described[i];
	}
	return lua_typename(lua, type);
}

unsigned int script_number(struct script *script, int index, const char *what, unsigned int min,
			   unsigned int max)
{
	struct lua_State *lua = script->lua;
	lua_Integer number;
	int whole;

	if (lua_type(lua, index) != LUA_TNUMBER)
		script_error(script, "%s is %s; give a number from %u to %u", what,
			     script_describe(lua, index), min, max);

	number = lua_tointegerx(lua, index, &whole);
	if (!whole)
		script_error(script, "%s is %g; give a whole number from %u to %u", what,
			     lua_tonumber(lua, index), min, max);
	if (number < min || number > max)
		script_error(script, "%s is %lld; give a number from %u to %u", what,
			     (long long)number, min, max);
	return (unsigned int)number;
}

const char *script_text(struct script *script, int index, const char *what)
{
	struct lua_State *lua = script->lua;
	const char *text;
	size_t size;

	if (lua_type(lua, index) != LUA_TSTRING)
		script_error(script, "%s is %s; give a string", what, script_describe(lua, index));

	text = lua_tolstring(lua, index, &size);
	if (!size)
		script_error(script, "%s is empty; give it at least one character", what);
	if (size > TEXT_LONGEST)
		script_error(script, "%s has %zu characters; give it at most %d", what, size,
			     TEXT_LONGEST);
	for (size_t i = 0; i < size; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			script_error(script, "%s has a control character in it; keep to one line",
				     what);
	}
	for (size_t i = 0, length; i < size; i += length) {
		length = utf8_length((const unsigned char *)text + i);
		if (!length)
			script_error(script, "%s has bytes that are no text; save the file as UTF-8",
				     what);
	}
	return script_copy(script, text);
}

int script_object(struct script *script, int index, const char *what, enum mmref_object_kind kind)
{
	int object = script_to_object(script->lua, index);

	if (object < 0 || script->program->object[object].kind != kind)
		script_error(script, "%s is %s; give a %s", what,
			     script_describe(script->lua, index), object_kind_name(kind));
	return object;
}

void script_no_more(struct script *script, int nr)
{
	if (lua_gettop(script->lua) > nr)
		script_error(script, "there is an argument too many: %s; leave it out",
			     script_describe(script->lua, nr + 1));
}

/* The value on top of Lua's stack is for @option. */
static void set_option(struct script *script, const struct option *option, void *out)
{
	struct lua_State *lua = script->lua;
	void *member = (char *)out + option->offset;
	char what[32];

	snprintf(what, sizeof(what), "'%s'", option->key);
	switch (option->type) {
	case OPTION_NUMBER:
		*(unsigned int *)member = script_number(script, -1, what, option->min, option->max);
		break;
	case OPTION_FLAG:
		if (!lua_isboolean(lua, -1))
			script_error(script, "%s is %s; give true or false", what,
				     script_describe(lua, -1));
		*(bool *)member = lua_toboolean(lua, -1);
		break;
	case OPTION_TEXT:
		*(const char **)member = script_text(script, -1, what);
		break;
	case OPTION_OBJECT:
		*(int *)member = script_object(script, -1, what, option->kind);
		break;
	}
}

static void refuse_option(struct script *script, const char *key, const struct option *options)
{
	struct nearest nearest;

	nearest_begin(&nearest, key);
	for (; options->key; options++)
		nearest_try(&nearest, options->key);
	script_error(script, "unknown option '%.40s'; %s", key, nearest_hint(&nearest));
}

/* Lua's tables have no order: of several unknown keys the first by name is told. */
static void refuse_unknown_options(struct script *script, int index, const struct option *options)
{
	struct lua_State *lua = script->lua;
	const char *unknown = NULL;
	const struct option *option;
	const char *key;

	lua_pushnil(lua);
	for (; lua_next(lua, index); lua_pop(lua, 1)) {
		if (lua_type(lua, -2) != LUA_TSTRING)
			script_error(script, "an option has no name; write { name = value }");

		key = lua_tostring(lua, -2);
		for (option = options; option->key && strcmp(option->key, key) != 0; option++)
			;
		if (!option->key && (!unknown || strcmp(key, unknown) < 0))
			unknown = key;
	}
	if (unknown)
		refuse_option(script, unknown, options);
}

void script_options(struct script *script, int index, const struct option *options, void *out)
{
	struct lua_State *lua = script->lua;

	if (lua_type(lua, index) != LUA_TTABLE)
		script_error(script, "its options are %s; give a table, { %s = ... }",
			     script_describe(lua, index), options->key);
	refuse_unknown_options(script, index, options);

	for (const struct option *option = options; option->key; option++) {
		lua_pushstring(lua, option->key);
		lua_rawget(lua, index);
		if (!lua_isnil(lua, -1))
			set_option(script, option, out);
		else if (option->required)
			script_error(script, "'%s' is missing; give { %s = ... }", option->key,
				     option->key);
		lua_pop(lua, 1);
	}
}
