/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include "words.h"

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

/* A fault is one line, whatever the script put into its names. */
static void make_one_line(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = ' ';
	}
}

static void set_fault(struct script *script, int line, const char *format, va_list args)
{
	struct fault *fault = &script->fault;
	size_t used = 0;

	fault->line = line;
	if (script->word[0])
		used = (size_t)snprintf(fault->text, sizeof(fault->text), "%s: ", script->word);
	vsnprintf(fault->text + used, sizeof(fault->text) - used, format, args);
	make_one_line(fault->text);
}

/* Nothing is pushed but nil: a fault can be raised when there is no memory left. */
static _Noreturn void raise_fault(struct script *script)
{
	lua_pushnil(script->lua);
	lua_error(script->lua);
	abort();
}

void script_fault(struct script *script, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_fault(script, script_line(script->lua), format, args);
	va_end(args);
	raise_fault(script);
}

void script_fault_at(struct script *script, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_fault(script, line, format, args);
	va_end(args);
	raise_fault(script);
}

void fault_of_message(struct fault *fault, const char *message, int line)
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
	fault->line = line;
	snprintf(fault->text, sizeof(fault->text), "%s", message);
	make_one_line(fault->text);
}

int script_on_error(struct lua_State *lua)
{
	struct script *script = script_of(lua);
	char text[80];

	if (script->fault.line)
		return 1;

	if (lua_type(lua, 1) == LUA_TSTRING) {
		fault_of_message(&script->fault, lua_tostring(lua, 1), script_line(lua));
		return 1;
	}
	snprintf(text, sizeof(text), "the error raised is a %s; give error() a string",
		 luaL_typename(lua, 1));
	fault_of_message(&script->fault, text, script_line(lua));
	return 1;
}

#define NEAREST_LONGEST	32

/* Levenshtein's distance; @a and @b are at most NEAREST_LONGEST long. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NEAREST_LONGEST + 1];
	size_t len = strlen(b);
	size_t diagonal, above;

	for (size_t j = 0; j <= len; j++)
		row[j] = j;

	for (size_t i = 0; a[i]; i++) {
		diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < len; j++) {
			size_t least = diagonal + (a[i] != b[j]);

			above = row[j + 1];
			if (above + 1 < least)
				least = above + 1;
			if (row[j] + 1 < least)
				least = row[j] + 1;
			diagonal = above;
			row[j + 1] = least;
		}
	}
	return row[len];
}

/* A word of which more than a third is wrong was not a slip of the hand. */
void nearest_begin(struct nearest *nearest, const char *word)
{
	nearest->word = word;
	nearest->best = NULL;
	nearest->distance = (strlen(word) + 2) / 3 + 1;
	nearest->known[0] = '\0';
	nearest->more = false;
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
	size_t used = strlen(nearest->known);
	size_t far;

	/* What there is no room for is not told in part. */
	if (used + strlen(", ") + strlen(candidate) < sizeof(nearest->known))
		snprintf(nearest->known + used, sizeof(nearest->known) - used, "%s%s",
			 used ? ", " : "", candidate);
	else
		nearest->more = true;
	if (strlen(nearest->word) > NEAREST_LONGEST || strlen(candidate) > NEAREST_LONGEST)
		return;

	far = distance(nearest->word, candidate);
	if (far < nearest->distance) {
		nearest->best = candidate;
		nearest->distance = far;
	}
}

const char *nearest_hint(struct nearest *nearest)
{
	if (nearest->best)
		snprintf(nearest->hint, sizeof(nearest->hint), "did you mean '%s'?", nearest->best);
	else
		snprintf(nearest->hint, sizeof(nearest->hint), "there is %s%s", nearest->known,
			 nearest->more ? ", ..." : "");
	return nearest->hint;
}
