/* SPDX-License-Identifier: MIT */
#include "sandbox.h"
#include "watchdog.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LUA_BYTES	(64 << 20)
#define MAX_INSTRUCTIONS	5000000

/* What whoever knows Lua may look for. The rest of Lua is not there either. */
static const char *const withheld[] = {
	"_G", "collectgarbage", "coroutine", "debug", "dofile", "getmetatable", "io", "load",
	"loadfile", "math", "next", "os", "package", "pcall", "print", "rawequal", "rawget",
	"rawlen", "rawset", "require", "select", "setmetatable", "table", "utf8", "warn", "xpcall",
};

static const struct script_word *const vocabulary[] = {
	object_words, hold_words, program_words, step_words,
};

#define NR_WITHHELD	(sizeof(withheld) / sizeof(*withheld))
#define NR_VOCABULARIES	(sizeof(vocabulary) / sizeof(*vocabulary))

/*
 * lua_Alloc under a limit. Where it denies memory the line is noted, since Lua
 * unwinds its stack before anybody hears of it.
 */
static void *allocate(void *cookie, void *old, size_t old_size, size_t size)
{
	struct script *script = cookie;
	void *new;

	if (!old)
		old_size = 0;
	if (!size) {
		free(old);
		script->lua_bytes -= old_size;
		return NULL;
	}

	if (size > old_size &&
	    (script->late || size - old_size > MAX_LUA_BYTES - script->lua_bytes))
		new = NULL;
	else
		new = realloc(old, size);
	/* Lua counts on it that less is never denied. */
	if (!new && size <= old_size)
		new = old;
	if (!new) {
		if (!script->late || !script->starved)
			script->starved = script->lua ? script_line(script->lua) : 1;
		return NULL;
	}
	script->lua_bytes = script->lua_bytes - old_size + size;
	return new;
}

struct lua_State *sandbox_new(struct script *script)
{
	struct lua_State *lua = lua_newstate(allocate, script);

	if (lua)
		*(struct script **)lua_getextraspace(lua) = script;
	return lua;
}

/* A name that is no local and no word. */
static int unknown_word(struct lua_State *lua)
{
	struct script *script = script_of(lua);
	const char *word = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?";
	struct nearest nearest;

	lua_pushvalue(lua, 2);
	lua_rawget(lua, lua_upvalueindex(1));
	if (!lua_isnil(lua, -1))
		return 1;

	script->word[0] = '\0';
	for (size_t i = 0; i < NR_WITHHELD; i++) {
		if (strcmp(withheld[i], word) == 0)
			script_error(script, "'%s' is Lua's and not for scenarios; "
				     "they only declare what is there and what is done", word);
	}

	nearest_begin(&nearest, word);
	for (size_t i = 0; i < NR_VOCABULARIES; i++) {
		for (const struct script_word *known = vocabulary[i]; known->name; known++)
			nearest_try(&nearest, known->name);
	}
	script_nearest_word(&nearest);
	nearest_try(&nearest, "holds");
	script_error(script, "unknown word '%.40s'; %s", word, nearest_hint(&nearest));
}

static int no_globals(struct lua_State *lua)
{
	struct script *script = script_of(lua);
	const char *word = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?";

	script->word[0] = '\0';
	script_error(script, "'%.40s' is not declared; write local %.40s", word, word);
}

/* The words, in a table that is left on Lua's stack. */
static void push_words(struct lua_State *lua)
{
	lua_newtable(lua);
	for (size_t i = 0; i < NR_VOCABULARIES; i++) {
		for (const struct script_word *word = vocabulary[i]; word->name; word++) {
			lua_pushcfunction(lua, word->function);
			lua_setfield(lua, -2, word->name);
		}
	}
	script_add_operations(lua);
	script_push_holds(lua);
	lua_setfield(lua, -2, "holds");

	script_add_library(lua);
}

/* What a script takes for its globals is empty, so that every name comes by unknown_word(). */
static void push_environment(struct lua_State *lua)
{
	lua_newtable(lua);
	lua_newtable(lua);
	push_words(lua);
	lua_pushcclosure(lua, unknown_word, 1);
	lua_setfield(lua, -2, "__index");
	lua_pushcfunction(lua, no_globals);
	lua_setfield(lua, -2, "__newindex");
	lua_setmetatable(lua, -2);
}

/* The script has used up its instructions; or a function of it, perhaps the script, returns. */
static void on_hook(struct lua_State *lua, lua_Debug *at)
{
	struct script *script = script_of(lua);

	if (at->event == LUA_HOOKCOUNT) {
		script->word[0] = '\0';
		script_error(script, "the script does not end; make its loops shorter");
	}

	lua_getinfo(lua, "Sl", at);
	if (strcmp(at->what, "main") == 0) {
		script->word[0] = '\0';
		script->last_line = at->currentline;
		script_name_objects(script, at);
	}
}

/* All that may run out of memory, or raise an error, happens here. */
static int run(struct lua_State *lua)
{
	struct script *script = script_of(lua);
	const char *text = lua_touserdata(lua, 1);
	int status;

	script_add_objects(lua);
	script_add_items(lua);
	script_add_expectations(lua);

	status = luaL_loadbufferx(lua, text, strlen(text), "=" SCRIPT_CHUNK, "t");
	if (status == LUA_ERRSYNTAX)
		lua_pushfstring(lua, "%s; write it as Lua 5.4 has it", lua_tostring(lua, -1));
	if (status != LUA_OK)
		return lua_error(lua);
	push_environment(lua);
	lua_setupvalue(lua, -2, 1);

	lua_sethook(lua, on_hook, LUA_MASKCOUNT | LUA_MASKRET, MAX_INSTRUCTIONS);
	lua_call(lua, 0, 0);
	lua_sethook(lua, NULL, 0, 0);
	watchdog_check(script, script->last_line);

	script_check(script);
	return 0;
}

void sandbox_run(struct script *script, const char *text)
{
	struct lua_State *lua = script->lua;
	int status;

	lua_pushcfunction(lua, script_on_error);
	lua_pushcfunction(lua, run);
	/* Lua hands the pointer back and never looks through it. */
	lua_pushlightuserdata(lua, (void *)text);
	status = lua_pcall(lua, 1, 0, 1);

	if (status == LUA_OK || script->error.line)
		return;
	if (status == LUA_ERRMEM && script->late)
		script_error_set(&script->error, watchdog_text(), script->starved);
	else if (status == LUA_ERRMEM)
		script_error_set(&script->error, "the script eats too much memory; keep less of it",
				 script->starved);
	else
		script_error_set(&script->error, "the script nests too deep; make it flatter", 1);
}
