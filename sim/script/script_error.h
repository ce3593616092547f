/* SPDX-License-Identifier: MIT */
/*
 * An error in a script, as one line of text. Raising one ends the reading of the script; only
 * the first is reported.
 */
#ifndef SCRIPT_SCRIPT_ERROR_H
#define SCRIPT_SCRIPT_ERROR_H

#include <stdbool.h>
#include <stddef.h>

struct lua_State;
struct script;

struct script_error {
	int line;	/* of the script; 0: no error */
	char text[600];	/* what is wrong, and what would be right */
};

/* The line of the script that runs; 1 if none does. */
int script_line(struct lua_State *lua);

/* Raise an error at the line that runs. Does not return. */
_Noreturn void script_error(struct script *script, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Raise an error at @line. Does not return. */
_Noreturn void script_error_at(struct script *script, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Lua's message handler: turns an error that Lua raised into a script error. */
int script_on_error(struct lua_State *lua);
/* Set @error from @message, which may begin with "script:LINE: "; else it is at @line. */
void script_error_set(struct script_error *error, const char *message, int line);

#endif
