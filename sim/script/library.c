/* SPDX-License-Identifier: MIT */
/*
 * The functions of Lua's own that a declarative script can use. What they return depends on the
 * script alone: two runs, and two machines, build the same program. So pairs() has an order, and
 * nothing tells an address.
 */
#include "script_api.h"

#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

/* --- pairs() -------------------------------------------------------------------- */

/* Keys are ordered by sort first. Tables and functions have no order but their addresses. */
enum sort {
	SORT_BOOLEAN,
	SORT_NUMBER,
	SORT_STRING,
	SORT_OBJECT,
	SORT_NONE,
};

static enum sort sort_of(struct lua_State *lua, int index)
{
	switch (lua_type(lua, index)) {
	case LUA_TBOOLEAN:
		return SORT_BOOLEAN;
	case LUA_TNUMBER:
		return SORT_NUMBER;
	case LUA_TSTRING:
		return SORT_STRING;
	default:
		return script_to_object(lua, index) >= 0 ? SORT_OBJECT : SORT_NONE;
	}
}

/* By bytes: lua_compare() orders strings by the locale. */
static bool is_string_less(struct lua_State *lua)
{
	size_t a_size, b_size;
	const char *a = lua_tolstring(lua, 1, &a_size), *b = lua_tolstring(lua, 2, &b_size);
	int order = memcmp(a, b, a_size < b_size ? a_size : b_size);

	return order ? order < 0 : a_size < b_size;
}

static bool is_less(struct lua_State *lua)
{
	enum sort a = sort_of(lua, 1), b = sort_of(lua, 2);

	if (a != b)
		return a < b;
	switch (a) {
	case SORT_BOOLEAN:
		return lua_toboolean(lua, 1) < lua_toboolean(lua, 2);
	case SORT_NUMBER:
		return lua_compare(lua, 1, 2, LUA_OPLT);
	case SORT_STRING:
		return is_string_less(lua);
	default:
		return script_to_object(lua, 1) < script_to_object(lua, 2);
	}
}

static int less(struct lua_State *lua)
{
	lua_pushboolean(lua, is_less(lua));
	return 1;
}

/* The keys of the table at 1, in a list that is left on Lua's stack. */
static void push_keys(struct script *script)
{
	struct lua_State *lua = script->lua;
	lua_Integer nr = 0;

	lua_newtable(lua);
	lua_pushnil(lua);
	for (; lua_next(lua, 1); lua_pop(lua, 1)) {
		if (sort_of(lua, -2) == SORT_NONE)
			script_error(script, "a key is %s, which has no order; "
				     "make it a number, a string or an object",
				     script_describe(lua, -2));
		lua_pushvalue(lua, -2);
		lua_rawseti(lua, 2, ++nr);
	}
}

/* Upvalues: the table, the list of its keys, how many were given. */
static int next_pair(struct lua_State *lua)
{
	lua_Integer at = lua_tointeger(lua, lua_upvalueindex(3));

	lua_settop(lua, 0);
	do {
		lua_settop(lua, 0);
		if (lua_rawgeti(lua, lua_upvalueindex(2), ++at) == LUA_TNIL)
			return 1;
		lua_pushvalue(lua, 1);
		lua_rawget(lua, lua_upvalueindex(1));
	} while (lua_isnil(lua, 2));	/* the loop has removed it */
	lua_pushinteger(lua, at);
	lua_replace(lua, lua_upvalueindex(3));
	return 2;
}

/* pairs(table): booleans, numbers, strings and objects, each in their order. Upvalue: table.sort */
static int pairs(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "pairs");

	if (lua_type(lua, 1) != LUA_TTABLE)
		script_error(script, "it goes through a table, not %s; give one",
			     script_describe(lua, 1));
	lua_settop(lua, 1);
	push_keys(script);
	lua_pushvalue(lua, lua_upvalueindex(1));
	lua_pushvalue(lua, 2);
	lua_pushcfunction(lua, less);
	lua_call(lua, 2, 0);
	lua_pushinteger(lua, 0);
	lua_pushcclosure(lua, next_pair, 3);
	return 1;
}

/* --- tostring() and string.format() ----------------------------------------------- */

static bool has_text(struct lua_State *lua, int index)
{
	int type = lua_type(lua, index);

	return type == LUA_TNIL || type == LUA_TBOOLEAN || type == LUA_TNUMBER ||
	       type == LUA_TSTRING;
}

static int to_string(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "tostring");

	if (!has_text(lua, 1))
		script_error(script, "%s has no text; give a number, a string or a boolean",
			     script_describe(lua, 1));
	luaL_tolstring(lua, 1, NULL);
	return 1;
}

/* Has @format a conversion to an address? */
static bool asks_for_address(const char *format)
{
	for (; (format = strchr(format, '%')); format++) {
		format++;
		if (*format == '%')
			continue;
		format += strspn(format, "-+#0 123456789.");
		if (*format == 'p' || !*format)
			return *format;
	}
	return false;
}

/* string.format(...). Upvalue: Lua's own */
static int format(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "string.format");
	int nr = lua_gettop(lua);

	for (int i = 1; i <= nr; i++)
		if (!has_text(lua, i))
			script_error(script, "argument %d is %s, which has no text; "
				     "give a number, a string or a boolean", i,
				     script_describe(lua, i));
	if (nr && lua_type(lua, 1) == LUA_TSTRING && asks_for_address(lua_tostring(lua, 1)))
		script_error(script, "addresses differ in each run; leave %%p out");
	script->word[0] = '\0';
	lua_pushvalue(lua, lua_upvalueindex(1));
	lua_insert(lua, 1);
	lua_call(lua, nr, 1);
	return 1;
}

/* --- the table ------------------------------------------------------------------ */

/* The function @name of the library that @open gives, left on Lua's stack. */
static void push_function(struct lua_State *lua, const char *library, lua_CFunction open,
			  const char *name)
{
	luaL_requiref(lua, library, open, 0);
	lua_getfield(lua, -1, name);
	lua_remove(lua, -2);
}

static void add_string(struct lua_State *lua)
{
	lua_newtable(lua);
	push_function(lua, LUA_STRLIBNAME, luaopen_string, "format");
	lua_pushcclosure(lua, format, 1);
	lua_setfield(lua, -2, "format");
	lua_setfield(lua, -2, LUA_STRLIBNAME);

	/* The library would come with every string, as its metatable: that goes. */
	lua_pushliteral(lua, "");
	lua_pushnil(lua);
	lua_setmetatable(lua, -2);
	lua_pop(lua, 1);
}

void script_add_library(struct lua_State *lua)
{
	static const char *const unchanged[] = { "assert", "error", "ipairs", "tonumber", "type" };

	for (size_t i = 0; i < sizeof(unchanged) / sizeof(*unchanged); i++) {
		push_function(lua, LUA_GNAME, luaopen_base, unchanged[i]);
		lua_setfield(lua, -2, unchanged[i]);
	}
	lua_pushcfunction(lua, to_string);
	lua_setfield(lua, -2, "tostring");
	push_function(lua, LUA_TABLIBNAME, luaopen_table, "sort");
	lua_pushcclosure(lua, pairs, 1);
	lua_setfield(lua, -2, "pairs");
	add_string(lua);
}
