/* SPDX-License-Identifier: MIT */
#include "script_error.h"
#include "script_api.h"

#include <lauxlib.h>
#include <lua.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int script_line(struct lua_State *lua)
{
	lua_Debug at;

	for (int level = 0; lua_getstack(lua, level, &at); level++) {
		lua_getinfo(lua, "l", &at);
		if (at.currentline > 0)
			return at.currentline;
	}
	return 1;
}

/* Names from the script may contain line breaks. */
static void make_one_line(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = ' ';
	}
}

static void set_error(struct script *script, int line, const char *format, va_list args)
{
	struct script_error *error = &script->error;
	size_t used = 0;

	error->line = line;
	if (script->word[0])
		used = (size_t)snprintf(error->text, sizeof(error->text), "%s: ", script->word);
	vsnprintf(error->text + used, sizeof(error->text) - used, format, args);
	make_one_line(error->text);
}

/* Pushes nil only: an error can be raised when no memory is left. */
static _Noreturn void raise_error(struct script *script)
{
	lua_pushnil(script->lua);
	lua_error(script->lua);
	abort();
}

void script_error(struct script *script, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_error(script, script_line(script->lua), format, args);
	va_end(args);
	raise_error(script);
}

void script_error_at(struct script *script, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_error(script, line, format, args);
	va_end(args);
	raise_error(script);
}

void script_error_set(struct script_error *error, const char *message, int line)
{
	static const char prefix[] = SCRIPT_CHUNK ":";
	char *end;
	long said;

	if (strncmp(message, prefix, strlen(prefix)) == 0) {
		said = strtol(message + strlen(prefix), &end, 10);
		if (said > 0 && strncmp(end, ": ", 2) == 0) {
			line = (int)said;
			message = end + 2;
		}
	}
	error->line = line;
	snprintf(error->text, sizeof(error->text), "%s", message);
	make_one_line(error->text);
}

int script_on_error(struct lua_State *lua)
{
	struct script *script = script_of(lua);
	char text[80];

	if (script->error.line)
		return 1;

	if (lua_type(lua, 1) == LUA_TSTRING) {
		script_error_set(&script->error, lua_tostring(lua, 1), script_line(lua));
		return 1;
	}
	snprintf(text, sizeof(text), "the error raised is a %s; give error() a string",
		 luaL_typename(lua, 1));
	script_error_set(&script->error, text, script_line(lua));
	return 1;
}
